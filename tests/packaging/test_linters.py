"""Scripts and workflows before those who know their faults; each of these is skipped where it is missing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.packaging.scripts import SHELL_SCRIPTS, WORKFLOWS

FILES = sorted(WORKFLOWS.glob("*.yml"))


def linter(name: str) -> str:
    """A program, beside the Python that runs this or in PATH."""
    places = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    found = shutil.which(name, path=places)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def faults(*call: str | Path, text: str | None = None) -> str:
    """What a linter says, if it finds a fault."""
    done = subprocess.run(call, input=text, capture_output=True, encoding="utf-8", check=False)
    return done.stdout + done.stderr if done.returncode else ""


def read(path: Path) -> dict[str, Any]:
    """A workflow as YAML."""
    yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")
    told: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return told


@pytest.mark.parametrize("path", SHELL_SCRIPTS, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_that_shellcheck_finds_no_fault_in_a_script(path: Path) -> None:
    assert faults(linter("shellcheck"), "--severity=warning", path) == ""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_that_shellcheck_finds_no_fault_in_the_steps_of_a_workflow(path: Path) -> None:
    program = linter("shellcheck")
    steps = [
        step["run"]
        for name, job in read(path)["jobs"].items()
        for step in job["steps"]
        if "run" in step and name != "windows"
    ]
    assert steps
    for step in steps:
        assert faults(program, "--shell=bash", "-", text=f"set -eo pipefail\n{step}") == "", step


def test_that_shellcheck_finds_faults() -> None:
    assert "SC2086" in faults(linter("shellcheck"), "--shell=bash", "-", text="rm $1\n")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_that_a_workflow_is_read_as_it_is_meant(path: Path) -> None:
    told = read(path)
    jobs = told["jobs"]
    assert told["permissions"] == {}
    for name, job in jobs.items():
        needs = job.get("needs", [])
        assert {needs} if isinstance(needs, str) else set(needs) <= set(jobs), name
        assert job["timeout-minutes"] <= 120
        assert set(job["permissions"]) == {"contents"}
        assert all(("run" in step) != ("uses" in step) for step in job["steps"])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_that_zizmor_finds_no_way_into_a_workflow(path: Path) -> None:
    assert faults(linter("zizmor"), "--offline", "--no-progress", "--quiet", path) == ""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_that_actionlint_finds_no_fault_in_a_workflow(path: Path) -> None:
    assert faults(linter("actionlint"), "-no-color", path) == ""
