"""The reader of IDX files, whole and broken."""

from __future__ import annotations

import gzip
import hashlib
import struct
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from aegui.data.idx import read_idx
from aegui.errors import InvalidInput
from aegui.resources import resource

# Of the uncompressed files, as in their authors' distribution.
SHA256 = {
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}


def idx(code: int, shape: tuple[int, ...], body: bytes) -> bytes:
    return bytes([0, 0, code, len(shape)]) + struct.pack(f">{len(shape)}I", *shape) + body


def written(folder: Path, content: bytes, name: str = "x-idx") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("name", SHA256)
def test_that_the_bundled_mnist_is_the_authors_to_the_byte(name: str) -> None:
    content = gzip.decompress(resource("data", "mnist", f"{name}.gz").read_bytes())
    assert hashlib.sha256(content).hexdigest() == SHA256[name]


@pytest.mark.parametrize("name", SHA256)
def test_that_the_bundled_gzip_files_carry_no_date_and_no_name(name: str) -> None:
    head = resource("data", "mnist", f"{name}.gz").read_bytes()[:8]
    assert head == b"\x1f\x8b\x08\x00\x00\x00\x00\x00"


@pytest.mark.parametrize(
    ("code", "dtype"), [(8, "u1"), (9, "i1"), (11, "i2"), (12, "i4"), (13, "f4"), (14, "f8")]
)
@pytest.mark.parametrize("compress", [bytes, gzip.compress])
def test_that_every_type_of_number_is_read(tmp_path: Path, code: int, dtype: str, compress: type) -> None:
    array = np.arange(24).reshape(2, 3, 4).astype(dtype)
    path = written(tmp_path, compress(idx(code, array.shape, array.astype(f">{dtype}").tobytes())))
    read = read_idx(path)
    np.testing.assert_array_equal(read, array)
    assert read.dtype == array.dtype


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not an IDX file"),
        (b"PNG and so on", "not an IDX file: must start with two zero bytes"),
        (idx(0x07, (2,), b"ab"), "type of number must be one of .* got 0x07"),
        (bytes([0, 0, 8, 0]), "must have 1 to 8 axes, got 0"),
        (bytes([0, 0, 8, 255]) + bytes(2000), "must have 1 to 8 axes, got 255"),
        (bytes([0, 0, 8, 3, 0, 0]), "header must have 16 bytes, has 6"),
        (idx(8, (2, 3), b"12345"), "must hold 6 bytes by its header, has 5: truncated"),
        (idx(8, (2, 3), b"1234567"), "must hold 6 bytes by its header, has more than 6: trailing bytes"),
        (idx(8, (0, 3), b""), "holds no numbers"),
        (idx(8, (2**31, 2**31), b"1"), "must hold at most 1,073,741,824 bytes, its header says 4,611,686"),
        (gzip.compress(idx(8, (100,), bytes(range(100))), mtime=0)[:40], "damaged gzip"),
        (gzip.compress(b"x" * 100, mtime=0)[:-8] + bytes(8), "not an IDX|damaged gzip"),
        (b"\x1f\x8b\x08\x00 nonsense that is no stream", "damaged gzip"),
    ],
)
def test_that_a_broken_file_is_refused_by_name_and_reason(
    tmp_path: Path, content: bytes, message: str
) -> None:
    path = written(tmp_path, content)
    with pytest.raises(InvalidInput, match=message) as caught:
        read_idx(path)
    assert str(path) in str(caught.value)


def test_that_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="cannot be read"):
        read_idx(tmp_path / "nothing")
    with pytest.raises(InvalidInput, match="cannot be read"):
        read_idx(tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        idx(8, (1000, 1000, 900), b"few"),  # promises 900 MB, has three bytes
        gzip.compress(idx(8, (10,), bytes(50_000_000)), mtime=0),  # promises ten bytes, unfolds to 50 MB
    ],
)
def test_that_neither_a_false_header_nor_a_bomb_takes_memory(tmp_path: Path, content: bytes) -> None:
    path = written(tmp_path, content)
    tracemalloc.start()
    try:
        with pytest.raises(InvalidInput):
            read_idx(path)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def test_that_the_limit_can_be_set(tmp_path: Path) -> None:
    path = written(tmp_path, idx(8, (10,), bytes(10)))
    assert read_idx(path, largest=10).shape == (10,)
    with pytest.raises(InvalidInput, match="at most 9 bytes, its header says 10"):
        read_idx(path, largest=9)
