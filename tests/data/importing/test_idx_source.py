"""IDX files of one's own: samples, labels, test parts, and the worst of them."""

from __future__ import annotations

import gzip
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from aegui.data.idx import open_idx
from aegui.data.importing.numbers import is_mapped
from aegui.data.importing.reading import guess, read_file
from aegui.errors import InvalidExperiment, InvalidInput
from aegui.resources import resource
from aegui.spec import IdxSource

Put = Callable[[str, bytes], str]
CODES = {"u1": 8, "i1": 9, "i2": 11, "i4": 12, "f4": 13, "f8": 14}
PICTURES = np.random.default_rng(0).integers(0, 256, (20, 6, 5), dtype=np.uint8)
LABELS = (np.arange(20) % 4).astype(np.uint8)


def idx(array: np.ndarray) -> bytes:
    code = CODES[array.dtype.str[1:]]
    sizes = struct.pack(f">{array.ndim}I", *array.shape)
    return bytes([0, 0, code, array.ndim]) + sizes + array.astype(array.dtype.newbyteorder(">")).tobytes()


@pytest.fixture
def put(tmp_path: Path) -> Put:
    def write(name: str, content: bytes) -> str:
        (tmp_path / name).write_bytes(content)
        return str(tmp_path / name)

    return write


def problems(source: IdxSource) -> dict[str, str]:
    with pytest.raises(InvalidExperiment) as caught:
        read_file(source)
    return {problem.path.removeprefix("data.source."): problem.message for problem in caught.value.problems}


@pytest.mark.parametrize("compress", [bytes, gzip.compress])
def test_that_samples_labels_and_test_part_are_read(put: Put, compress: Callable[[bytes], bytes]) -> None:
    source = IdxSource(
        path=put("a", compress(idx(PICTURES))),
        labels=put("b", compress(idx(LABELS))),
        test=put("c", compress(idx(PICTURES[:5]))),
        test_labels=put("d", idx(LABELS[:5] + 1)),
    )
    stored = read_file(source)
    assert stored.shape == (6, 5) and stored.layout == "picture" and (stored.low, stored.high) == (0, 255)
    assert stored.classes == ("0", "1", "2", "3", "4")
    assert stored.test is not None
    np.testing.assert_array_equal(stored.train.stored, PICTURES.reshape(20, -1))
    np.testing.assert_array_equal(stored.test.labels, LABELS[:5] + 1)


@pytest.mark.parametrize(
    ("array", "shape", "layout"),
    [
        (np.arange(60, dtype="i2").reshape(12, 5), (5,), "table"),
        (np.arange(700, dtype="f4").reshape(7, 100), (100,), "signal"),
        (np.arange(7 * 48, dtype="i4").reshape(7, 3, 4, 4), (3, 4, 4), "picture"),
        (np.arange(7 * 48, dtype="f8").reshape(7, 4, 4, 3), (3, 4, 4), "picture"),
    ],
)
def test_that_rows_and_colours_are_read(
    put: Put, array: np.ndarray, shape: tuple[int, ...], layout: str
) -> None:
    stored = read_file(IdxSource(path=put("x", idx(array))))
    assert (stored.shape, stored.layout) == (shape, layout)
    assert stored.train.stored.dtype.isnative and stored.train.stored.sum() == array.sum()


def test_that_a_large_plain_file_stays_on_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "huge-idx"
    with path.open("wb") as file:
        file.write(bytes([0, 0, 8, 3]) + struct.pack(">3I", 1_000_000, 28, 28))
        file.truncate(16 + 784_000_000)
    stored = read_file(IdxSource(path=str(path)))
    assert is_mapped(stored.train.stored) and stored.train.stored.shape == (1_000_000, 784)
    with path.open("r+b") as file:
        file.truncate(700_000_000)
    with pytest.raises(
        InvalidInput, match="must hold 784,000,000 bytes by its header, has 699,999,984: trunc"
    ):
        open_idx(path)


def test_that_mnists_own_files_are_guessed_and_read() -> None:
    for path in (resource("data", "mnist"), resource("data", "mnist", "train-labels-idx1-ubyte.gz")):
        source = guess(path)
        assert isinstance(source, IdxSource)
        assert [Path(p).name[:9] for p in (source.path, source.labels, source.test, source.test_labels)] == [
            "train-ima", "train-lab", "t10k-imag", "t10k-labe",
        ]  # fmt: skip
    stored = read_file(guess(resource("data", "mnist", "t10k-images-idx3-ubyte.gz")))
    assert len(stored.train) == 10_000 and stored.test is None and len(stored.classes) == 10


