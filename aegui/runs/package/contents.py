"""What a package may hold, and the list of it that every package begins with."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal

from aegui.errors import InvalidInput
from aegui.runs.names import CHECKPOINT, EXPERIMENT, FRAMES, HISTORY, METRICS, NOTES, WEIGHTS

SUFFIX = ".aegui"
MANIFEST = "aegui.json"
DATA = "data"  # the folder of the files that the experiment reads
FORMAT = 1
OF_RUN = (EXPERIMENT, CHECKPOINT, HISTORY, WEIGHTS)  # these have to be there
ALSO_OF_RUN = (FRAMES, METRICS, NOTES)  # figures hold the paths of the machine that drew them

MOST_FILES = 200_000
LARGEST = 2**35  # bytes, unpacked
LONGEST_NAME = 255  # bytes of a part of a name
DEEPEST = 32  # parts of a name
_LARGEST_MANIFEST = 2**26  # bytes

Kind = Literal["run", "experiment"]

_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"|?*\\]')


@dataclass(frozen=True)
class Entry:
    """One file: its size in bytes and the SHA-256 of its contents, in hexadecimal."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Contents:
    """Everything that a package says of itself."""

    kind: Kind
    title: str
    files: Mapping[str, Entry]

    @property
    def size(self) -> int:
        """Bytes of all files, unpacked."""
        return sum(entry.size for entry in self.files.values())

    @property
    def has_data(self) -> bool:
        """Whether the files that the experiment reads came with it."""
        return any(name.startswith(f"{DATA}/") for name in self.files)

    def text(self) -> str:
        """As JSON."""
        files = {name: {"size": e.size, "sha256": e.sha256} for name, e in self.files.items()}
        return json.dumps(
            {"format": FORMAT, "kind": self.kind, "title": self.title, "files": files}, ensure_ascii=False
        )


def read_contents(data: bytes, source: str) -> Contents:
    """The list of a package, checked. Raises InvalidInput."""
    if len(data) > _LARGEST_MANIFEST:
        raise InvalidInput(f"{source}: its list must be at most {_LARGEST_MANIFEST:,} bytes")
    try:
        found = json.loads(data)
        version, kind, title = found["format"], found["kind"], found["title"]
        files = {
            str(name): Entry(_size(entry["size"]), _digest(entry["sha256"]))
            for name, entry in found["files"].items()
        }
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InvalidInput(f"{source}: its list {MANIFEST} is damaged: {error}") from None
    if version != FORMAT:
        raise InvalidInput(
            f"{source}: its format must be {FORMAT}, is {str(version)[:20]}; a newer aegui may read it"
        )
    if kind not in ("run", "experiment"):
        raise InvalidInput(f"{source}: must hold a run or an experiment, holds {str(kind)[:40]!r}")
    contents = Contents(kind, str(title)[:1000], files)
    _check_names(contents, source)
    return contents


def _check_names(contents: Contents, source: str) -> None:
    files = contents.files
    if len(files) > MOST_FILES:
        raise InvalidInput(f"{source}: must hold at most {MOST_FILES:,} files, holds {len(files):,}")
    if contents.size > LARGEST:
        raise InvalidInput(
            f"{source}: must hold at most {LARGEST / 1e9:.0f} GB, holds {contents.size / 1e9:,.0f} GB"
        )
    needed = OF_RUN if contents.kind == "run" else (EXPERIMENT,)
    if missing := [name for name in needed if name not in files]:
        raise InvalidInput(f"{source}: is not whole: it has no {', '.join(missing)}")
    known = {*needed, *(ALSO_OF_RUN if contents.kind == "run" else ())}
    for name in files:
        if name not in known and not name.startswith(f"{DATA}/"):
            raise InvalidInput(f"{source}: holds {name[:200]!r}, which is no part of a {contents.kind}")
        if (reason := wrong_name(name)) is not None:
            raise InvalidInput(f"{source}: the name {name[:200]!r} {reason}")
    if len({name.casefold() for name in files}) < len(files):
        raise InvalidInput(f"{source}: holds names that differ in upper and lower case alone")


def wrong_name(name: str) -> str | None:
    """Why a file cannot have this name everywhere, and below the folder that is chosen; None if it can."""
    parts = name.split("/")
    if name.startswith("/") or PurePosixPath(name).is_absolute():
        return "is not relative"
    if {"", ".", ".."} & set(parts):
        return "leads out of its folder"
    if _FORBIDDEN.search(name):
        return "has a character that names of files cannot have everywhere"
    if len(parts) > DEEPEST or any(len(part.encode("utf-8", "replace")) > LONGEST_NAME for part in parts):
        return f"is too long: at most {DEEPEST} folders and {LONGEST_NAME} bytes each"
    if any(_RESERVED.fullmatch(part) or part != part.rstrip(" .") for part in parts):
        return "cannot be the name of a file everywhere"
    return None


def _size(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError("a size must be a whole number, at least 0")
    return value


def _digest(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[0-9a-f]{64}", value):
        raise ValueError("a SHA-256 must have 64 hexadecimal digits")
    return value
