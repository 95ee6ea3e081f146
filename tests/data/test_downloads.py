"""The sets that are fetched: their table, and how their files are read, with few samples of each kind."""

from __future__ import annotations

import dataclasses
import gzip
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.io import savemat

from aegui.data.downloads import DOWNLOADS, read_download
from aegui.data.entry import Entry
from aegui.errors import InvalidExperiment

BY_NAME = {entry.name: entry for entry in DOWNLOADS}
each = pytest.mark.parametrize("entry", DOWNLOADS, ids=lambda e: e.name)
Random = np.random.Generator


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache."""
    monkeypatch.setenv("AEGUI_DATA", str(tmp_path))
    return tmp_path


def small(name: str, **parts: object) -> Entry:
    """A set with fewer samples, whose files may be any."""
    entry = BY_NAME[name]
    files = tuple(dataclasses.replace(file, size=None, checksum="") for file in entry.files)
    return dataclasses.replace(entry, files=files, **parts)  # type: ignore[arg-type]


def write_idx(path: Path, array: NDArray[np.generic]) -> None:
    path.parent.mkdir(exist_ok=True)
    head = bytes([0, 0, 8, array.ndim]) + b"".join(n.to_bytes(4, "big") for n in array.shape)
    path.write_bytes(gzip.compress(head + array.astype(np.uint8).tobytes()))


def problem_of(entry: Entry) -> str:
    with pytest.raises(InvalidExperiment) as caught:
        read_download(entry)
    (problem,) = caught.value.problems
    assert problem.path == "data.source"
    return problem.message


@each
def test_that_every_set_says_where_it_comes_from_and_how_it_is_checked(entry: Entry) -> None:
    assert entry.files and entry.licence and len(set(entry.classes)) == len(entry.classes)
    for file in entry.files:
        assert urlsplit(file.url).scheme in ("http", "https") and file.name == Path(file.name).name
        assert re.fullmatch(r"sha256:[0-9a-f]{64}", file.checksum) or entry.name == "ecg5000"
        if urlsplit(file.url).scheme != "https":
            assert file.checksum  # anybody on the way could have changed it


@each
def test_that_a_set_that_is_not_there_says_how_to_fetch_it(entry: Entry, cache: Path) -> None:
    assert problem_of(entry) == (
        f"{entry.name} is not on this machine yet: press Download, or run aegui data fetch {entry.name}"
    )


@pytest.mark.parametrize("name", ["fashion-mnist", "kmnist"])
def test_that_files_like_those_of_mnist_are_read(name: str, cache: Path) -> None:
    pictures = np.arange(5 * 784).reshape(5, 28, 28) % 251
    write_idx(cache / name / "train-images-idx3-ubyte.gz", pictures[:3])
    write_idx(cache / name / "train-labels-idx1-ubyte.gz", np.array([9, 0, 4]))
    write_idx(cache / name / "t10k-images-idx3-ubyte.gz", pictures[3:])
    write_idx(cache / name / "t10k-labels-idx1-ubyte.gz", np.array([1, 2]))
    train, test = read_download(small(name, train=3, test=2))
    assert test is not None and train.labels is not None and train.stored.dtype == np.uint8
    assert np.array_equal(train.stored, pictures[:3].reshape(3, -1)) and train.labels.tolist() == [9, 0, 4]
    assert np.array_equal(test.stored, pictures[3:].reshape(2, -1))
    assert not train.stored.flags.writeable


def letters(cache: Path, labels: list[int]) -> Entry:
    folder, upright = (
        cache / "emnist-letters",
        np.arange(784).reshape(28, 28) // 28,
    )  # every row has its number
    write_idx(folder / "emnist-letters-train-images-idx3-ubyte.gz", np.stack([upright.T] * len(labels)))
    write_idx(folder / "emnist-letters-train-labels-idx1-ubyte.gz", np.array(labels))
    write_idx(folder / "emnist-letters-test-images-idx3-ubyte.gz", upright.T[None])
    write_idx(folder / "emnist-letters-test-labels-idx1-ubyte.gz", np.array([26]))
    return small("emnist-letters", train=len(labels), test=1)


def test_that_letters_stand_upright_and_count_from_a(cache: Path) -> None:
    train, test = read_download(letters(cache, [1, 3]))
    assert test is not None and train.labels is not None and test.labels is not None
    assert (train.stored.reshape(2, 28, 28)[0, :, 0] == np.arange(28)).all()
    assert train.labels.tolist() == [0, 2] and test.labels.tolist() == [25]


def olivetti(cache: Path, change: Callable[[NDArray[np.uint8]], object]) -> Entry:
    rows = np.arange(64, dtype=np.uint8)[:, None] * np.ones(64, np.uint8)  # every row has its number
    faces = np.stack([rows.T.reshape(-1)] * 80, axis=1)  # (4096, 80), each column runs down a portrait
    (cache / "olivetti").mkdir()
    savemat(cache / "olivetti" / "olivettifaces.mat", {"faces": change(faces), "u": np.eye(3)})
    return small("olivetti", train=64, test=16)


@pytest.mark.parametrize("dtype", [np.uint8, np.float64])
def test_that_faces_stand_upright_and_belong_to_people_in_turn(cache: Path, dtype: type) -> None:
    whole, test = read_download(olivetti(cache, lambda faces: faces.astype(dtype)))
    assert test is None and whole.stored.dtype == np.uint8 and whole.labels is not None
    assert (whole.stored.reshape(80, 64, 64)[5, :, 7] == np.arange(64)).all()
    assert whole.labels.tolist() == [person for person in range(40) for _ in range(2)]


def heartbeats(counts: tuple[int, ...], random: Random) -> list[str]:
    beats = random.normal(size=(sum(counts), 140))
    beats -= beats.mean(axis=1, keepdims=True)
    classes = [i + 1 for i, count in enumerate(counts) for _ in range(count)]
    return [",".join(f"{v:.6f}" for v in beat) + f":{c}" for beat, c in zip(beats, classes, strict=True)]


TRAIN, TEST = (292, 177, 10, 19, 2), (2627, 1590, 86, 175, 22)
HEAD = ["#A comment", "@problemName ECG5000", "@classLabel true 1 2 3 4 5", "@data"]


@pytest.fixture(scope="module")
def beats() -> tuple[list[str], list[str]]:
    """Lines of the two parts with as many beats of each class as the real ones have."""
    random = np.random.default_rng(0)
    return heartbeats(TRAIN, random), heartbeats(TEST, random)


def ecg(cache: Path, train: list[str], test: list[str]) -> Entry:
    (cache / "ecg5000").mkdir(exist_ok=True)
    for name, body in (("TRAIN", train), ("TEST", test)):
        (cache / "ecg5000" / f"ECG5000_{name}.ts").write_text("\n".join([*HEAD, *body, ""]))
    return BY_NAME["ecg5000"]


def test_that_heartbeats_are_read(cache: Path, beats: tuple[list[str], list[str]]) -> None:
    train, test = read_download(ecg(cache, *beats))
    assert test is not None and train.labels is not None and test.labels is not None
    assert train.stored.shape == (500, 140) and test.stored.shape == (4500, 140)
    assert tuple(np.bincount(train.labels)) == TRAIN and tuple(np.bincount(test.labels)) == TEST
    assert train.stored[0, 0] == np.float32(beats[0][0].split(",")[0])


def test_that_other_heartbeats_are_refused(cache: Path, beats: tuple[list[str], list[str]]) -> None:
    """Nobody publishes a checksum of them."""
    train, test = beats
    for body, message in [
        (train[:-1], "must have the shape (500, 140), has (499, 140)"),
        (
            [*train[:-1], train[0]],
            "must have (292, 177, 10, 19, 2) beats of the classes, has (293, 177, 10, 19, 1)",
        ),
        ([*train[:-1], train[-1].replace(":5", ":6")], "must have labels of 5 classes"),
        ([*train[:-1], "0.5," * 139 + "0.5:5"], "must have beats of mean 0"),
        ([*train[:-1], "nan," * 139 + "nan:5"], "must have beats of mean 0"),
        ([*train[:-1], "<html>"], "is not a table of heartbeats"),
        (["é"], "is not a table of heartbeats"),
        ([], "must have the shape (500, 140)"),
    ]:
        assert f"ECG5000_TRAIN.ts: {message}" in problem_of(ecg(cache, body, test))


def test_that_damaged_files_are_deleted_so_that_they_can_be_fetched_again(cache: Path) -> None:
    entry = letters(cache, [0, 27])
    message = problem_of(entry)
    assert "emnist-letters-train-labels-idx1-ubyte.gz: must have labels of 26 classes" in message
    assert message.endswith("were deleted: press Download, or run aegui data fetch emnist-letters")
    assert list((cache / "emnist-letters").iterdir()) == []
    assert "is not on this machine yet" in problem_of(entry)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda faces: faces[:-1], "must have the shape (4096, 80), has (4095, 80)"),
        (lambda faces: faces + 0.5, "its grey values must be whole numbers from 0 to 255"),
        (lambda faces: faces.astype(float) * 99, "its grey values must be whole numbers from 0 to 255"),
        (lambda faces: "faces", "must have the shape (4096, 80)"),
    ],
)
def test_that_other_faces_are_refused(
    cache: Path, change: Callable[[NDArray[np.uint8]], object], message: str
) -> None:
    assert f"olivettifaces.mat: {message}" in problem_of(olivetti(cache, change))


@pytest.mark.parametrize("body", [b"junk", b"MATLAB 5.0 MAT-file" + b" " * 200, b"\x80\x04\x95pickle"])
def test_that_what_is_no_matlab_file_is_refused(cache: Path, body: bytes) -> None:
    (cache / "olivetti").mkdir()
    (cache / "olivetti" / "olivettifaces.mat").write_bytes(body)
    assert "olivettifaces.mat: is not a MATLAB file with faces" in problem_of(small("olivetti"))
