"""ZIP archives that may be damaged, or made to do harm: opened with limits, read piece by piece."""

from __future__ import annotations

import errno
import os
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

LARGEST_DIRECTORY = 2**23  # bytes of the list of members at the end; one member takes some hundred
PIECE = 2**20  # bytes that are read at once
DAMAGES = (zipfile.BadZipFile, zlib.error, struct.error, EOFError)  # what reading a damaged archive raises
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others unfold further, or want gigabytes for it


@contextmanager
def opened_archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """An archive to be read. Raises OSError, and BadZipFile or another error of zipfile if it is damaged."""
    with path.open("rb") as file, zipfile.ZipFile(cast(IO[bytes], _Sparing(file))) as archive:
        yield archive


@contextmanager
def opened_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[IO[bytes]]:
    """A member to be read in pieces of ``PIECE`` bytes at most.

    Raises NotImplementedError if it is packed in an unusual way, RuntimeError if it is encrypted.
    """
    if info.compress_type not in _PACKINGS:
        raise NotImplementedError("it is neither stored nor deflated")
    with archive.open(info) as member:
        yield member


class _Sparing:
    """A file of which nothing large is read at once, whatever an archive says about itself."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.tell, self.seekable = file.tell, file.seekable

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """As of every file, but a place that cannot be is a damage, not a fault of the disk."""
        try:
            return self._file.seek(offset, whence)
        except OSError as error:
            if error.errno != errno.EINVAL:
                raise
            raise _NoPlace("it refers to a place that no file has") from None

    def read(self, size: int = -1) -> bytes:
        if size > LARGEST_DIRECTORY:
            most = f"at most {LARGEST_DIRECTORY:,} bytes"
            raise zipfile.BadZipFile(f"its list of members must have {most}, declares {size:,}")
        return self._file.read(size)


class _NoPlace(zipfile.BadZipFile, OSError):
    """A place before the beginning or beyond any file. zipfile expects an OSError where it tries one out."""
