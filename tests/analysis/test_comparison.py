"""Runs side by side: what differs, which is best, and when that can be said at all."""

from __future__ import annotations

import math
from typing import Any

import pytest

from aegui.analysis.comparison import ComparedRun, Comparison, compare, number
from aegui.spec import Experiment, replace_all


def run(mse: float = 0.02, changes: dict[str, Any] | None = None, **more: Any) -> ComparedRun:
    metrics = {"test": {"mse": mse, "bce": None}, "train": {"mse": mse / 2}, "parameters": 100, **more}
    return ComparedRun("somewhere", replace_all(Experiment(), changes or {}), metrics)


def row(found: Comparison, path: str) -> tuple[tuple[float | None, ...], tuple[bool, ...]]:
    (wanted,) = (row for row in found.rows if row.metric.path == path)
    return wanted.values, wanted.best


def test_that_only_settings_that_differ_are_told() -> None:
    sparse = {"penalty.code": {"kind": "l1", "weight": 0.01}, "code.size": 32, "title": "Sparse"}
    found = compare([run(), run(changes=sparse)])
    assert found.differences == {
        "code.size": (2, 32),
        "penalty.code.kind": ("none", "l1"),
        "penalty.code.weight": (None, 0.01),
    }
    assert [r.title for r in found.runs] == ["Untitled", "Sparse"]
    assert compare([run(), run()]).differences == {}


def test_that_layers_are_one_plain_setting() -> None:
    found = compare([run(), run(changes={"architecture.encoder": [{"units": 5}]})])
    (values,) = found.differences.values()
    assert values[1] == [{"kind": "dense", "units": 5, "activation": "relu"}]


def test_that_the_best_is_the_least_error_and_the_largest_accuracy() -> None:
    found = compare([run(0.03, probe={"codes": 0.9}), run(0.01, probe={"codes": 0.8}), run(0.01)])
    assert row(found, "test.mse") == ((0.03, 0.01, 0.01), (False, True, True))
    assert row(found, "probe.codes") == ((0.9, 0.8, None), (True, False, False))
    assert not any(row(found, "parameters")[1])  # fewer are not better in themselves


def test_that_equal_numbers_have_no_best_and_what_nobody_has_no_row() -> None:
    found = compare([run(0.02), run(0.02)])
    assert not any(row(found, "test.mse")[1])
    assert "test.bce" not in {r.metric.path for r in found.rows}


def test_that_a_run_that_diverged_is_never_the_best() -> None:
    found = compare([run(math.nan), run(0.02), run(0.03)])
    assert row(found, "test.mse")[1] == (False, True, False)
    assert not any(row(compare([run(math.nan), run(0.02)]), "test.mse")[1])


@pytest.mark.parametrize(
    ("changes", "marked", "word"),
    [
        ({"data.source": "digits"}, False, "data differ"),
        ({"data.scaling": "standard"}, False, "data differ"),
        ({"seed": 3}, True, "seeds differ"),
        ({"noise.kind": "masking"}, False, "noise differs"),
        ({"seed": 3, "data.test": 100}, False, "data differ"),
    ],
)
def test_that_errors_on_other_data_are_no_contest(changes: dict[str, Any], marked: bool, word: str) -> None:
    found = compare([run(0.02), run(0.01, changes)])
    assert row(found, "test.mse")[1] == (False, marked)
    assert word in " ".join(found.notes)


def test_that_test_samples_that_are_drawn_by_seed_are_no_contest_between_seeds() -> None:
    digits = {"data.source": "digits"}
    assert row(compare([run(0.02, digits), run(0.01, digits)]), "test.mse")[1] == (False, True)
    found = compare([run(0.02, digits), run(0.01, {**digits, "seed": 1})])
    assert row(found, "test.mse")[1] == (False, False) and "seeds differ" in " ".join(found.notes)


def test_that_a_number_is_found_by_its_path() -> None:
    metrics = {"a": {"b": 1, "c": None, "d": "x", "e": True}}
    assert number(metrics, "a.b") == 1
    assert [number(metrics, path) for path in ("a.c", "a.d", "a.e", "a.f", "a.b.c", "z")] == [None] * 6
