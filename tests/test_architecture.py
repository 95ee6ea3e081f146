"""The habits of the project as tests: style, types, the order of the rooms, and no trace of a machine."""

from __future__ import annotations

import re
import subprocess
import sysconfig
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LONGEST_MODULE = 450  # lines; one of 400 is asking to be two

# Folders of one person's machine, and where packages come from. Written so that neither finds itself.
PLACES = re.compile(r"(?<![\w.:/~-])/(?:home|Users|root|work|opt|mnt)/[\w.]|\b[A-Za-z]:\\+Users\\")
HOSTS = re.compile(
    r"py(?:pi|thonhosted)\.org|npm(?:js)?\.(?:org|com)|deb\.debian\.(?:org)"
    r"|(?:index|find)-(?:url|links)|trusted[-]host",
    re.IGNORECASE,
)


@pytest.mark.parametrize(
    "command",
    ["ruff check .", "ruff format --check .", "mypy", "lint-imports --no-logo"],
    ids=["style", "format", "types", "imports"],
)
def test_that_the_checks_find_nothing(command: str) -> None:
    program, *arguments = command.split()
    path = Path(sysconfig.get_path("scripts")) / program
    done = subprocess.run([path, *arguments], cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_that_every_module_is_short_enough_to_be_one() -> None:
    lengths = {p: len(p.read_text(encoding="utf-8").splitlines()) for p in ROOT.glob("aegui/**/*.py")}
    assert lengths
    assert {p.name: n for p, n in lengths.items() if n >= LONGEST_MODULE} == {}


def test_that_the_changelog_tells_of_this_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    changelog = (ROOT / "resources" / "changelog.md").read_text(encoding="utf-8")
    _, heading, entry = changelog.partition(f"\n## {project['version']}\n")
    assert heading, f"no entry for {project['version']}"
    assert entry.partition("\n## ")[0].strip()


def test_that_no_file_names_a_machine_or_a_registry() -> None:
    found = [
        f"{path}:{number}: {line.strip()}"
        for path, text in _texts()
        for number, line in enumerate(text.splitlines(), 1)
        if PLACES.search(line) or HOSTS.search(line)
    ]
    assert found == []


def _texts() -> Iterator[tuple[Path, str]]:
    """Every text file that git knows or would add."""
    for path in _files():
        data = path.read_bytes() if path.is_file() else b""
        if b"\0" not in data:
            yield path.relative_to(ROOT), data.decode("utf-8", errors="replace")


def _files() -> list[Path]:
    command = [
        "git",
        "-c",
        f"safe.directory={ROOT.as_posix()}",
        "ls-files",
        "-z",
        "-co",
        "--exclude-standard",
    ]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this is no git checkout")
    return [ROOT / name for name in listed.stdout.decode("utf-8").split("\0") if name]
