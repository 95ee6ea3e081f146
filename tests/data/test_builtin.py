"""Every built-in data set: it loads with no network, and is what the catalogue says."""

from __future__ import annotations

import gzip
import sys
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer, load_wine

from aegui.data.builtin import read_builtin
from aegui.data.catalog import catalog
from aegui.data.load import load_dataset
from aegui.errors import InvalidExperiment, OperationFailed
from aegui.resources import resource
from aegui.spec import Data

BUILT_IN = tuple(e for e in catalog() if not e.files)
each = pytest.mark.parametrize("facts", BUILT_IN, ids=lambda e: e.name)


@each
def test_that_the_catalog_says_what_is_loaded(facts) -> None:
    dataset = load_dataset(Data(source=facts.name), 0)
    assert (len(dataset.train), len(dataset.test)) == (facts.train, facts.test)
    assert dataset.shape == facts.shape and dataset.features == dataset.train.raw.shape[1]
    assert (dataset.classes, dataset.title) == (facts.classes, facts.title)
    assert (dataset.layout, dataset.features_named) == (facts.layout, facts.features_named)
    assert facts.licence in dataset.source
    assert dataset.train.stored.dtype == (np.uint8 if facts.layout == "picture" else np.float32)


@each
def test_that_auto_scales_to_a_range_that_suits_the_layout(facts) -> None:
    dataset = load_dataset(Data(source=facts.name), 0)
    train = dataset.scaled(dataset.train).astype(np.float64)
    assert np.isfinite(train).all()
    match facts.layout:
        case "picture":
            assert (train.min(), train.max()) == (0, 1) == (dataset.low, dataset.high)
        case "table":
            np.testing.assert_allclose(train.mean(axis=0), 0, atol=1e-4)
            np.testing.assert_allclose(train.std(axis=0), 1, rtol=1e-4)
            assert -5 < dataset.low < dataset.high < 15
        case _:
            assert (train.min(), train.max()) == (0, pytest.approx(1, abs=1e-6))
            assert -0.05 < dataset.low <= 0 and 1 <= dataset.high < 1.05


@each
def test_that_every_class_is_in_both_parts(facts) -> None:
    dataset = load_dataset(Data(source=facts.name), 0)
    for split in (dataset.train, dataset.test):
        if facts.classes:
            assert np.array_equal(np.unique(split.labels), np.arange(len(facts.classes)))
        else:
            assert split.labels is None
        assert all(len(values) == len(split) for values in split.columns.values())


@each
def test_that_reading_again_gives_the_same_numbers_which_nobody_can_change(facts) -> None:
    first, again = read_builtin(facts.name), read_builtin(facts.name)
    assert np.array_equal(first.train.stored, again.train.stored)
    for name, values in first.train.columns.items():
        assert np.array_equal(values, again.train.columns[name]) and not values.flags.writeable
    assert not first.train.stored.flags.writeable
    assert first.train.labels is None or not first.train.labels.flags.writeable


@pytest.mark.parametrize("name", ["mnist", "fashion", "digits", "breast-cancer", "wine", "manifolds"])
def test_that_the_licence_of_what_others_made_travels_along(name: str) -> None:
    text = resource("licences", f"{name}.md").read_text(encoding="utf-8")
    titles = [e.title for e in BUILT_IN if e.name == name]
    assert text.startswith("# ") and (not titles or text.startswith(f"# {titles[0]}\n"))


def test_that_the_bundled_data_stay_small() -> None:
    files = [p for p in resource("data").rglob("*") if p.is_file()]
    assert sum(p.stat().st_size for p in files if p.parent.name == "mnist") < 12e6
    assert sum(p.stat().st_size for p in files if p.parent.name != "mnist") < 7e6


@pytest.mark.parametrize(
    ("name", "load", "words"),
    [("breast-cancer", load_breast_cancer, ("", "")), ("wine", load_wine, ("color", "colour"))],
)
def test_that_a_table_has_scikit_learns_numbers_and_columns(name, load, words) -> None:
    stored, bunch = read_builtin(name), load()
    assert np.array_equal(stored.train.stored, bunch.data.astype(np.float32))
    assert np.array_equal(stored.train.labels, bunch.target)
    expected = [column.replace("_", " ").replace(*words).lower() for column in bunch.feature_names]
    assert [column.lower() for column in stored.features_named] == expected


def test_that_a_malignant_tumour_is_larger_than_a_benign_one() -> None:
    stored = read_builtin("breast-cancer")
    area = stored.train.stored[:, stored.features_named.index("mean area")]
    malignant, benign = (area[stored.train.labels == stored.classes.index(c)] for c in stored.classes)
    assert (len(malignant), len(benign)) == (212, 357)
    assert np.median(malignant) > 1.8 * np.median(benign)


def test_that_a_data_set_that_was_not_fetched_is_a_problem_of_its_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AEGUI_DATA", str(tmp_path))
    fetched = next(e for e in catalog() if e.files)
    with pytest.raises(InvalidExperiment) as caught:
        load_dataset(Data(source=fetched.name), 0)
    assert [p.path for p in caught.value.problems] == ["data.source"]


def test_that_a_damaged_bundled_file_says_to_install_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "resources" / "data" / "fashion"
    folder.mkdir(parents=True)
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    with pytest.raises(OperationFailed, match=r"train-images-idx3-ubyte\.gz: is missing .* install it again"):
        read_builtin("fashion")
    (folder / "train-images-idx3-ubyte.gz").write_bytes(gzip.compress(b"\0\0\x08\x03"))
    with pytest.raises(OperationFailed, match="install aegui again"):
        read_builtin("fashion")
    (folder / "train-images-idx3-ubyte.gz").write_bytes(b"\0\0\x08\x01\0\0\0\x01\x07")
    with pytest.raises(OperationFailed, match=r"must have the shape \(10000, 28, 28\), has \(1,\)"):
        read_builtin("fashion")
