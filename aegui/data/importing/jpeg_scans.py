"""The scans of a JPEG file: each is a pass over the whole picture, and a small file can ask for thousands."""

from __future__ import annotations

import os
import re
from typing import IO

_MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")  # in coded pixels, 0 and 0xd0 to 0xd7 are none
_ALONE = b"\x01\xd8"  # markers that nothing follows
_SCAN, _END = b"\xda", b"\xd9"
_CHUNK = 2**16


def has_more_scans(file: IO[bytes], most: int) -> bool:
    """Whether the first picture of a JPEG file has more than ``most`` scans; the file stays where it is."""
    here = file.tell()
    file.seek(0)
    try:
        return _count(file, most + 1) > most
    finally:
        file.seek(here)


def _count(file: IO[bytes], enough: int) -> int:
    """Scans up to the end of the picture, or ``enough`` if there are more."""
    scans = 0
    while scans < enough and (marker := _next_marker(file)) not in (_END, b""):
        scans += marker == _SCAN
        if marker not in _ALONE:
            length = int.from_bytes(file.read(2), "big")
            file.seek(max(0, length - 2), os.SEEK_CUR)
    return scans


def _next_marker(file: IO[bytes]) -> bytes:
    """The code of the next marker, whatever lies before it; empty at the end of the file."""
    while chunk := file.read(_CHUNK):
        if found := _MARKER.search(chunk):
            file.seek(found.end() - len(chunk), os.SEEK_CUR)
            return chunk[found.end() - 1 : found.end()]
        if chunk.endswith(b"\xff") and len(chunk) > 1:
            file.seek(-1, os.SEEK_CUR)
    return b""
