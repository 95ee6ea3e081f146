"""What a release is made of, and the workflow that makes it: names that have to agree in many files."""

from __future__ import annotations

import hashlib
import json
import re
from importlib.metadata import distribution, version
from pathlib import Path

import pytest

import aegui
from aegui.parts import part_of, python_part
from tests.packaging.scripts import PACKAGING, ROOT, WORKFLOWS, module

RELEASE = (WORKFLOWS / "release.yml").read_text(encoding="utf-8")
JOBS = dict(
    re.findall(r"^  (\w[\w-]*):\n((?:    .*\n|\n)+)", RELEASE.partition("\njobs:\n")[2], re.MULTILINE)
)
SIGNING = (PACKAGING / "signing.md").read_text(encoding="utf-8")
# What the systems themselves set, or the build scripts.
NOT_OURS = {"LASTEXITCODE", "LOCALAPPDATA", "PATH", "PYTHONDONTWRITEBYTECODE", "ProgramFiles"}

release = module("release")
sbom = module("sbom")


def filled(tmp_path: Path) -> Path:
    """A folder with a file of every name that a release has."""
    for name in release.files(aegui.__version__):
        (tmp_path / name).write_bytes(name.encode())
    return tmp_path


def test_that_the_version_of_a_release_is_that_of_the_program() -> None:
    assert release.version() == aegui.__version__
    release.check(f"v{aegui.__version__}")


@pytest.mark.parametrize("tag", ["v0.0.1", aegui.__version__, f"v{aegui.__version__}.1", "v", ""])
def test_that_a_tag_of_another_version_is_refused(tag: str) -> None:
    with pytest.raises(SystemExit, match=f"v{aegui.__version__} is its tag"):
        release.check(tag)


