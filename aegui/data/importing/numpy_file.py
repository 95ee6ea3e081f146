"""Headers of NPY and NPZ files, checked before any number is read; nothing is ever unpickled."""

from __future__ import annotations

import math
import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from aegui.data.archives import DAMAGES, PIECE, opened_archive, opened_member
from aegui.data.idx import MAPPED_FROM
from aegui.data.importing.limits import check_memory, counted, refused
from aegui.data.importing.naming import shown
from aegui.data.importing.numpy_header import LONGEST_HEADER, declared_in
from aegui.data.importing.signatures import head_of
from aegui.errors import InvalidExperiment

Raw = NDArray[np.generic]

MOST_MEMBERS = 10_000  # arrays in one NPZ file
_LOCAL_HEADER = struct.Struct("<26xHH")  # of a member of a ZIP: the lengths of its name and its extra field
_TRUNCATED = "its array needs {needed:,} bytes by its header, has {has:,}: truncated or damaged"


@dataclass(frozen=True)
class Header:
    """One array of a file, as its header declares it."""

    name: str  # in an NPZ; empty in an NPY
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    fortran: bool
    offset: int | None  # of the first number in the file; None where it is compressed
    member: str = ""  # of the ZIP archive

    @property
    def size(self) -> int:
        """Bytes of all numbers."""
        return math.prod(self.shape) * self.dtype.itemsize

    @property
    def words(self) -> str:
        """Name, shape and type for people: ``"x" (100×28×28 uint8)``."""
        return f'"{self.name}" ({"×".join(str(n) for n in self.shape)} {self.dtype})'


def headers(path: Path) -> dict[str, Header]:
    """The arrays of an NPY (named "") or NPZ file by name. Raises InvalidExperiment if it is damaged."""
    head_of(path)  # tells folders and pipes apart, which would be waited for
    with _readable(path), path.open("rb") as file:
        if file.read(6) == b"\x93NUMPY":
            file.seek(0)
            header = _header(path, file, "", file)
            _check_length(path, header, path.stat().st_size - (header.offset or 0))
            return {"": header}
        return _members(path)


def load(path: Path, header: Header) -> Raw:
    """The array of a header, mapped from the disk where it is large and not compressed."""
    with _readable(path):
        if header.offset is not None and header.size > MAPPED_FROM:
            order: Any = "F" if header.fortran else "C"
            return np.memmap(path, header.dtype, "r", header.offset, header.shape, order)
        advice = "save it with numpy.save, which can be read from the disk"
        check_memory(path, header.size, advice)
        if header.member:
            return _unpacked(path, header)
        with path.open("rb") as file:
            file.seek(header.offset or 0)
            return _shaped(path, header, file)


def _unpacked(path: Path, header: Header) -> Raw:
    with opened_archive(path) as archive, opened_member(archive, archive.getinfo(header.member)) as member:
        _header(path, member, header.name)
        array = _shaped(path, header, member)
        member.read(1)  # the end, where the checksum is compared
        return array


def _shaped(path: Path, header: Header, file: IO[bytes]) -> Raw:
    """The array whose numbers follow in ``file``, read piece by piece: memory follows what is there."""
    body = bytearray()
    while len(body) < header.size and (piece := file.read(min(PIECE, header.size - len(body)))):
        body += piece
    if len(body) != header.size:
        raise refused(path, _TRUNCATED.format(needed=header.size, has=len(body)))
    flat: Raw = np.frombuffer(body, header.dtype)
    return flat.reshape(header.shape, order="F" if header.fortran else "C")


def _members(path: Path) -> dict[str, Header]:
    found: dict[str, Header] = {}
    with path.open("rb") as file, opened_archive(path) as archive:
        infos = [info for info in archive.infolist() if info.filename.endswith(".npy")]
        if not infos:
            has = ", ".join(shown(info.filename) for info in archive.infolist()[:4]) or "nothing"
            raise refused(path, f"is a ZIP archive without numpy arrays; it holds {has}")
        if len(infos) > MOST_MEMBERS:
            raise refused(path, f"must hold at most {MOST_MEMBERS:,} arrays, has {len(infos):,}")
        for info in infos:
            with opened_member(archive, info) as member:
                stored = file if info.compress_type == zipfile.ZIP_STORED else None
                header = _header(path, member, shown(info.filename.removesuffix(".npy")), stored, info)
                _check_length(path, header, info.file_size - member.tell())
                found[header.name] = header
    return found


def _header(
    path: Path,
    file: IO[bytes],
    name: str,
    plain: IO[bytes] | None = None,
    info: zipfile.ZipInfo | None = None,
) -> Header:
    """The header at the start of ``file``; ``plain`` is the file on the disk where it is not compressed."""
    version = npy.read_magic(file)
    if version not in ((1, 0), (2, 0), (3, 0)):
        raise refused(path, f"is an NPY file of the version {version}, must be 1.0 to 3.0; update aegui")
    found = declared_in(_text(path, file, version))
    start = None if plain is None else file.tell() + (0 if info is None else _start(plain, info))
    member = info.filename if info else ""
    return Header(name, found.shape, found.dtype, found.fortran, start, member)


def _text(path: Path, file: IO[bytes], version: tuple[int, int]) -> str:
    """The header after the version; its length is checked before it is read."""
    length = file.read(2 if version == (1, 0) else 4)
    size = int.from_bytes(length, "little")
    if size > LONGEST_HEADER:
        raise refused(path, f"its header must have at most {LONGEST_HEADER:,} bytes, declares {size:,}")
    text = file.read(size)
    if len(text) < size:
        raise ValueError(f"it must have {size:,} bytes, has {len(text):,}")
    return text.decode("utf-8" if version == (3, 0) else "latin-1")


def _start(file: IO[bytes], info: zipfile.ZipInfo) -> int:
    """Where the bytes of an uncompressed member begin."""
    here = file.tell()
    file.seek(info.header_offset)
    lengths = _LOCAL_HEADER.unpack(file.read(_LOCAL_HEADER.size))
    file.seek(here)
    return int(info.header_offset + _LOCAL_HEADER.size + sum(lengths))


def _check_length(path: Path, header: Header, has: int) -> None:
    if not header.dtype.hasobject and header.size > has:
        what = f"{header.words}: " if header.name else ""
        raise refused(path, what + _TRUNCATED.format(needed=header.size, has=has))


_DAMAGES = (ValueError, TypeError, SyntaxError, KeyError, OverflowError)


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Everything that a damaged file can raise, as an InvalidExperiment that names it."""
    try:
        yield
    except InvalidExperiment:
        raise
    except DAMAGES as error:
        raise refused(path, f"is a damaged NPZ file: {error}") from None
    except RecursionError:
        raise refused(path, "its header is damaged: it is nested too deeply") from None
    except (NotImplementedError, RuntimeError) as error:  # encrypted, or packed in an unusual way
        raise refused(path, f"cannot be unpacked: {error}; save it with numpy.savez") from None
    except OSError as error:
        raise refused(path, f"cannot be read: {error.strerror or error}") from None
    except _DAMAGES as error:
        reason = str(error).splitlines()[0].split(" on line")[0][:200] if str(error) else type(error).__name__
        raise refused(path, f"its header is damaged: {reason}") from None


def summary(found: dict[str, Header]) -> str:
    """What a file holds, in one line."""
    shown = ", ".join(header.words for header in list(found.values())[:6])
    more = f" and {counted(len(found) - 6, 'more array')}" if len(found) > 6 else ""
    return shown + more
