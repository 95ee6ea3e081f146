"""Numpy files: which array is what, on the disk or in memory, and the worst of them."""

from __future__ import annotations

import dataclasses
import io
import pickle
import resource
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.lib import format as npy

from aegui.data.importing.limits import memory_limit
from aegui.data.importing.numbers import is_mapped
from aegui.data.importing.numpy_file import headers, load
from aegui.data.importing.reading import read_file
from aegui.data.importing.report import describe
from aegui.data.load import load_dataset
from aegui.data.stored import Stored
from aegui.errors import InvalidExperiment
from aegui.spec import ArraySource, Data, Scaling

Save = Callable[..., Path]
RANDOM = np.random.default_rng(0)
PICTURES = RANDOM.integers(0, 256, (30, 6, 5), dtype=np.uint8)
LABELS = np.arange(30) % 3
NUMBERS = RANDOM.normal(size=(20, 5))


@pytest.fixture
def save(tmp_path: Path) -> Save:
    """Saves one array as NPY, named ones as NPZ."""

    def put(array: Any = None, **named: Any) -> Path:
        path = tmp_path / ("file.npz" if named else "file.npy")
        if named:
            np.savez(path, **named)
        else:
            np.save(path, array)
        return path

    return put


def read(path: Path, **choices: Any) -> Stored:
    return read_file(ArraySource(path=str(path), **choices))


def problems(path: Path, **choices: Any) -> dict[str, str]:
    """The messages of a file that cannot be used, by path; each names the file."""
    with pytest.raises(InvalidExperiment) as caught:
        read(path, **choices)
    assert all(str(path) in problem.message for problem in caught.value.problems)
    return {problem.path.removeprefix("data.source."): problem.message for problem in caught.value.problems}


def said(stored: Stored, words: str) -> bool:
    return any(words in note for note in stored.notes)


@pytest.mark.parametrize(
    ("samples", "labels"),
    [("x", "y"), ("X", "Y"), ("data", "target"), ("images", "labels"), ("arr_0", "arr_1")],
)
def test_that_the_usual_names_are_found(save: Save, samples: str, labels: str) -> None:
    stored = read(save(**{labels: LABELS, "weights": np.zeros((500, 500)), samples: PICTURES}))
    assert stored.shape == (6, 5) and stored.layout == "picture" and stored.classes == ("0", "1", "2")
    np.testing.assert_array_equal(stored.train.stored, PICTURES.reshape(30, -1))
    assert (stored.low, stored.high) == (0, 255) and stored.test is None


@pytest.mark.parametrize(
    ("train", "test", "y_train", "y_test"),
    [
        ("x_train", "x_test", "y_train", "y_test"),
        ("train_images", "test_images", "train_labels", "test_labels"),
        ("X_Train", "X_Test", "Y_Train", "Y_Test"),
    ],
)
def test_that_an_official_test_part_is_kept(
    save: Save, train: str, test: str, y_train: str, y_test: str
) -> None:
    arrays = {test: PICTURES[:9], y_test: LABELS[:9] + 1, train: PICTURES, y_train: LABELS}
    stored = read(save(**arrays))
    assert stored.test is not None and len(stored.train) == 30 and len(stored.test) == 9
    assert stored.classes == ("0", "1", "2", "3") and stored.test.labels is not None
    np.testing.assert_array_equal(stored.test.labels, LABELS[:9] + 1)


def test_that_a_test_part_without_labels_is_left_out_beside_labels(save: Save) -> None:
    stored = read(save(x_train=PICTURES, y_train=LABELS, x_test=PICTURES))
    assert stored.test is None and said(stored, '"x_test" is left out, since it has no labels')


def test_that_the_largest_array_is_taken_where_no_name_is_usual(save: Save) -> None:
    stored = read(save(faces=PICTURES, seed=np.array(3), mean=np.zeros((6, 5))))
    assert stored.shape == (6, 5) and said(stored, '"faces" (30×6×5 uint8)')


def test_that_names_can_be_chosen(save: Save) -> None:
    path = save(x=NUMBERS, other=PICTURES, kinds=LABELS.astype(str))
    stored = read(path, array="other", label="kinds")
    assert stored.shape == (6, 5) and stored.classes == ("0", "1", "2")


