"""What the installers are made from: rules, icons, and what a desktop reads."""

from __future__ import annotations

import configparser
import importlib.util
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from types import ModuleType

import pytest
from PIL import Image

from aegui.cli.arguments import COMMANDS, parse

ROOT = Path(__file__).parent.parent.parent
PACKAGING = ROOT / "packaging"
LINUX = PACKAGING / "linux"
MIME = "{http://www.freedesktop.org/standards/shared-mime-info}"


def module(path: Path) -> ModuleType:
    """A file of packaging/, which is no package."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = made  # dataclasses look there
    spec.loader.exec_module(made)
    return made


pruning = module(PACKAGING / "pruning.py")
licensing = module(PACKAGING / "licensing.py")


@pytest.mark.parametrize(
    "place",
    [
        "torch/test/c10_Half_test",
        "torch/bin/protoc",
        "torch/include/ATen/ATen.h",
        "torch/lib/libtorchbind_test.so",
        "torch/lib/libbackend_with_compiler.so",
        "sklearn/utils/tests/test_validation.py",
        "matplotlib/mpl-data/sample_data/axes_grid.npy",
        "PySide6/Qt/translations/qt_de.qm",
        "PySide6/translations/qtbase_de.qm",
        "PySide6/Qt/plugins/platformthemes/libqgtk3.so",
        "PySide6/plugins/imageformats/qtiff.dll",
        "PySide6/Qt/plugins/platforms/libqvnc.so",
    ],
)
def test_that_what_is_never_loaded_stays_out(place: str) -> None:
    assert pruning.used([(place, "source", "DATA")]) == []


@pytest.mark.parametrize(
    "place",
    [
        "torch/bin/torch_shm_manager",
        "torch/lib/libtorch_cpu.so",
        "torch/testing/__init__.py",
        "torch/nn/functional.py",
        "sklearn/datasets/data/digits.csv.gz",
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/Qt/plugins/platforms/libqoffscreen.so",
        "PySide6/plugins/platforms/qwindows.dll",
        "PySide6/Qt/plugins/platforms/libqcocoa.dylib",
        "PySide6/Qt/plugins/imageformats/libqsvg.so",
        "resources/changelog.md",
    ],
)
def test_that_what_is_needed_stays_in(place: str) -> None:
    assert pruning.used([(place, "source", "DATA")]) == [(place, "source", "DATA")]


def test_that_copies_of_the_systems_libraries_stay_out_on_linux_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    library = ("libX11.so.6", "/lib/x86_64-linux-gnu/libX11.so.6", "BINARY")
    python = ("libpython3.11.so.1.0", "/usr/lib/x86_64-linux-gnu/libpython3.11.so.1.0", "BINARY")
    monkeypatch.setattr(sys, "platform", "linux")
    assert pruning.used([library, python]) == [python]
    monkeypatch.setattr(sys, "platform", "darwin")
    assert pruning.used([library, python]) == [library, python]


def test_that_the_licence_of_what_is_inside_is_found() -> None:
    import numpy
    import torch

    parts = {part.name: part for part in licensing.parts_of([numpy.__file__, torch.__file__], ())}
    assert {"numpy", "torch", "Python"} == set(parts)
    assert "BSD-3-Clause" in parts["numpy"].licence
    for part in parts.values():
        assert part.version
        assert all(path.stat().st_size > 0 for path, _ in part.texts)


def test_that_a_part_without_a_licence_stops_the_build(monkeypatch: pytest.MonkeyPatch) -> None:
    import PySide6

    monkeypatch.setattr("aegui.parts._MISSING", {})
    with pytest.raises(LookupError, match="PySide6"):
        licensing.parts_of([PySide6.__file__, *map(str, Path(PySide6.__file__).parent.glob("*.so"))], ())


def test_that_the_icons_are_drawn_in_every_size(tmp_path: Path) -> None:
    module(PACKAGING / "make_icons.py").make_icons(tmp_path)
    drawn = sorted(tmp_path.glob("*/*/*.png"))
    assert len(drawn) == 30
    for path in drawn:
        with Image.open(path) as image:
            assert f"{image.width}x{image.height}" == path.parent.parent.name
            assert len(image.convert("RGBA").getcolors(image.width * image.height) or ()) > 20, path
    assert {p.name for p in tmp_path.glob("scalable/*/*.svg")} == {p.with_suffix(".svg").name for p in drawn}


def test_that_the_desktop_offers_the_program_for_its_files() -> None:
    entry = configparser.ConfigParser(interpolation=None)
    entry.optionxform = str  # type: ignore[assignment, method-assign]
    entry.read(LINUX / "aegui.desktop", encoding="utf-8")
    offered = entry["Desktop Entry"]["MimeType"].rstrip(";").split(";")
    types = ET.parse(LINUX / "aegui.xml").getroot().findall(f"{MIME}mime-type")
    assert offered == [kind.attrib["type"] for kind in types]
    meta = ET.parse(LINUX / "aegui.metainfo.xml").getroot()
    assert [e.text for e in meta.findall("provides/mediatype")] == offered
    names = {f"mimetypes/{kind.replace('/', '-')}" for kind in offered}
    assert names < set(module(PACKAGING / "make_icons.py")._NAMES)


def test_that_a_package_is_known_by_how_it_begins(tmp_path: Path) -> None:
    from aegui.runs.package.packing import pack_experiment
    from aegui.spec import Experiment

    path = tmp_path / "made.aegui"
    pack_experiment(Experiment(), path)
    begin = path.read_bytes()[:64]
    matches = ET.parse(LINUX / "aegui.xml").getroot().iter(f"{MIME}match")
    for match in matches:
        wanted = match.attrib["value"].encode().decode("unicode_escape").encode("latin-1")
        assert begin[int(match.attrib["offset"]) :].startswith(wanted)


def test_that_the_manual_page_names_every_command_with_its_options(
    capsys: pytest.CaptureFixture[str],
) -> None:
    page = (LINUX / "aegui.1").read_text(encoding="utf-8").replace("\\-", "-")
    _, _, commands = page.partition(".SH COMMANDS")
    commands, _, _ = commands.partition(".SH OPTIONS")
    entries = re.findall(r'^\.BR? "?([a-z]+)(?: ([a-z]+)")?(.*)$', commands, re.MULTILINE)
    named = [(name, action, rest) for name, action, rest in entries if name in COMMANDS]
    assert {name for name, _, _ in named} == set(COMMANDS)
    for name, action, rest in named:
        with pytest.raises(SystemExit):
            parse([name, *([action] if action else []), "--help"])
        known = set(re.findall(r"--[a-z-]*[a-z]", capsys.readouterr().out))
        assert set(re.findall(r"--[a-z-]*[a-z]", rest)) == known - {"--help", "--debug"}, (name, action)


@pytest.mark.parametrize("name", ["build", "bare_root_test"])
def test_that_a_script_can_be_run_and_read(name: str) -> None:
    path = LINUX / name
    if shutil.which("bash") is None:
        pytest.skip("there is no bash")
    subprocess.run(["bash", "-n", path], check=True)
    assert path.stat().st_mode & 0o111 or sys.platform == "win32"


@pytest.mark.long
def test_that_a_commit_gives_the_same_wheel_which_works_alone(tmp_path: Path) -> None:
    call = [sys.executable, PACKAGING / "check_wheel.py", "--offline", tmp_path]
    done = subprocess.run(call, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "the same 3 times" in done.stdout and "the same 2 times" in done.stdout
