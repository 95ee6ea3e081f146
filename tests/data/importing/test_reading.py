"""What a file is, whether it changed, and what is reported about it."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import numpy as np
import pytest

from aegui.data.importing.reading import fingerprint, guess, read_file
from aegui.data.importing.report import describe
from aegui.data.load import load_dataset
from aegui.data.sources import read_source
from aegui.data.stored import Stored
from aegui.errors import InvalidExperiment, InvalidInput
from aegui.spec import ArraySource, Data, IdxSource, ImagesSource, Scaling, Source, TableSource

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63606060000000040001f61738550000000049454e44ae426082"
)


def array(folder: Path, values: np.ndarray, name: str = "x.npy") -> ArraySource:
    np.save(folder / name, values)
    return ArraySource(path=str(folder / name))


def table(folder: Path, text: str) -> Stored:
    (folder / "t.csv").write_text(text)
    return read_file(TableSource(path=str(folder / "t.csv")))


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.csv", b"1,2\n3,4\n", TableSource),
        ("a.data", b"1 2\n3 4\n", TableSource),
        ("a", "ä\tb\n1\t2\n".encode("utf-16"), TableSource),
        ("a.csv.gz", gzip.compress(b"1,2\n", mtime=0), TableSource),
        ("a.csv", b"\x93NUMPY\x01\x00 and so on", ArraySource),
        ("a.npz", b"PK\x03\x04 damaged", ArraySource),
        ("a.png", bytes([0, 0, 8, 3]) + bytes(12), IdxSource),
        ("a.gz", gzip.compress(bytes([0, 0, 13, 1]) + bytes(12), mtime=0), IdxSource),
        ("GMT.csv", b"GMT,MZ,BM\n1,2,3\n", TableSource),
        ("m.csv", b"BM,MZ\n1,2\n", TableSource),
    ],
)
def test_that_a_file_is_known_by_its_contents(
    tmp_path: Path, name: str, content: bytes, kind: type[Source]
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    source = guess(path)
    assert isinstance(source, kind) and source.path == str(path)


def test_that_a_folder_is_pictures_in_it_or_below(tmp_path: Path) -> None:
    (tmp_path / "cats").mkdir()
    with pytest.raises(InvalidInput, match="folder without pictures; what can be opened: tables"):
        guess(tmp_path)
    (tmp_path / "cats" / "tom.PNG").write_bytes(PNG)
    assert guess(str(tmp_path)) == ImagesSource(path=str(tmp_path))


@pytest.mark.parametrize("suffix", [".webp", ".gif", ".pgm"])
def test_that_pictures_of_every_kind_that_is_read_make_a_folder_of_pictures(
    tmp_path: Path, suffix: str
) -> None:
    (tmp_path / f"tom{suffix}").write_bytes(PNG)
    assert guess(tmp_path) == ImagesSource(path=str(tmp_path))


def test_that_much_beside_the_pictures_does_not_hide_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for i in range(2100):
        (tmp_path / f"{i}.xml").touch()
    (tmp_path / "a" / "empty").mkdir(parents=True)
    (tmp_path / "itself").symlink_to("itself")
    (tmp_path / "around").symlink_to(tmp_path)
    with pytest.raises(InvalidInput, match="folder without pictures"):
        guess(tmp_path)
    (tmp_path / "z").mkdir()
    (tmp_path / "z" / "tom.png").write_bytes(PNG)
    assert guess(tmp_path) == ImagesSource(path=str(tmp_path))
    (tmp_path / "z" / "tom.png").unlink()
    monkeypatch.setattr("aegui.data.importing.image_folder._MOST_LOOKED_AT", 1000)
    assert guess(tmp_path) == ImagesSource(path=str(tmp_path))  # which its reader says no to


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", b"", "is empty; what can be opened"),
        ("a.png", PNG, "is a PNG picture; open the folder"),
        ("a.xlsx", b"PK\x03\x04 sheets", "is a ZIP archive; what can be opened"),
        ("a.bin", bytes(range(256)), "is binary data; what can be opened"),
        ("a.pkl", b"\x80\x04\x95 and", "is a pickled Python object"),
        ("a.json", b'[{"a": 1}]', "is JSON, no table"),
        ("a.txt", b"<html><body>", "is HTML or XML, no table"),
        ("a.toml", b"format = 1\n", "an experiment"),
        ("a.gz", b"\x1f\x8b\x08 nonsense", "damaged gzip"),
    ],
)
def test_that_what_cannot_be_opened_is_called_by_its_name(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InvalidInput, match=message) as caught:
        guess(path)
    assert str(path) in str(caught.value)


def test_that_a_missing_file_is_refused_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="nothing: cannot be read"):
        guess(tmp_path / "nothing")


def test_that_labels_beside_the_samples_are_found(tmp_path: Path) -> None:
    for name, axes in (("my.train-images.idx3-ubyte", 3), ("my.train-labels.idx1-ubyte", 1)):
        (tmp_path / name).write_bytes(bytes([0, 0, 8, axes]) + bytes(3) + b"\x01" * (4 * axes))
    source = guess(tmp_path / "my.train-images.idx3-ubyte")
    assert source == IdxSource(
        path=str(tmp_path / "my.train-images.idx3-ubyte"), labels=str(tmp_path / "my.train-labels.idx1-ubyte")
    )
    assert guess(tmp_path / "my.train-labels.idx1-ubyte") == source


def test_that_a_fingerprint_changes_with_the_file_and_with_the_folder(tmp_path: Path) -> None:
    source = array(tmp_path, np.zeros((5, 3)))
    first = fingerprint(source)
    assert first == fingerprint(source) and hash(first) is not None
    os.utime(source.path, ns=(1, 1))
    assert fingerprint(source) != first
    folder = ImagesSource(path=str(tmp_path))
    before = fingerprint(folder)
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a.png").write_bytes(PNG)
    assert fingerprint(folder) != before
    assert fingerprint(IdxSource(path=str(tmp_path / "nothing"), labels="a\0b")) == (None, None)


def test_that_a_changed_file_is_read_again(tmp_path: Path) -> None:
    source = array(tmp_path, np.zeros((5, 3)))
    assert read_source(source) is read_source(source)
    array(tmp_path, np.ones((6, 3)))
    assert len(read_source(source).train) == 6


def test_that_a_file_in_an_experiment_has_its_problem_at_the_source(tmp_path: Path) -> None:
    with pytest.raises(InvalidExperiment) as caught:
        load_dataset(Data(source=TableSource(path=str(tmp_path / "nothing.csv"))), 0)
    assert [problem.path for problem in caught.value.problems] == ["data.source.path"]


def test_that_a_report_tells_what_a_table_holds(tmp_path: Path) -> None:
    rows = [f"{i},{'' if i % 5 == 0 else i * 2},7,{'ab'[i % 4 == 0]}" for i in range(50)]
    report = describe(table(tmp_path, "x,y,z,class\n" + "\n".join(rows)))
    assert (report.samples, report.train, report.test, report.drawn) == (50, 40, 10, True)
    assert report.shape == "rows of 3 columns" and report.dtype == "float64"
    assert (report.low, report.high) == (0, 98)
    assert report.classes == (("a", 37), ("b", 13))
    assert report.missing == 10 and report.missing_where == (("y", 10),)
    assert report.constant == ("z",)
    assert report.scaling.startswith("standard: each of 3 columns is shifted to mean 0 and divided by")
    assert any("1 column of 3" in warning for warning in report.warnings)
    headings = dict(report.rows)
    assert headings["Classes"] == "2: a (37), b (13)" and headings["Missing"] == "10: y (10)"


BYTES = np.random.default_rng(1).integers(0, 256, (20, 8, 8), dtype=np.uint8)


@pytest.mark.parametrize(
    ("values", "scaling", "sentence"),
    [
        (BYTES, "auto", "unit: divided by 255 to 0..1"),
        (BYTES / 255, "auto", "unit: already within 0..1"),
        (BYTES - 100.0, "unit", "unit: the range of the data -100..15"),
        (BYTES, "none", "none: left as they are, 0..255"),
        (BYTES, "standard", "standard: shifted by the mean 12"),
        (
            np.sin(np.arange(700.0)).reshape(7, 100),
            "auto",
            "minmax: -0.99999..0.99999, the range of all features",
        ),
        (np.arange(40.0).reshape(10, 4), "minmax", "minmax: each of 4 columns is brought from its own range"),
    ],
)
def test_that_a_report_says_what_scaling_does(
    tmp_path: Path, values: np.ndarray, scaling: Scaling, sentence: str
) -> None:
    report = describe(read_file(array(tmp_path, values)), scaling)
    assert report.scaling.startswith(sentence)


def test_that_a_report_warns_of_what_cannot_be_learned(tmp_path: Path) -> None:
    same = describe(read_file(array(tmp_path, np.ones((9, 3)))))
    assert "Every sample is the same: there is nothing to learn." in same.warnings
    wide = describe(read_file(array(tmp_path, np.random.default_rng(0).normal(size=(9, 30)))))
    assert any("fewer than the 30 features" in warning for warning in wide.warnings)
    np.savez(tmp_path / "one.npz", x=BYTES, y=np.zeros(20, int))
    one = describe(read_file(ArraySource(path=str(tmp_path / "one.npz"))))
    assert 'All samples have the same label, "0".' in one.warnings
