"""The installer for Windows, read: it cannot be made here."""

from __future__ import annotations

import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import platformdirs
import pytest
from platformdirs.windows import Windows, get_win_folder_from_env_vars

import aegui
from aegui.data.fetching import cache_folder
from aegui.log import log_folder
from aegui.qt.settings import settings_file
from aegui.runs.names import runs_folder
from aegui.runs.sessions import sessions_folder
from tests.packaging.scripts import PACKAGING, module
from tests.packaging.specs import frozen_on

WINDOWS = PACKAGING / "windows"
SCRIPT = (WINDOWS / "aegui.iss").read_text(encoding="utf-8-sig")
BUILD = (WINDOWS / "build.ps1").read_text(encoding="utf-8")
INNOS_OWN = {"CreateDesktopIcon", "LaunchProgram"}  # messages that Inno Setup brings
MIME = "{http://www.freedesktop.org/standards/shared-mime-info}"


def section(name: str) -> list[str]:
    """The lines of a section, without comments and directives."""
    _, _, rest = SCRIPT.partition(f"\n[{name}]\n")
    lines = re.split(r"^\[", rest, flags=re.MULTILINE)[0].splitlines()
    assert lines, name
    return [line for line in lines if line and line[0] not in ";#"]


def read_resource(path: Path) -> dict[str, str]:
    """What a program tells of itself; the file is written as calls, which PyInstaller makes."""
    strings: dict[str, str] = {}
    names = {"StringStruct": strings.__setitem__, "FixedFileInfo": dict}
    others = ("VSVersionInfo", "StringFileInfo", "StringTable", "VarFileInfo", "VarStruct")
    names |= dict.fromkeys(others, lambda *_, **__: None)
    eval(path.read_text(encoding="utf-8"), names)
    return strings


def settings() -> dict[str, str]:
    """What stands in the section of the installer itself."""
    pairs = (line.partition("=") for line in section("Setup"))
    return {key: value.replace("{#Version}", "1.2.3") for key, _, value in pairs}


def registry() -> dict[tuple[str, str], str]:
    """What the installer writes: key and name of a value, and the value."""
    rows = (dict(re.findall(r'(\w+): "?((?:[^";]|"")*)"?', line)) for line in section("Registry"))
    return {(r["Subkey"], r.get("ValueName", "")): r["ValueData"] for r in rows if "ValueData" in r}


