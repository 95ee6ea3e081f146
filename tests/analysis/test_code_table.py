"""The table of codes in every format, read back by somebody else."""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path

import numpy as np
import pytest

from aegui.analysis.code_table import CodeTable, check_suffix, table_of, write_table
from aegui.data.dataset import Dataset
from aegui.errors import InvalidInput


@pytest.fixture
def table(tiny_digits: Dataset) -> CodeTable:
    codes = np.random.default_rng(0).standard_normal((130, 3)).astype(np.float32) / 3
    return table_of(tiny_digits, codes, np.square(codes).mean(axis=1))


def test_that_csv_gives_every_number_back(table: CodeTable, tiny_digits: Dataset, tmp_path: Path) -> None:
    write_table(table, tmp_path / "codes.csv")
    with (tmp_path / "codes.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["split"] for row in rows] == ["train"] * 100 + ["test"] * 30
    assert [int(row["index"]) for row in rows] == [*range(100), *range(30)]
    assert [row["label"] for row in rows[100:]] == [str(label) for label in tiny_digits.test.labels]
    found = np.array([[row[name] for name in ("mse", "h1", "h2", "h3")] for row in rows], np.float32)
    assert np.array_equal(found, np.column_stack([table.mse, table.codes]))


def test_that_npz_needs_no_pickle(table: CodeTable, tmp_path: Path) -> None:
    write_table(table, tmp_path / "codes.npz")
    with np.load(tmp_path / "codes.npz", allow_pickle=False) as found:
        assert sorted(found) == ["codes", "index", "label", "mse", "split"]
        for name in found:
            assert np.array_equal(found[name], getattr(table, name))


def test_that_parquet_is_read_back(table: CodeTable, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    write_table(table, tmp_path / "codes.parquet")
    found = parquet.read_table(tmp_path / "codes.parquet")
    assert found.column_names == ["split", "index", "label", "mse", "h1", "h2", "h3"]
    assert np.array_equal(found["h2"].to_numpy(), table.codes[:, 1])
    assert found["label"].to_pylist() == table.label.tolist()


def test_that_without_pyarrow_the_package_is_named(
    table: CodeTable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(InvalidInput, match="pip install pyarrow"):
        write_table(table, tmp_path / "codes.parquet")
    assert list(tmp_path.iterdir()) == []


def test_that_another_suffix_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"codes\.txt: must end in \.csv, \.npz, \.parquet"):
        check_suffix(Path("codes.txt"))


def test_that_without_labels_there_is_no_column_of_them(tiny_digits: Dataset, tmp_path: Path) -> None:
    from dataclasses import replace

    bare = replace(
        tiny_digits,
        train=replace(tiny_digits.train, labels=None),
        test=replace(tiny_digits.test, labels=None),
    )
    write_table(table_of(bare, np.ones((130, 1), np.float32), np.ones(130, np.float32)), tmp_path / "c.csv")
    first, second = (tmp_path / "c.csv").read_text().splitlines()[:2]
    assert (first, second) == ("split,index,mse,h1", "train,0,1,1")


def test_that_names_with_commas_are_quoted(tiny_digits: Dataset, tmp_path: Path) -> None:
    from dataclasses import replace

    names = tuple(f'so, "{i}"' for i in range(10))
    renamed = replace(tiny_digits, classes=names)
    write_table(
        table_of(renamed, np.ones((130, 1), np.float32), np.ones(130, np.float32)), tmp_path / "c.csv"
    )
    rows = list(csv.DictReader(io.StringIO((tmp_path / "c.csv").read_text())))
    assert [row["label"] for row in rows[:100]] == [names[label] for label in tiny_digits.train.labels]