def test_that_every_problem_of_the_four_files_is_told_at_once(put: Put) -> None:
    good = put("good", idx(PICTURES))
    found = problems(
        IdxSource(
            path=good, labels=put("few", idx(LABELS[:9])), test=good + "x", test_labels=put("no", b"hello")
        )
    )
    assert set(found) == {"labels", "test", "test_labels"}
    assert "a label for each of the 20 samples" in found["labels"] and "has 9 labels" in found["labels"]
    assert "cannot be read" in found["test"] and "not an IDX file" in found["test_labels"]


def test_that_parts_must_fit_together(put: Put) -> None:
    path, labels = put("x", idx(PICTURES)), put("y", idx(LABELS))
    other = put("z", idx(PICTURES[:, :4]))
    assert "must have samples of the shape" in problems(IdxSource(path=path, test=other))["test"]
    assert "needs labels" in problems(IdxSource(path=path, labels=labels, test=path))["test_labels"]
    assert "needs the samples" in problems(IdxSource(path=path, labels=labels, test_labels=labels))["test"]
    assert "needs labels" in problems(IdxSource(path=path, test=path, test_labels=labels))["labels"]
    assert "on one axis" in problems(IdxSource(path=path, labels=path))["labels"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not an IDX file"),
        (b"\x89PNG and so on", "not an IDX file"),
        (idx(PICTURES)[:-1], "truncated"),
        (idx(PICTURES) + b"x", "trailing"),
        (gzip.compress(idx(PICTURES), mtime=0)[:99], "damaged gzip"),
        (bytes([0, 0, 7, 3]) + bytes(12), "type of number"),
        (bytes([0, 0, 8, 3]) + bytes(12), "holds no numbers"),
        (bytes([0, 0, 8, 3]) + b"\xff" * 12, "at most 1,000,000 numbers, has 4,294,967,295×4"),
        (bytes([0, 0, 8, 9]) + bytes(40), "1 to 8 axes"),
        (idx(LABELS), "a single number for each sample"),
        (idx(PICTURES[:2]), "at least 3 samples"),
        (idx(np.zeros((3, 1100, 1000), "u1")), "at most 1,000,000 numbers"),
        (idx(np.full((5, 4), np.nan, "f4")), "20 gaps"),
        (idx(np.zeros((3, 2, 2, 2, 2), "u1")), "must have 2 to 4 axes"),
    ],
)
def test_that_a_bad_idx_file_is_refused_by_name_and_reason(put: Put, content: bytes, message: str) -> None:
    path = put("bad-idx", content)
    with pytest.raises(InvalidExperiment, match=message) as caught:
        read_file(IdxSource(path=path))
    assert path in str(caught.value) and [p.path for p in caught.value.problems] == ["data.source.path"]


def test_that_folders_and_missing_files_are_refused(tmp_path: Path) -> None:
    assert "is a folder" in problems(IdxSource(path=str(tmp_path)))["path"]
    assert "cannot be read" in problems(IdxSource(path=str(tmp_path / "nothing")))["path"]


class Unread:
    """A gzip file of which no more than a header may be read."""

    def __init__(self, path: str, mode: str) -> None:
        self._file = gzip.GzipFile(path, mode)
        self._left = 64

    def read(self, size: int) -> bytes:
        self._left -= size
        assert self._left > 0
        return self._file.read(size)

    def __enter__(self) -> Unread:
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()


@pytest.mark.parametrize(
    ("field", "shape", "message"),
    [
        ("path", (20, 2_000_000_000), "at most 1,000,000 numbers"),
        ("path", (20, 2, 2, 2, 2), "must have 2 to 4 axes"),
        ("path", (1_000_000_000,), "a single number for each sample"),
        ("labels", (2_000_000_000,), "has 2,000,000,000 labels"),
        ("labels", (20, 2_000_000_000), "one-hot of at most 1,000 classes"),
    ],
)
def test_that_nothing_is_unpacked_that_its_header_rules_out(
    put: Put, monkeypatch: pytest.MonkeyPatch, field: str, shape: tuple[int, ...], message: str
) -> None:
    bomb = bytes([0, 0, 8, len(shape)]) + struct.pack(f">{len(shape)}I", *shape) + bytes(10_000)
    paths = {
        "path": put("x", gzip.compress(idx(PICTURES), mtime=0)),
        field: put("bomb", gzip.compress(bomb, mtime=0)),
    }
    monkeypatch.setattr(gzip, "open", Unread)
    assert message in problems(IdxSource(**paths))[field]


def test_that_a_lack_of_memory_is_told(put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object) -> bytearray:
        raise MemoryError

    monkeypatch.setattr("aegui.data.idx._at_most", fail)
    path = put("x", idx(PICTURES))
    assert "does not fit into the free memory" in problems(IdxSource(path=path))["path"]
