"""What a package may hold, and the list of it that every package begins with."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from aegui.errors import InvalidInput, printable
from aegui.runs.names import CHECKPOINT, EXPERIMENT, FRAMES, HISTORY, METRICS, NOTES, WEIGHTS
from aegui.spec.files import LARGEST_FILE, is_text
from aegui.spec.problems import shown

SUFFIX = ".aegui"
MANIFEST = "aegui.json"
DATA = "data"  # the folder of the files that the experiment reads
FORMAT = 1
OF_RUN = (EXPERIMENT, CHECKPOINT, HISTORY, WEIGHTS)  # these have to be there
ALSO_OF_RUN = (FRAMES, METRICS, NOTES)  # figures hold the paths of the machine that drew them

MOST_FILES = 100_000
LARGEST = 2**35  # bytes, unpacked
LARGEST_MANIFEST = 2**24  # bytes; a file takes some hundred and forty
LONGEST_NAME = 255  # bytes of a part of a name
DEEPEST = 32  # parts of a name
LONGEST = {EXPERIMENT: LARGEST_FILE, HISTORY: 2**28, METRICS: 2**22, NOTES: 2**16}  # bytes
_LONGEST_TITLE = 1000  # characters

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

    @property
    def words(self) -> str:
        """How much it is: ``12 files, 3.4 MB``."""
        count = len(self.files)
        return f"{count:,} file{'' if count == 1 else 's'}, {self.size / 1e6:,.1f} MB"

    def text(self) -> str:
        """As JSON."""
        files = {name: {"size": e.size, "sha256": e.sha256} for name, e in self.files.items()}
        found = {"format": FORMAT, "kind": self.kind, "title": self.title[:_LONGEST_TITLE], "files": files}
        return json.dumps(found, ensure_ascii=False, separators=(",", ":"))


def read_contents(data: bytes, source: str) -> Contents:
    """The list of a package, checked. Raises InvalidInput."""
    try:
        found = json.loads(data)
        version, kind, title = found["format"], found["kind"], found["title"]
        files = {
            str(name): Entry(_size(entry["size"]), _digest(entry["sha256"]))
            for name, entry in found["files"].items()
        }
    except RecursionError:
        raise InvalidInput(f"{source}: its list {MANIFEST} is damaged: its parts lie too deep") from None
    except (KeyError, TypeError, AttributeError):
        raise InvalidInput(f"{source}: its list {MANIFEST} is damaged: parts of it are missing") from None
    except ValueError as error:
        reason = printable(str(error))[:200]
        raise InvalidInput(f"{source}: its list {MANIFEST} is damaged: {reason}") from None
    if type(version) is not int or version != FORMAT:
        raise InvalidInput(
            f"{source}: its format must be {FORMAT}, is {shown(version)}; a newer aegui may read it"
        )
    if kind not in ("run", "experiment"):
        raise InvalidInput(f"{source}: must hold a run or an experiment, holds {shown(kind)}")
    if not isinstance(title, str) or len(title) > _LONGEST_TITLE:
        raise InvalidInput(f"{source}: its title must be a text of at most {_LONGEST_TITLE:,} characters")
    contents = Contents(kind, title, files)
    _check_files(contents, source)
    return contents


def _check_files(contents: Contents, source: str) -> None:
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
    what = "a run" if contents.kind == "run" else "an experiment"
    for name in files:
        if name not in known and not name.startswith(f"{DATA}/"):
            raise InvalidInput(f"{source}: holds {name[:200]!r}, which is no part of {what}")
        if (reason := wrong_name(name)) is not None:
            raise InvalidInput(f"{source}: the name {name[:200]!r} {reason}")
    for name, longest in LONGEST.items():
        if name in files and files[name].size > longest:
            raise InvalidInput(
                f"{source}: {name} must have at most {longest:,} bytes, has {files[name].size:,}"
            )
    _check_apart(files, source)


def _check_apart(files: Mapping[str, Entry], source: str) -> None:
    """That every system tells the names from each other, and a file from a folder."""
    spelt = {_folded(name): name for name in files}
    if len(spelt) < len(files):
        raise InvalidInput(f"{source}: holds names that differ in upper and lower case or in accents alone")
    for key, name in spelt.items():
        parts = key.split("/")
        if any("/".join(parts[:count]) in spelt for count in range(1, len(parts))):
            raise InvalidInput(f"{source}: holds {name[:200]!r} below the name of another file")


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def wrong_name(name: str) -> str | None:
    """Why a file cannot have this name everywhere, and below the folder that is chosen; None if it can."""
    parts = name.split("/")
    if name.startswith("/"):
        return "is not relative"
    if {"", ".", ".."} & set(parts):
        return "leads out of its folder"
    if _FORBIDDEN.search(name):
        return "has a character that names of files cannot have everywhere"
    if not is_text(name):
        return "is no text in UTF-8"
    if len(parts) > DEEPEST or any(len(part.encode()) > LONGEST_NAME for part in parts):
        return f"is too long: at most {DEEPEST} folders and {LONGEST_NAME} bytes each"
    if any(_RESERVED.fullmatch(part) or part != part.rstrip(" .") for part in parts):
        return "cannot be the name of a file everywhere"
    return None


def _size(value: object) -> int:
    if type(value) is not int or not 0 <= value <= LARGEST:
        raise ValueError(f"a size must be a whole number from 0 to {LARGEST:,}, is {shown(value)}")
    return value


def _digest(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[0-9a-f]{64}", value):
        raise ValueError("a SHA-256 must have 64 hexadecimal digits")
    return value