@pytest.mark.parametrize(
    "labels",
    [
        LABELS.reshape(-1, 1),
        LABELS.astype(np.float32),
        np.eye(3)[LABELS],
        np.array(["ant", "bee", "cat"])[LABELS],
        np.array([b"ant", b"bee ", b"cat"])[LABELS],
    ],
)
def test_that_labels_are_read_in_every_usual_shape(save: Save, labels: np.ndarray) -> None:
    stored = read(save(x=PICTURES, y=labels, class_names=np.array(["ant", "bee", "cat"])))
    assert stored.classes == ("ant", "bee", "cat")
    np.testing.assert_array_equal(stored.train.labels, LABELS)


def test_that_names_hold_nothing_that_steers_a_terminal_or_is_no_text(save: Save) -> None:
    words = np.array(["a\x1b[31m\nb", "\ud800", "c\0d"])[LABELS]
    stored = read(save(**{"x\x1b\n": PICTURES, "y": words}))
    assert stored.classes == ("a\ufffd[31m b", "c\ufffdd", "\ufffd") and said(stored, '"x\ufffd" (30×6×5')


def test_that_bytes_are_read_as_utf_8_where_they_are(save: Save) -> None:
    words = np.array(["größe".encode(), "größe".encode("latin-1"), b"ant"])[LABELS]
    assert read(save(x=PICTURES, y=words)).classes == ("ant", "größe")


NO_LETTERS = np.frombuffer(b"a\0\0\0b\0\0\0\xff\xff\xff\xff", "<U1")[LABELS]


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (NO_LETTERS, "no such letters"),
        (NO_LETTERS.astype(">U1"), "no such letters"),
        (LABELS.astype("M8[s]"), "must hold whole numbers or text, holds datetime64"),
        (np.zeros(30, [("a", "i4")]), "must hold whole numbers or text, holds "),
        (np.zeros((30, 3, 3)), "one-hot of at most 1,000 classes, is 30×3×3"),
        (np.zeros((30, 1001), "u1"), "one-hot of at most 1,000 classes, is 30×1,001"),
        (np.full(30, "a" * 1001), "at most 1,000 letters"),
    ],
)
def test_that_labels_that_cannot_be_classes_are_named(save: Save, labels: np.ndarray, message: str) -> None:
    path = save(x=PICTURES, y=labels)
    assert read(path).classes == () and said(read(path), message)
    assert message in problems(path, label="y")["label"]


def test_that_a_test_part_with_other_labels_or_numbers_is_left_out(save: Save) -> None:
    for other in (LABELS.astype("M8[s]"), np.zeros(30, [("a", "i4")])):
        stored = read(save(x_train=PICTURES, y_train=LABELS, x_test=PICTURES, y_test=other))
        assert stored.test is None and said(stored, 'it has no labels: "y_test" must hold whole numbers')
    stored = read(save(x_train=PICTURES, x_test=PICTURES / 255))
    assert stored.test is None and said(stored, 'it holds float64 while "x_train" holds uint8')
    assert read(save(x_train=PICTURES, x_test=PICTURES.astype(int))).test is not None


@pytest.mark.parametrize(
    ("shape", "channels", "sample"),
    [
        ((7, 6, 5), "auto", (6, 5)),
        ((7, 1, 6, 5), "auto", (6, 5)),
        ((7, 6, 5, 1), "auto", (6, 5)),
        ((7, 3, 6, 5), "auto", (3, 6, 5)),
        ((7, 6, 5, 3), "auto", (3, 6, 5)),
        ((7, 6, 5, 4), "auto", (3, 6, 5)),
        ((7, 4, 4, 3), "auto", (3, 4, 4)),
        ((7, 3, 5, 3), "last", (3, 3, 5)),
        ((7, 3, 5, 3), "first", (3, 5, 3)),
        ((7, 6, 1, 5), "none", None),
        ((7, 40, 1), "auto", (40,)),
        ((7, 1, 40), "auto", (40,)),
    ],
)
def test_that_the_colour_axis_is_found(
    save: Save, shape: tuple[int, ...], channels: str, sample: tuple[int, ...] | None
) -> None:
    array = RANDOM.integers(0, 256, shape, dtype=np.uint8)
    path = save(array)
    if sample is None:
        assert "colour axis" in problems(path, channels=channels)["channels"]
        return
    stored = read(path, channels=channels)
    assert stored.shape == sample
    picture = array[3]
    if len(sample) == 3 and shape[1:] != sample:
        picture = np.moveaxis(picture, 2, 0)[:3]
    np.testing.assert_array_equal(stored.train.stored[3], picture.reshape(-1))


