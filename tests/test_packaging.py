"""What is promised to whoever installs the program: the README, the pinned versions, the wheel."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from aegui.cli.arguments import COMMANDS, parse
from aegui.cli.display import _QT_LIBRARIES, _XCB_LIBRARIES
from aegui.data.catalog import catalog
from aegui.data.load import load_dataset
from aegui.plan import resolve
from aegui.spec import Layer, TableSource, loads, variants
from aegui.spec.presets import presets

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

MAKE = "python3 -m venv .venv && .venv/bin/pip install -c packaging/constraints.txt"
START = (
    f"{MAKE} -e . && .venv/bin/aegui demo",
    f'{MAKE} -e ".[test]" && .venv/bin/pytest -n 2',
)


def test_that_the_readme_starts_with_the_two_commands() -> None:
    commands = [line for line in README.splitlines() if line.startswith("python3 -m venv")]
    assert tuple(commands) == START


def test_that_every_picture_of_the_readme_is_there() -> None:
    pictures = re.findall(r'(?:src|srcset)="([^"]+)"', README)
    assert {ROOT / name for name in pictures} == {*(ROOT / "resources" / "screenshots").iterdir()}


def test_that_every_tab_has_its_picture_in_the_readme() -> None:
    workspaces = pytest.importorskip("aegui.qt.workspaces", exc_type=ImportError).WORKSPACES
    shown = re.findall(r'<a href="(.*)"><img alt="(\w+): [^"]+" width="49%" src="(.*)"></a>', README)
    assert [title for _, title, _ in shown] == ["Training", *(workspace.title for workspace in workspaces)]
    assert all(link == name for link, _, name in shown)


def test_that_every_link_of_the_readme_leads_somewhere() -> None:
    heads = re.findall(r"^#+ (.*)$", README, re.MULTILINE)
    anchors = {"#" + re.sub(r"[^\w -]", "", head).lower().replace(" ", "-") for head in heads}
    links = re.findall(r"\]\(([^)]+)\)", README)
    assert any(link.startswith("#") for link in links)
    lost = [k for k in links if not k.startswith("https://") and k not in anchors and not (ROOT / k).exists()]
    assert lost == []


def test_that_the_readme_names_files_that_are_there() -> None:
    named = re.findall(r"`((?:packaging|tests|resources|\.ci|\.github)/[\w./-]+)`", README)
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_that_the_libraries_of_a_window_are_the_same_wherever_they_are_named() -> None:
    texts = [README, (ROOT / "resources" / "help" / "troubleshooting.md").read_text(encoding="utf-8")]
    named = [re.findall(r"^sudo apt-get install (libegl1 .*)$", text, re.MULTILINE) for text in texts]
    assert named[0] == named[1] and len(named[0]) == 1
    packages = {package for group in (_QT_LIBRARIES, _XCB_LIBRARIES) for package in group.values()}
    fonts_and_wayland = {"fonts-dejavu-core", "libwayland-cursor0"}
    assert set(named[0][0].split()) - fonts_and_wayland <= packages


def test_that_the_experiment_of_the_readme_can_be_trained() -> None:
    text, own = re.findall(r"^```toml\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    assert isinstance(loads(own).data.source, TableSource)
    experiment = loads(text)
    plan = resolve(experiment, load_dataset(experiment.data, experiment.seed).facts())
    assert plan.type == "denoising autoencoder"
    assert not plan.problems
    assert not plan.warnings


def test_that_the_readme_names_every_command_with_its_options(capsys: pytest.CaptureFixture[str]) -> None:
    calls = re.findall(r"^\| `aegui ([a-z]+)([^`]*)`", README, re.MULTILINE)
    assert {name for name, _ in calls} == set(COMMANDS)
    for name, rest in calls:
        words = [name, *re.findall(r"^ ([a-z]+)\b", rest)]
        with pytest.raises(SystemExit):
            parse([*words, "--help"])
        known = set(re.findall(r"--[a-z]+", capsys.readouterr().out))
        assert set(re.findall(r"--[a-z]+", rest)) == known - {"--help", "--debug"}, words


def test_that_the_presets_that_the_readme_names_are_there() -> None:
    (line,) = (line for line in README.splitlines() if line.startswith("| `aegui presets"))
    assert set(re.findall(r"`([a-z-]+)`", line)) <= {p.name for p in presets()}


def test_that_the_readme_names_every_data_set() -> None:
    rows = re.findall(r"^\| (`[a-z`, -]+`) \|.*\|.*\|$", README, re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`([a-z-]+)`", row)}
    assert {e.name for e in catalog() if not e.files} <= named
    assert all(f"`{e.name}`" in README for e in catalog())


def test_that_the_readme_names_every_layer() -> None:
    assert all(f"`{kind}`" in README for kind in variants(Layer))


def test_that_every_package_of_the_program_and_its_tests_is_pinned() -> None:
    assert _needed("aegui", {"test"}) - set(_pins()) == set()


def test_that_a_pin_is_one_version() -> None:
    assert [str(pin) for pin in _pins().values() if not re.fullmatch(r"==[\w.]+", str(pin.specifier))] == []


@pytest.mark.parametrize(
    ("python", "broken", "allowed"), [("3.11", "6.10.0", "6.9.3"), ("3.12", "", "6.12.0")]
)
def test_that_no_qt_binding_that_miscounts_is_installed(python: str, broken: str, allowed: str) -> None:
    wanted = [Requirement(r) for r in PROJECT["dependencies"] if r.startswith("PySide6")]
    (here,) = (r for r in wanted if r.marker is not None and r.marker.evaluate({"python_version": python}))
    assert here.specifier.contains(allowed)
    assert not broken or not here.specifier.contains(broken)


def test_that_the_command_line_needs_no_qt(tmp_path: Path) -> None:
    blocked = (
        "import sys; sys.modules.update(PySide6=None, pyqtgraph=None); import aegui.__main__ as m; m.main()"
    )
    small = ["--set", "data.source=digits", "--set", "data.train=100", "--set", "training.epochs=1"]
    out = tmp_path / "run"
    subprocess.run(
        [sys.executable, "-c", blocked, "train", "undercomplete", *small, "--out", str(out)],
        check=True,
        capture_output=True,
    )
    assert (out / "metrics.json").is_file()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy so that nothing is left in the checkout."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in ("pyproject.toml", "setup.py", "MANIFEST.in", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    for name in ("aegui", "resources"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    build = f"from setuptools import build_meta; build_meta.build_wheel({str(out)!r})"
    subprocess.run([sys.executable, "-c", build], cwd=source, check=True, capture_output=True)
    (path,) = out.glob("*.whl")
    return path


def test_that_the_wheel_holds_every_room_and_every_resource(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    resources = {p.relative_to(ROOT / "resources") for p in (ROOT / "resources").rglob("*") if p.is_file()}
    expected = {f"aegui/_resources/{p.as_posix()}" for p in resources if p.parts[0] != "screenshots"}
    expected |= {p.relative_to(ROOT).as_posix() for p in ROOT.glob("aegui/**/*.py")}
    assert {n for n in names if ".dist-info/" not in n} == expected


def test_that_the_wheel_works_where_there_is_no_repository(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path)
    listing = "import aegui.__main__ as m, aegui.resources as r; print(r.resource('licences')); m.main()"
    done = subprocess.run(
        [sys.executable, "-c", listing, "presets"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path), "PYTHONUTF8": "1"},
        check=True,
        capture_output=True,
        encoding="utf-8",
    )
    first, *rest = done.stdout.splitlines()
    assert Path(first) == tmp_path / "aegui" / "_resources" / "licences"
    assert [line.split()[0] for line in rest] == [p.name for p in presets()]


def _pins() -> dict[str, Requirement]:
    """The constraints that apply here, by the package's name."""
    lines = (ROOT / "packaging" / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [Requirement(line) for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(p.name): p for p in pins if p.marker is None or p.marker.evaluate()}


def _needed(name: str, extras: set[str]) -> set[str]:
    """Every package that a package needs here, and what those need."""
    found: set[str] = set()
    waiting = [(name, frozenset(extras))]
    while waiting:
        package, wanted = waiting.pop()
        for line in requires(package) or ():
            requirement = Requirement(line)
            key = canonicalize_name(requirement.name)
            if key not in found and _applies(requirement, wanted):
                found.add(key)
                waiting.append((key, frozenset(requirement.extras)))
    return found


def _applies(requirement: Requirement, extras: frozenset[str]) -> bool:
    marker = requirement.marker
    return marker is None or any(marker.evaluate({"extra": extra}) for extra in extras or {""})