def test_that_the_changelog_tells_of_the_version(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    told = release.notes()
    assert told and "\n## " not in told
    (tmp_path / "resources").mkdir()
    (tmp_path / "resources" / "changelog.md").write_text(
        "# What is new\n\n## 0.0.1\n\nOld.\n", encoding="utf-8"
    )
    (tmp_path / "pyproject.toml").write_text('[project]\nversion = "0.0.2"\n', encoding="utf-8")
    monkeypatch.setattr(release, "ROOT", tmp_path)
    with pytest.raises(SystemExit, match=r"tells nothing of 0\.0\.2"):
        release.check("v0.0.2")


def test_that_the_sums_are_those_of_all_files(tmp_path: Path) -> None:
    folder = filled(tmp_path)
    release.write_sums(folder)
    written = (folder / "SHA256SUMS").read_text(encoding="utf-8")
    lines = [line.split("  ") for line in written.splitlines()]
    assert [name for _, name in lines] == release.files(aegui.__version__)
    assert all(hashlib.sha256((folder / name).read_bytes()).hexdigest() == told for told, name in lines)
    assert release.write_sums(folder) == written  # once more: the sums are no file of theirs


def test_that_a_release_is_whole(tmp_path: Path) -> None:
    folder = filled(tmp_path)
    (folder / "notes.txt").touch()
    (folder / f"aegui-{aegui.__version__}.tar.gz").unlink()
    with pytest.raises(
        SystemExit, match=r"missing: \['aegui-[\d.]+tar\.gz'\]; of no release: \['notes\.txt'\]"
    ):
        release.write_sums(folder)


def test_that_the_names_are_those_that_the_scripts_of_linux_give() -> None:
    script = (PACKAGING / "linux" / "build").read_text(encoding="utf-8")
    script = script.replace("$(uname -m)", "x86_64")
    values = {
        "$out/": "",
        "${version}": "1.2.3",
        "$version": "1.2.3",
        "$architecture": "amd64",
    }
    named = re.findall(r"(?:=|\")(\$out/aegui\S+?)(?=[\s\"])", script)
    for variable, value in values.items():
        named = [name.replace(variable, value) for name in named]
    assert set(named) == {n for n in release.files("1.2.3") if n.endswith(".deb") or "linux" in n}


def test_that_every_job_hands_on_what_it_made() -> None:
    handed = re.findall(r"name: (aegui-\w+)\n +path: (\S+)\n", RELEASE)
    assert [(name, path) for name, path in handed if path != "built"] == [
        ("aegui-linux", "dist/linux/out/aegui*"),
        ("aegui-windows", "dist/windows/out/aegui*"),
        ("aegui-macos", "dist/macos/out/aegui*"),
        ("aegui-wheel", "dist/wheel/aegui*"),
    ]
    assert "pattern: aegui-*" in JOBS["gather"] and "merge-multiple: true" in JOBS["gather"]
    for command in ("packaging/linux/build dist/linux", "packaging/macos/build dist/macos"):
        assert f"run: {command}\n" in RELEASE
    assert "run: packaging\\windows\\build.ps1 -Work dist\\windows -TryInstaller\n" in RELEASE


def test_that_only_a_tag_is_published_after_everything_else() -> None:
    assert "if: github.ref_type == 'tag'" in JOBS["publish"].partition("steps:")[0]
    assert "needs: [gather, bare-root]" in JOBS["publish"]
    assert "needs: [linux, windows, macos, wheel]" in JOBS["gather"]
    assert all("needs: check\n" in JOBS[name] for name in ("linux", "windows", "macos", "wheel"))
    assert 'release.py check "$TAG"' in JOBS["check"]


@pytest.mark.parametrize("path", sorted(WORKFLOWS.glob("*.yml")), ids=lambda path: path.stem)
def test_that_a_workflow_may_do_little_and_runs_what_was_looked_at(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    used = re.findall(r"uses: (\S+)(.*)", text)
    assert used
    assert all(re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", action) for action, _ in used), used
    assert all(re.fullmatch(r" # v\d+\.\d+\.\d+", told) for _, told in used), used
    assert len({action.partition("@")[0] for action, _ in used}) == len(set(used))  # one version of each
    assert "\npermissions: {}\n" in text and "\nconcurrency:\n" in text
    steps = text.count("    steps:\n")
    assert text.count("timeout-minutes:") == text.count("    permissions:\n") == steps
    written = re.findall(r"^ +([\w-]+): write", text, re.MULTILINE)
    assert written == (["contents"] if path.stem == "release" else [])
    assert text.count("persist-credentials: false") == text.count("actions/checkout@")


def test_that_the_workflow_installs_what_a_window_needs() -> None:
    packages = re.search(
        r"^packages=\((.*?)^\)", (ROOT / ".ci" / "run").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    assert packages is not None
    wanted = set(packages[1].split()) - {"xvfb", "xauth", "xdotool", "openbox", "git"}
    assert wanted <= set(JOBS["linux"].split())
    assert wanted <= set((WORKFLOWS / "test.yml").read_text(encoding="utf-8").split())
    head = (PACKAGING / "linux" / "build").read_text(encoding="utf-8").partition("\nset -")[0]
    (line,) = re.findall(r"^# (dpkg-dev .*) and what a window$", head, re.MULTILINE)
    assert set(line.split()) <= set(JOBS["linux"].split())


def test_that_the_wheel_of_pytorch_is_the_one_without_cuda() -> None:
    for job in ("linux", "wheel"):  # elsewhere there is no other
        assert "PIP_EXTRA_INDEX_URL: https://download.pytorch.org/whl/cpu" in JOBS[job]
    pins = (PACKAGING / "constraints.txt").read_text(encoding="utf-8")
    assert re.search(r"^torch==[\d.]+$", pins, re.MULTILINE)  # on every system
    for name in ("pyinstaller", "pyinstaller-hooks-contrib", "macholib", "pefile", "pywin32-ctypes"):
        assert re.search(rf"^{name}==", pins, re.MULTILINE)
    for script in ("linux/build", "macos/build", "windows/build.ps1"):
        assert "constraints.txt" in (PACKAGING / script).read_text(encoding="utf-8")


def test_that_every_secret_and_variable_of_signing_is_explained() -> None:
    secrets = set(re.findall(r"secrets\.(\w+)", RELEASE))
    assert secrets and all(f"`{name}`" in SIGNING for name in secrets)
    mac = (PACKAGING / "macos" / "build").read_text(encoding="utf-8")
    spec = (PACKAGING / "aegui.spec").read_text(encoding="utf-8")
    windows = (PACKAGING / "windows" / "build.ps1").read_text(encoding="utf-8")
    read = set(re.findall(r"AEGUI_[A-Z_]+", mac + spec + windows)) | set(re.findall(r"\$env:(\w+)", windows))
    assert all(f"`{name}`" in SIGNING for name in read - NOT_OURS), read - NOT_OURS
    told = set(re.findall(r"`([A-Z]+(?:_[A-Z0-9]+)+)`", SIGNING))
    assert told - read - secrets == set()
    assert set(re.findall(r"(AEGUI_[A-Z_]+)=", RELEASE)) <= read


def test_that_a_bill_of_materials_names_what_is_inside(tmp_path: Path) -> None:
    frozen = tmp_path / "aegui"
    parts = [part_of(distribution(name)) for name in ("numpy", "torch")]
    module("licensing").licence_files([*parts, python_part()], frozen / "_internal" / "licences")
    bill = sbom.bill_of(frozen, ROOT / "resources" / "licences", "1.2.3")
    named = {component["name"]: component for component in bill["components"]}
    assert {"Python", "numpy", "torch", "MNIST handwritten digits"} <= set(named)
    assert named["numpy"]["purl"] == f"pkg:pypi/numpy@{version('numpy')}"
    assert named["torch"]["purl"] == f"pkg:pypi/torch@{version('torch').partition('+')[0]}"
    assert named["numpy"]["licenses"] == [{"expression": parts[0].licence}]
    assert len({component["bom-ref"] for component in bill["components"]}) == len(named)
    assert sbom.bill_of(frozen, ROOT / "resources" / "licences", "1.2.3") == bill
    pytest.importorskip(
        "cyclonedx", reason="its schema is checked with cyclonedx-python-lib[json-validation]"
    )
    checking = module("check_sbom")
    told = checking.problem_of(json.dumps(bill))
    assert told == "does not name PySide6_Essentials"
    assert checking.problem_of(json.dumps(bill | {"version": "one"})) not in (None, told)


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        ("MIT", {"expression": "MIT"}),
        ("BSD-3-Clause AND (MIT OR Apache-2.0)", {"expression": "BSD-3-Clause AND (MIT OR Apache-2.0)"}),
        ("BSD License", {"license": {"name": "BSD License"}}),
        ("3-Clause BSD License", {"license": {"name": "3-Clause BSD License"}}),
    ],
)
def test_that_only_expressions_of_licences_are_told_as_such(told: str, wanted: dict[str, object]) -> None:
    assert sbom._licence(told) == wanted
