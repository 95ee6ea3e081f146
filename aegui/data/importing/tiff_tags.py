"""The tags of a TIFF file: Pillow reads each of them whole, and some of them number by number.

A small file whose tags share their bytes could ask for gigabytes, and one with a hundred million
strips would. So tags are added up before Pillow sees them.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from typing import IO

MOST_NUMBERS = 2_000_000  # in tags of numbers: the places of all strips or tiles of a picture

_SIZES = {3: 2, 4: 4, 5: 8, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8}  # bytes of numbers, by their type
_BELOW = (34665, 34853, 40965)  # tags that lead to further directories: EXIF, place, interoperability
_MOST_DIRECTORIES = 20

_Tag = tuple[int, int, int, bytes]  # its number, its type, how many values it has, the bytes of a small one


def has_bloated_tags(file: IO[bytes]) -> bool:
    """Whether tags hold more than their TIFF file, or too many numbers; the file stays where it is."""
    here = file.tell()
    size = file.seek(0, os.SEEK_END)
    try:
        return _is_bloated(_tags(file), size)
    except struct.error:  # cut off: Pillow says so
        return False
    finally:
        file.seek(here)


def _is_bloated(tags: Iterator[_Tag], size: int) -> bool:
    held = numbers = 0
    for _, kind, count, _ in tags:
        width = _SIZES.get(kind, 1)
        held += count * width
        numbers += count if width > 1 else 0
        if held > size or numbers > MOST_NUMBERS:
            return True
    return False


def _tags(file: IO[bytes]) -> Iterator[_Tag]:
    """The tags of the first directory and of those below it."""
    file.seek(0)
    start = file.read(16).ljust(16, b"\0")
    order = {b"II": "<", b"MM": ">"}.get(start[:2])
    if order is None:
        return
    big = 43 in start[2:4]
    places = [int.from_bytes(start[8:16] if big else start[4:8], "little" if order == "<" else "big")]
    for place in places:
        for tag in _directory(file, place, order, big):
            yield tag
            if tag[0] in _BELOW and len(places) < _MOST_DIRECTORIES:
                places.append(int.from_bytes(tag[3], "little" if order == "<" else "big"))


def _directory(file: IO[bytes], place: int, order: str, big: bool) -> Iterator[_Tag]:
    count, entry = (struct.Struct(order + kind) for kind in (("Q", "HHQ8s") if big else ("H", "HHI4s")))
    file.seek(min(place, 2**62))
    for _ in range(*count.unpack(file.read(count.size))):
        yield entry.unpack(file.read(entry.size))