@pytest.mark.parametrize(
    ("array", "layout", "shape"),
    [
        (NUMBERS, "table", (5,)),
        (RANDOM.normal(size=(9, 64)), "table", (64,)),
        (RANDOM.normal(size=(9, 65)), "signal", (65,)),
        (RANDOM.integers(0, 256, (9, 784), dtype=np.uint8), "picture", (28, 28)),
        (RANDOM.integers(0, 256, (9, 784)), "signal", (784,)),
    ],
)
def test_that_rows_are_records_signals_or_pictures(
    save: Save, array: np.ndarray, layout: str, shape: tuple[int, ...]
) -> None:
    stored = read(save(array))
    assert (stored.layout, stored.shape) == (layout, shape)
    assert read(save(array), rows="table").layout == "table"
    assert read(save(array), rows="signal").layout == "signal"


@pytest.mark.parametrize(
    ("array", "declared"),
    [
        (PICTURES, (0, 255)),
        (PICTURES // 200, (0, 1)),
        (PICTURES > 99, (0, 1)),
        (PICTURES / 255, (0, 1)),
        (PICTURES.astype(np.float32), (0, 255)),
        (PICTURES - 128.0, (None, None)),
        (PICTURES.astype(">i4") * 9, (None, None)),
        (np.asfortranarray(PICTURES), (0, 255)),
    ],
)
def test_that_the_range_is_declared_where_it_is_plain(
    save: Save, array: np.ndarray, declared: tuple[float | None, float | None]
) -> None:
    stored = read(save(array))
    assert (stored.low, stored.high) == declared
    np.testing.assert_array_equal(stored.train.stored, array.reshape(30, -1))
    assert stored.train.stored.dtype.isnative and not stored.train.stored.flags.writeable


EXTREMES = np.where(RANDOM.normal(size=(30, 5)) > 0, 1, -1)


@pytest.mark.parametrize("scaling", ["auto", "unit", "minmax", "standard"])
@pytest.mark.parametrize(
    "array",
    [
        NUMBERS.astype(np.float16),
        EXTREMES.astype(np.float32) * np.float32(1e37),
        np.tile(EXTREMES, 20).astype(np.float32) * np.float32(1e37),
        EXTREMES * 6e-39,
        np.concatenate([EXTREMES, np.full((30, 1), 1e-42) * EXTREMES[:, :1]], axis=1).astype(np.float32),
    ],
    ids=["float16", "largest", "largest signals", "smallest", "smallest column"],
)
def test_that_the_largest_and_smallest_numbers_are_scaled(
    save: Save, array: np.ndarray, scaling: Scaling
) -> None:
    source = ArraySource(path=str(save(array)))
    assert describe(read_file(source), scaling).scaling
    dataset = load_dataset(Data(source=source, scaling=scaling), 0)
    scaled = dataset.scaled(dataset.train)
    assert np.isfinite(scaled).all() and 0.1 < np.abs(scaled).max() < 10
    np.testing.assert_allclose(dataset.scaling.invert(scaled), dataset.train.raw, rtol=1e-2, atol=1e-41)


def sparse(path: Path, shape: tuple[int, ...], dtype: str = "|u1") -> Path:
    """An NPY file of zeros that takes no room on the disk."""
    with path.open("wb") as file:
        npy.write_array_header_1_0(file, {"descr": dtype, "fortran_order": False, "shape": shape})
        file.truncate(file.tell() + int(np.prod(shape)) * np.dtype(dtype).itemsize)
    return path


def test_that_a_million_pictures_are_never_read_whole(tmp_path: Path) -> None:
    path = sparse(tmp_path / "huge.npy", (1_000_000, 784))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    dataset = load_dataset(Data(source=ArraySource(path=str(path))), 0)
    batch = dataset.scaled(dataset.train, np.arange(0, 800_000, 8000))
    assert is_mapped(dataset.train.stored) and batch.shape == (100, 784)
    assert (len(dataset.train), len(dataset.test), dataset.shape) == (800_000, 200_000, (28, 28))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000  # KiB; the file has 766,000


def test_that_a_large_uncompressed_npz_stays_on_the_disk(tmp_path: Path) -> None:
    array = np.zeros((90_000, 28, 28), np.uint8)
    array[70_000] = 7
    np.savez(tmp_path / "large.npz", images=array, labels=np.arange(90_000) % 2)
    stored = read(tmp_path / "large.npz")
    assert is_mapped(stored.train.stored) and said(stored, "stay on the disk")
    assert stored.train.stored[70_000].tolist() == [7] * 784 and not stored.train.stored[70_001].any()


def test_that_what_fits_neither_memory_nor_map_is_refused(tmp_path: Path) -> None:
    samples = memory_limit() // (300 * 300 * 3) + 1
    path = sparse(tmp_path / "last.npy", (samples, 300, 300, 3))
    assert "samples × colours × height × width" in problems(path)["path"]


def test_that_gaps_in_an_array_are_counted_and_located(save: Save) -> None:
    array = NUMBERS.copy()
    array[7, 2] = array[9, 1] = np.nan
    array[9, 4] = np.inf
    message = problems(save(array))["path"]
    assert "2 gaps (NaN) and 1 value infinite" in message
    assert "in 2 of 20 samples, the first in sample 8, feature 3" in message


@pytest.mark.parametrize(
    ("choices", "messages"),
    [
        ({"array": "a"}, {"array": 'has no array "a"; it has "x", "few", "all", "pickled"'}),
        ({"array": "X", "label": "fex"}, {"array": 'did you mean "x"', "label": 'did you mean "few"'}),
        ({"label": "few"}, {"label": "a label for each of the 20 samples, has 4 labels"}),
        ({"label": "all"}, {"label": "all 20 are different"}),
        ({"label": "pickled"}, {"label": "pickled Python objects"}),
        ({"array": "pickled"}, {"array": "pickled Python objects"}),
        ({"channels": "first"}, {}),
    ],
)
def test_that_an_impossible_choice_is_a_problem_of_its_own_field(
    save: Save, choices: dict[str, str], messages: dict[str, str]
) -> None:
    pickled = np.array([{}] * 20, dtype=object)
    path = save(x=NUMBERS, few=np.arange(4), all=np.arange(20), pickled=pickled)
    if not messages:
        assert read(path, **choices).shape == (5,)
        return
    found = problems(path, **choices)
    assert set(found) == set(messages)
    assert all(messages[field] in found[field] for field in messages)


def bytes_of(array: np.ndarray | None = None, **named: Any) -> bytes:
    file = io.BytesIO()
    if named:
        np.savez(file, **named)
    else:
        np.save(file, array)  # type: ignore[arg-type]
    return file.getvalue()


def zipped(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_", "."), content)
    return file.getvalue()


GOOD, ARCHIVE = bytes_of(NUMBERS), bytes_of(x=NUMBERS)
LYING = GOOD.replace(b"(20, 5)", b"(20, 9)")
ABSURD = GOOD.replace(b"(20, 5), }        ", b"(999999999999, 5)}")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"hello", "is no numpy file .* but text"),
        (pickle.dumps({"x": 1}), "a pickled Python object"),
        (GOOD[:6], "header is damaged"),
        (GOOD[:30], "header is damaged"),
        (GOOD[:-9], "needs 800 bytes by its header, has 791: truncated"),
        (LYING, "needs 1,440 bytes by its header, has 800"),
        (ABSURD, "needs 39,999,999,999,960 bytes by its header, has 800"),
        (GOOD.replace(b"(20, 5)", b"(-2, 5)"), "declares the shape"),
        (GOOD.replace(b"(20, 5)", b"exit( )"), "header is damaged"),
        (b"\x93NUMPY\x09\x00" + GOOD[8:], "version"),
        (GOOD.replace(b"{", b"(").replace(b"\x01\x00v", b"\x02\x00v"), "header"),
        (b"\x93NUMPY\x02\x00" + b"\xff" * 4 + GOOD[10:], "at most 10,000 bytes, declares 4,294,967,295"),
        (ARCHIVE[:-30], "damaged NPZ"),
        (ARCHIVE[:200] + b"\xff" + ARCHIVE[201:], "Bad CRC|header is damaged|damaged NPZ"),
        (zipped(x_npy=GOOD[:-9]), '"x" .* truncated'),
        (zipped(x_npy=ABSURD), "needs 39,999,999,999,960 bytes"),
        (zipped(x_npy=b"nothing"), "header is damaged"),
        (zipped(a_txt=b"x"), "without numpy arrays; it holds a.txt"),
        (b"PK\x05\x06" + bytes(18), "it holds nothing"),
        (bytes_of(np.array([{}, {}], dtype=object)), "pickled Python objects, which are never read"),
        (bytes_of(x=np.array([[{}]], dtype=object)), "pickled Python objects, which are never read"),
        (bytes_of(x=np.arange(3), y=np.arange(3)), "no array of numbers with two axes"),
        (bytes_of(np.array([["a", "b"]] * 4)), "must hold numbers, holds <U1"),
        (bytes_of(np.zeros((4, 2), complex)), "must hold numbers, holds complex"),
        (bytes_of(np.zeros((4, 2), "M8[s]")), "must hold numbers, holds datetime"),
        (bytes_of(np.zeros(4, [("a", float)])), "must hold numbers"),
        (bytes_of(np.array(3.0)), "no axis"),
        (bytes_of(np.arange(5.0)), "must have 2 to 4 axes, samples first, has 1"),
        (bytes_of(np.zeros((3, 2, 2, 2, 2))), "must have 2 to 4 axes, samples first, has 5"),
        (bytes_of(np.zeros((0, 5))), "holds no samples: its shape is 0×5"),
        (bytes_of(np.zeros((5, 1))), "at least 2 numbers"),
        (bytes_of(np.zeros((2, 5))), "at least 3 samples"),
        (bytes_of(np.zeros((3, 1001, 1000), np.uint8)), "1,001×1,000 = 1,001,000; make it smaller"),
        (bytes_of(np.zeros((3, 5, 8, 8))), "must have 1, 3 or 4 entries, samples are 5×8×8"),
        (bytes_of(np.full((4, 3), 1e300)), r"12 values infinite or above 1e\+37"),
        (bytes_of(np.array([[1, np.inf], [2, 3]], "f2")), "1 value infinite"),
        (bytes_of(np.array([[1e4000, 1], [2, 3]], "g")), "1 value infinite"),
        (bytes_of(np.array([[0, 9e-42], [0, 0]], "f4")), r"range over at least 1.2e-38, range over 9e-42"),
    ],
)
def test_that_a_bad_numpy_file_is_refused_by_name_and_reason(
    tmp_path: Path, content: bytes, message: str
) -> None:
    path = tmp_path / "bad.npz"
    path.write_bytes(content)
    with pytest.raises(InvalidExperiment, match=message) as caught:
        read(path)
    assert str(path) in str(caught.value) and len(caught.value.problems) == 1


def test_that_a_bomb_is_refused_before_it_unfolds(tmp_path: Path) -> None:
    path = tmp_path / "bomb.npz"
    path.write_bytes(zipped(x_npy=GOOD))
    header = dataclasses.replace(headers(path)["x"], shape=(memory_limit(), 2))
    with pytest.raises(
        InvalidExperiment, match=r"must fit into .* of memory, needs .*; save it with numpy.save"
    ):
        load(path, header)


def test_that_folders_and_missing_files_are_refused(tmp_path: Path) -> None:
    assert "is a folder" in problems(tmp_path)["path"]
    assert "cannot be read" in problems(tmp_path / "nothing.npy")["path"]
