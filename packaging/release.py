"""Holds a release to what it promises; called by ``.github/workflows/release.yml``.

    python packaging/release.py check v0.1.0    the tag is the version's, and the changelog tells of it
    python packaging/release.py notes           prints what the changelog tells of the version
    python packaging/release.py sums FOLDER     the folder holds every file and no other; writes SHA256SUMS

Needs nothing but Python.
"""

from __future__ import annotations

import hashlib
import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SUMS = "SHA256SUMS"


def version() -> str:
    """The one that pyproject.toml holds, and that the program says."""
    told: str = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    return told


def check(tag: str) -> None:
    """Ends the process with a message if that is no tag of this version."""
    if tag != f"v{version()}":
        sys.exit(f"the tag is {tag}, but pyproject.toml has version {version()}: v{version()} is its tag")
    notes()


def notes() -> str:
    """What the changelog tells of the version, without its heading."""
    text = (ROOT / "resources" / "changelog.md").read_text(encoding="utf-8")
    sections = re.split(r"^## +(\S+).*\n", text, flags=re.MULTILINE)
    told = dict(zip(sections[1::2], sections[2::2], strict=True)).get(version(), "").strip()
    if not told:
        sys.exit(f"resources/changelog.md tells nothing of {version()}")
    return told


def files(of: str) -> list[str]:
    """The names of all files of a release."""
    frozen = (f"aegui-{of}-{system}" for system in ("linux-x86_64", "macos-arm64", "windows-x86_64"))
    return sorted(
        (
            f"aegui_{of}_amd64.deb",
            f"aegui-{of}-linux-x86_64.tar.zst",
            f"aegui-{of}-macos-arm64.dmg",
            f"aegui-{of}-windows-x86_64-setup.exe",
            *(f"{name}.cdx.json" for name in frozen),
            f"aegui-{of}-py3-none-any.whl",
            f"aegui-{of}.tar.gz",
        )
    )


def write_sums(folder: Path) -> str:
    """The sums of all files, also written beside them; ends the process if a file is missing or too much."""
    wanted, found = set(files(version())), {path.name for path in folder.iterdir()} - {SUMS}
    if wanted != found:
        sys.exit(f"missing: {sorted(wanted - found)}; of no release: {sorted(found - wanted)}")
    sums = "".join(f"{_sum(folder / name)}  {name}\n" for name in files(version()))
    (folder / SUMS).write_text(sums, encoding="utf-8", newline="\n")
    return sums


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def main() -> None:
    match sys.argv[1:]:
        case ["check", tag]:
            check(tag)
        case ["notes"]:
            print(notes())
        case ["sums", folder]:
            print(write_sums(Path(folder)), end="")
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
