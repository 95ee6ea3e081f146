"""Reads IDX, the format of MNIST: a magic number, the sizes, then the numbers, big-endian."""

from __future__ import annotations

import gzip
import math
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np
from numpy.typing import NDArray

from aegui.errors import InvalidInput

Header = tuple[np.dtype[np.generic], tuple[int, ...]]  # type and shape

LARGEST = 2**30  # bytes of numbers in one file; MNIST has 47 million
MAPPED_FROM = 64 * 2**20  # bytes; larger arrays stay on the disk where the format allows

_TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
_MOST_AXES = 8
_CHUNK = 2**20


def read_idx(path: Path | str, largest: int = LARGEST) -> NDArray[np.generic]:
    """The array of an IDX file, plain or gzipped, in this machine's byte order.

    Reads no more than the header promises, and nothing if that is above ``largest`` bytes.
    Raises InvalidInput, naming the file, the limit and the value.
    """
    path = Path(path)
    with _readable(path), _open(path) as file:
        return _read(file, path, largest)


def open_idx(path: Path | str, largest: int = LARGEST, mapped_from: int = MAPPED_FROM) -> NDArray[np.generic]:
    """As :func:`read_idx`, but a plain file of more than ``mapped_from`` bytes stays on the disk, mapped.

    ``largest`` is a limit on memory, so mapped files may be larger. Numbers of several bytes
    have a foreign byte order on most machines, and are read all the same.
    """
    path = Path(path)
    with _readable(path), path.open("rb") as file:
        if file.read(2) == b"\0\0" and path.stat().st_size > mapped_from:
            file.seek(0)
            dtype, shape = _header(file, path)
            if dtype.isnative:
                return _mapped(path, dtype, shape, file.tell())
    return read_idx(path, largest)


def idx_header(path: Path | str) -> Header:
    """Type and shape that the header of an IDX file declares. Raises InvalidInput if it is none."""
    path = Path(path)
    with _readable(path), _open(path) as file:
        return _header(file, path)


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """What the system and gzip raise, as InvalidInput that names the file."""
    try:
        yield
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InvalidInput(f"{path}: is a damaged gzip file: {error}") from None
    except OSError as error:
        raise InvalidInput(f"{path}: cannot be read: {error.strerror or error}") from None
    except ValueError as error:  # the file has just become shorter than what was to be mapped
        raise InvalidInput(f"{path}: cannot be read: {error}") from None


def _mapped(
    path: Path, dtype: np.dtype[np.generic], shape: tuple[int, ...], offset: int
) -> NDArray[np.generic]:
    size, has = math.prod(shape) * dtype.itemsize, path.stat().st_size - offset
    if has != size:
        raise InvalidInput(_wrong_size(path, size, f"{has:,}", has > size))
    return np.memmap(path, dtype, "r", offset, shape)


def _open(path: Path) -> BinaryIO:
    with path.open("rb") as file:
        gzipped = file.read(2) == b"\x1f\x8b"
    return cast(BinaryIO, gzip.open(path, "rb")) if gzipped else path.open("rb")


def _read(file: BinaryIO, path: Path, largest: int) -> NDArray[np.generic]:
    dtype, shape = _header(file, path)
    size = math.prod(shape) * dtype.itemsize
    if size > largest:
        raise InvalidInput(f"{path}: must hold at most {largest:,} bytes, its header says {size:,}")
    body = _at_most(file, size + 1)
    if len(body) != size:
        has = f"more than {size:,}" if len(body) > size else f"{len(body):,}"
        raise InvalidInput(_wrong_size(path, size, has, len(body) > size))
    array = np.frombuffer(body, dtype).reshape(shape)
    return array.astype(dtype.newbyteorder("="), copy=False)


def _wrong_size(path: Path, size: int, has: str, more: bool) -> str:
    what = "trailing bytes" if more else "truncated"
    return f"{path}: must hold {size:,} bytes by its header, has {has}: {what}"


def _header(file: BinaryIO, path: Path) -> Header:
    magic = file.read(4)
    if len(magic) < 4 or magic[:2] != b"\0\0":
        raise InvalidInput(f"{path}: is not an IDX file: must start with two zero bytes, got {magic!r}")
    if magic[2] not in _TYPES:
        known = ", ".join(f"0x{code:02x}" for code in _TYPES)
        raise InvalidInput(f"{path}: its type of number must be one of {known}, got 0x{magic[2]:02x}")
    axes = magic[3]
    if not 1 <= axes <= _MOST_AXES:
        raise InvalidInput(f"{path}: must have 1 to {_MOST_AXES} axes, got {axes}")
    sizes = file.read(4 * axes)
    if len(sizes) < 4 * axes:
        raise InvalidInput(f"{path}: its header must have {4 + 4 * axes} bytes, has {4 + len(sizes)}")
    shape = tuple(int.from_bytes(sizes[i : i + 4], "big") for i in range(0, len(sizes), 4))
    if 0 in shape:
        raise InvalidInput(f"{path}: holds no numbers: its shape is {shape}")
    return np.dtype(_TYPES[magic[2]]), shape


def _at_most(file: BinaryIO, size: int) -> bytearray:
    """Up to ``size`` bytes, in steps, so that memory follows the file and not its header."""
    body = bytearray()
    while len(body) < size:
        chunk = file.read(min(_CHUNK, size - len(body)))
        if not chunk:
            break
        body += chunk
    return body
