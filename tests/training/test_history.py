"""The history: append-only, read-only outside, and as CSV."""

from __future__ import annotations

import csv
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aegui.spec import replace
from aegui.training.history import Rows, history_csv, total
from aegui.training.trainer import Trainer

TrainerOf = Callable[..., Trainer]


@given(st.lists(st.integers(1, 900), min_size=1, max_size=5))
def test_that_what_was_handed_out_never_changes(lengths: list[int]) -> None:
    """However long it grows: its memory is replaced from time to time."""
    rows, handed_out = Rows(2), []
    for length in lengths:
        for _ in range(length):
            rows.append([len(rows), 0.5])
        handed_out.append((rows.prefix(), rows.prefix().copy()))
    for view, copy in handed_out:
        np.testing.assert_array_equal(view, copy)
    assert len(rows) == sum(lengths)
    np.testing.assert_array_equal(rows.prefix()[:, 0], np.arange(sum(lengths)))


def test_that_nobody_can_write_to_a_prefix() -> None:
    rows = Rows(1, np.ones((3, 1)))
    with pytest.raises(ValueError, match="read-only"):
        rows.prefix()[0, 0] = 2
    rows.append([5])
    assert rows.prefix().ravel().tolist() == [1, 1, 1, 5]


def test_that_a_new_column_leaves_older_prefixes_as_they_are() -> None:
    rows = Rows(1)
    rows.append([1])
    old = rows.prefix()
    wide = rows.widened()
    wide.append([2, 3])
    assert old.tolist() == [[1]] and wide.prefix().tolist() == [[1, 0], [2, 3]]


def test_that_curves_of_a_run_never_change_after_being_handed_out(trainer_of: TrainerOf) -> None:
    trainer = trainer_of({"training.batch": 5, "training.epochs": 80})  # 1,600 rows: the table grows once
    kept = []
    for step in trainer:
        if step % 333 == 0:
            curves = trainer.history.curves()
            kept.append((curves, curves.batch.copy(), curves.train.copy(), curves.test.copy()))
        if step == 700:
            trainer.apply(replace(trainer.experiment, "penalty.weights_l1", 1e-4))
    for curves, batch, train, test in kept:
        np.testing.assert_array_equal(curves.batch, batch)
        np.testing.assert_array_equal(curves.train, train)
        np.testing.assert_array_equal(curves.test, test)
    assert [len(curves.batch) for curves, *_ in kept] == [333, 666, 999, 1332]


def test_that_the_csv_has_a_row_per_epoch_and_split_and_totals_that_add_up(trainer_of: TrainerOf) -> None:
    trainer = trainer_of({"penalty.code": {"kind": "l2", "weight": 0.3}, "penalty.weights_l2": 0.01})
    for _ in trainer:
        pass
    curves = trainer.history.curves()
    rows = list(csv.DictReader(history_csv(curves).splitlines()))
    assert list(rows[0]) == ["step", "epoch", "split", "mse", "code_l2", "weights_l2", "total"]
    assert [(int(r["step"]), int(r["epoch"]), r["split"]) for r in rows] == [
        (0, 0, "test"),
        *((4 * e, e, split) for e in (1, 2, 3) for split in ("train", "test")),
    ]
    for row in rows:
        terms = [float(row[name]) for name in curves.terms]
        assert float(row["total"]) == pytest.approx(sum(terms), rel=1e-8)
    tests = np.array([[float(r[n]) for n in curves.terms] for r in rows if r["split"] == "test"], np.float32)
    np.testing.assert_array_equal(tests, curves.test)  # nine digits give every float32 back
    np.testing.assert_allclose(total(curves.test), curves.test.sum(axis=1), rtol=1e-6)