def test_that_the_programs_of_the_installer_are_those_that_are_frozen(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made = frozen_on("win32", monkeypatch, tmp_path)
    assert made.programs == {"aegui": True, "aegui-window": False}  # with a console, and without
    named = set(re.findall(r"aegui[\w-]*(?=\.exe)", SCRIPT + BUILD))
    assert named == set(made.programs)
    assert '#define Program "aegui-window.exe"' in SCRIPT
    told = [read_resource(Path(str(path))) for path in made.versions]
    assert [(kind["OriginalFilename"], kind["FileDescription"]) for kind in told] == [
        ("aegui.exe", "aegui, command line"),
        ("aegui-window.exe", "aegui"),
    ]
    assert {kind["ProductVersion"] for kind in told} == {aegui.__version__}
    icons = {name for name in made.datas if name.endswith(".ico")}
    assert set(re.findall(r"_internal\\([\w.-]+)", SCRIPT)) == icons


def test_that_the_installer_is_given_all_that_it_asks_for() -> None:
    wanted = set(re.findall(r"^#ifndef (\w+)", SCRIPT, re.MULTILINE))
    assert wanted == set(re.findall(r'"/D(\w+)=\$', BUILD))
    assert set(re.findall(r"\{#(\w+)\}", SCRIPT)) == wanted | {"Program"}
    assert "'/DSigned'" in BUILD and "#ifdef Signed" in SCRIPT
    assert "/Saegui=" in BUILD and "SignTool=aegui" in SCRIPT


def test_that_it_needs_no_administrator_and_installs_over_an_older_version() -> None:
    told = settings()
    assert told["PrivilegesRequired"] == "lowest"
    assert told["PrivilegesRequiredOverridesAllowed"] == "dialog commandline"
    assert told["DefaultDirName"] == r"{autopf}\aegui"
    assert told["AppId"] == "{{6C51A44D-6AB1-43E3-A6A1-46C103BF7950}"  # another one would install a second
    assert told["CloseApplications"] == "yes"
    assert told["ArchitecturesAllowed"] == told["ArchitecturesInstallIn64BitMode"] == "x64compatible"
    assert (WINDOWS / told["LicenseFile"].replace("\\", "/")).resolve().is_file()
    assert all("Root: HKA;" in line for line in section("Registry"))
    assert r"{app}\_internal" in " ".join(section("InstallDelete"))


def test_that_the_name_of_the_installer_is_that_of_the_release() -> None:
    assert f"{settings()['OutputBaseFilename']}.exe" in module("release").files("1.2.3")
    assert '"aegui-$Version-windows-x86_64"' in BUILD and '"$Name-setup.exe"' in BUILD


def test_that_the_files_that_it_opens_are_those_of_the_other_systems() -> None:
    types = ET.parse(PACKAGING / "linux" / "aegui.xml").getroot().findall(f"{MIME}mime-type")
    package, experiment = types
    (glob,) = package.findall(f"{MIME}glob")
    written = registry()
    key = rf"Software\Classes\{glob.attrib['pattern'].lstrip('*')}"
    assert written[key, ""] == "aegui.package"
    assert written[key, "Content Type"] == package.attrib["type"]
    ending = {"." + g.attrib["pattern"].rpartition(".")[2] for g in experiment.findall(f"{MIME}glob")}
    assert [written[rf"Software\Classes\{e}\OpenWithProgids", "aegui.experiment"] for e in ending] == [""]
    for kind in ("package", "experiment"):
        command = written[rf"Software\Classes\aegui.{kind}\shell\open\command", ""]
        assert command == r'""{app}\{#Program}"" ""%1""'
        assert written[rf"Software\Classes\aegui.{kind}\DefaultIcon", ""].endswith(f"aegui-{kind}.ico")


def test_that_nothing_written_to_the_registry_stays() -> None:
    lines = section("Registry")
    removed = [re.findall(r'Subkey: "([^"]+)"', line)[0] for line in lines if "uninsdeletekey;" in line]
    for line in lines:
        (key,) = re.findall(r'Subkey: "([^"]+)"', line)
        assert "uninsdelete" in line or any(key.startswith(f"{parent}\\") for parent in removed), line


def test_that_only_runs_stay_of_a_users_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("RUNS", "DATA", "STATE", "LOG"):
        monkeypatch.delenv(f"AEGUI_{name}", raising=False)
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    monkeypatch.setattr(platformdirs, "PlatformDirs", Windows)
    monkeypatch.setattr("platformdirs.windows.get_win_folder", get_win_folder_from_env_vars)
    named = re.findall(r'Name: "\{localappdata\}\\([^"]+)"', "\n".join(section("UninstallDelete")))
    removed = {tmp_path / name.replace("\\", "/") for name in named} - {tmp_path / "aegui"}
    places: list[Callable[[], Path]] = [cache_folder, log_folder, settings_file, sessions_folder]
    for place in places:
        assert {place(), *place().parents} & removed, place()
    assert not {runs_folder(), *runs_folder().parents} & removed
    assert runs_folder() == tmp_path / "aegui" / "runs"
    for line in section("Messages"):
        assert r"AppData\Local\aegui\runs" in line


def test_that_the_installer_speaks_each_of_its_languages() -> None:
    languages = re.findall(r'^Name: "(\w+)"', "\n".join(section("Languages")), re.MULTILINE)
    told = {line.partition("=")[0] for line in section("CustomMessages")}
    used = set(re.findall(r"\{cm:(\w+)", SCRIPT)) - INNOS_OWN
    assert told == {f"{language}.{name}" for language in languages for name in used}


def test_that_both_are_written_as_their_readers_expect() -> None:
    assert (WINDOWS / "aegui.iss").read_bytes().startswith(b"\xef\xbb\xbf")  # else it is not taken for UTF-8
    assert BUILD.isascii()  # PowerShell 5 takes it for the system's own letters


def test_that_no_step_of_the_build_script_takes_a_name_of_its_caller_for_its_own() -> None:
    caller = re.search(r"^function Invoke-Step.*?^}", BUILD, re.MULTILINE | re.DOTALL)
    assert caller is not None
    own = {name.lower() for name in re.findall(r"\$(\w+)", caller[0])}
    steps = re.split(r"^(?:if .*\{ )?Invoke-Step ", BUILD.replace(caller[0], ""), flags=re.MULTILINE)[1:]
    assert len(steps) >= 6
    assert not own & {name.lower() for step in steps for name in re.findall(r"\$(\w+)", step)}


def test_that_the_build_script_can_be_parsed() -> None:
    if (shell := shutil.which("pwsh") or shutil.which("powershell")) is not None:
        path = str(WINDOWS / "build.ps1").replace("'", "''")
        call = (
            "$told = $null; [void][Management.Automation.Language.Parser]::ParseFile("
            f"'{path}', [ref]$null, [ref]$told); $told | Out-String; exit $told.Count"
        )
        done = subprocess.run(
            [shell, "-NoProfile", "-Command", call], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return
    reader = pytest.importorskip("tree_sitter", reason="neither PowerShell nor tree-sitter is installed")
    grammar = pytest.importorskip("tree_sitter_powershell", reason="its grammar of PowerShell is missing")
    parser = reader.Parser(reader.Language(grammar.language()))
    assert not parser.parse(BUILD.encode()).root_node.has_error
    assert parser.parse(BUILD.replace("'Stop'", "'Stop").encode()).root_node.has_error


@pytest.mark.parametrize(
    ("version", "numbers"), [("0.1.0", "(0, 1, 0, 0)"), ("1.2", "(1, 2, 0, 0)"), ("1.2.3rc4", "(1, 2, 3, 4)")]
)
def test_that_windows_is_told_a_version_in_four_numbers(version: str, numbers: str, tmp_path: Path) -> None:
    resources = module("version_resource")
    path = resources.write_version_resource(tmp_path / "a", "aegui", "aegui", version)
    assert f"filevers={numbers}, prodvers={numbers}" in path.read_text(encoding="utf-8")
    assert read_resource(path)["FileVersion"] == version
