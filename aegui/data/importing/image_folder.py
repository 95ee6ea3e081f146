"""Finds the pictures in a folder and in everything below it."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from aegui.data.importing.image_notes import Tally, short

Visited = Callable[[], None]

SUFFIXES = frozenset(
    {
        *(".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".bmp", ".dib", ".tif", ".tiff", ".webp", ".gif"),
        *(".pbm", ".pgm", ".ppm", ".pnm"),
    }
)
KINDS = "PNG, JPEG, BMP, TIFF, WebP, GIF or PNM"

_MOST_LOOKED_AT = 20_000  # folders and files that are no pictures, before a folder is left to its reader
_BESIDE_PICTURES = frozenset({"__macosx", "@eadir"})  # what macOS and network disks put beside pictures


@dataclass(frozen=True)
class Picture:
    """A file that is a picture by its name."""

    path: str
    parts: tuple[str, ...]  # names below the folder, its own last


@dataclass
class Walk:
    """Everything below a folder."""

    pictures: list[Picture] = field(default_factory=list)
    others: Tally = field(default_factory=Tally)  # files that are no pictures
    hidden: Tally = field(default_factory=Tally)  # folders
    unreadable: Tally = field(default_factory=Tally)  # folders
    repeated: Tally = field(default_factory=Tally)  # links to folders that were read already

    def notes(self) -> Iterator[str]:
        """What was not read, a sentence each."""
        if n := self.others.count:
            yield f"{n:,} file{'' if n == 1 else 's'} of another kind skipped: {self.others}."
        if n := self.hidden.count:
            yield f"{n:,} hidden folder{'' if n == 1 else 's'} skipped: {self.hidden}."
        if n := self.unreadable.count:
            yield f"{n:,} folder{'' if n == 1 else 's'} could not be read: {self.unreadable}."
        if n := self.repeated.count:
            yield f"{n:,} link{'' if n == 1 else 's'} to a folder that was read already: {self.repeated}."


def expanded(path: str) -> str:
    """The path of a folder as the system takes it: ``~`` is the user's own."""
    return os.path.expanduser(path)


def folder_fingerprint(path: str) -> object:
    """Something hashable that changes when pictures below a folder are added, removed or written.

    None where there is no such folder; it never raises.
    """
    try:
        os.scandir(expanded(path)).close()
    except (OSError, ValueError):
        return None
    found = walk(expanded(path))
    digest = hashlib.blake2b(digest_size=16)
    for picture in found.pictures:
        digest.update(repr((picture.parts, _state(picture.path))).encode())
    return digest.digest()


def _state(path: str) -> tuple[int, int] | None:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns


def natural(name: str) -> tuple[tuple[str | int, ...], str]:
    """A key that sorts ``class 2`` before ``class 10``."""
    pieces = re.split(r"(\d+)", name.casefold())
    return tuple(int(p) if i % 2 else p for i, p in enumerate(pieces)), name


def in_order(found: Iterable[Picture]) -> list[Picture]:
    """Pictures in natural order of their folders and names."""
    return sorted(found, key=lambda picture: tuple(natural(part) for part in picture.parts))


def walk(root: str, visited: Visited = lambda: None) -> Walk:
    """Everything below ``root``, links followed, each folder once; ``visited`` is called for each.

    What cannot be read is counted.
    """
    found = Walk()
    for _ in _steps(root, found):
        visited()
    return found


def may_hold_pictures(root: str) -> bool:
    """Whether there are pictures below a folder; also where there is more than can be looked at quickly."""
    found = Walk()
    for folders, _ in enumerate(_steps(root, found)):
        if found.pictures or folders + found.others.count > _MOST_LOOKED_AT:
            return True
    return bool(found.pictures)


def _steps(root: str, found: Walk) -> Iterator[None]:
    """Adds folder after folder to ``found``, and stops before each."""
    seen: set[tuple[int, int]] = set()
    stack: list[tuple[str, tuple[str, ...]]] = [(root, ())]  # folders may lie deeper than Python recurses
    while stack:
        path, parts = stack.pop()
        yield
        try:
            identity, entries = _opened(path)
        except OSError as error:
            found.unreadable.add(f"{short(parts or (root,))} ({error.strerror})")
            continue
        if identity in seen:
            found.repeated.add(short(parts))
            continue
        seen.add(identity)
        stack += reversed([(entry.path, (*parts, entry.name)) for entry in _sort(entries, parts, found)])


def _opened(path: str) -> tuple[tuple[int, int], list[os.DirEntry[str]]]:
    """What a folder is to the system, which ends loops of links, and what it holds."""
    status = os.stat(path)
    with os.scandir(path) as entries:
        return (status.st_dev, status.st_ino), list(entries)


def _sort(entries: list[os.DirEntry[str]], parts: tuple[str, ...], found: Walk) -> list[os.DirEntry[str]]:
    """The folders among ``entries``, links last; the files go to where they belong in ``found``."""
    folders = []
    for entry in sorted(entries, key=lambda e: (e.is_symlink(), e.name)):
        below = (*parts, entry.name)
        if _is(entry, os.DirEntry.is_dir):
            if entry.name.startswith(".") or entry.name.casefold() in _BESIDE_PICTURES:
                found.hidden.add(short(below))
            else:
                folders.append(entry)
        elif _is_picture(entry):
            found.pictures.append(Picture(entry.path, below))
        else:
            found.others.add(short(below))
    return folders


def _is_picture(entry: os.DirEntry[str]) -> bool:
    """Whether it is a file, no pipe or broken link, that is called like a picture and is not hidden."""
    suffix = os.path.splitext(entry.name)[1].lower()
    return suffix in SUFFIXES and not entry.name.startswith(".") and _is(entry, os.DirEntry.is_file)


def _is(entry: os.DirEntry[str], question: Callable[[os.DirEntry[str]], bool]) -> bool:
    try:
        return question(entry)
    except OSError:  # a link to itself
        return False
