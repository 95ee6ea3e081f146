"""Sizes, curves and sweeps: an autoencoder's error over the code size, against PCA's."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA

from aegui.analysis.looking.reduction import report
from aegui.analysis.pca import fit_pca
from aegui.analysis.reduction import (
    SWEEP_COLUMNS,
    SweepStep,
    Swept,
    is_affine,
    parse_sizes,
    pca_at,
    same_but_size,
    size_for,
    sweep_csv,
    with_epochs,
)
from aegui.analysis.sweep import sweep
from aegui.data.dataset import Dataset
from aegui.errors import InvalidExperiment, InvalidInput
from aegui.spec import Experiment
from aegui.training.trainer import Trainer

Tiny = Callable[..., Experiment]


def results(moments: Any) -> list[Swept]:
    return [moment for moment in moments if isinstance(moment, Swept)]


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        ("2", (2,)),
        ("2, 4, 8", (2, 4, 8)),
        ("8 2;4,", (2, 4, 8)),
        ("2-5", (2, 3, 4, 5)),
        ("16, 1 – 3, 2", (1, 2, 3, 16)),
    ],
)
def test_that_sizes_are_numbers_and_ranges(text: str, sizes: tuple[int, ...]) -> None:
    assert parse_sizes(text) == sizes


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "name at least one"),
        (" , ", "name at least one"),
        ("2, x", "x is neither a whole number nor a range"),
        ("2.5", "2.5 is neither"),
        ("-3", "-3 is neither"),
        ("0", "at least 1, got 0"),
        ("9-2", "write 2-9"),
        ("1-999999999", "at most 64 at a time, got 999,999,999"),
        ("1-40, 101-140", "at most 64 at a time, got 80"),
    ],
)
def test_that_a_wrong_list_says_what_is_wrong(text: str, told: str) -> None:
    with pytest.raises(InvalidInput, match=told):
        parse_sizes(text)


def test_that_a_curve_is_read_at_any_size() -> None:
    curve = np.array([1.0, 0.5, 0.2, np.nan])
    assert [pca_at(curve, d) for d in (0, 2, 3, 99)] == [1.0, 0.2, None, None]
    assert [size_for(curve, mse) for mse in (2.0, 1.0, 0.6, 0.2, 0.1)] == [0, 0, 1, 2, None]


def test_that_a_swept_size_is_bit_by_bit_the_run_of_its_own(tiny: Tiny, tiny_digits: Dataset) -> None:
    experiment = tiny({"noise.kind": "masking", "penalty.code.kind": "l1"})
    found = results(sweep(experiment, tiny_digits, (1, 3, 5)))
    curve = fit_pca(tiny_digits).error_curve(tiny_digits.test)
    assert [point.size for point in found] == [1, 3, 5]
    for point in found:
        trainer = Trainer(
            tiny({"noise.kind": "masking", "penalty.code.kind": "l1", "code.size": point.size}), tiny_digits
        )
        for _ in trainer:
            pass
        assert point.mse == float(trainer.evaluation.errors.mean(dtype=torch.float64))
        assert (point.steps, point.epochs, point.note) == (12, 3, "")
        assert point.parameters == sum(p.numel() for p in trainer.model.parameters())
        assert point.pca_mse == curve[point.size] and point.seconds > 0


def test_that_the_pca_of_a_sweep_agrees_with_scikit_learn(tiny: Tiny, tiny_digits: Dataset) -> None:
    (point,) = results(sweep(tiny({"training.epochs": 1}), tiny_digits, (4,)))
    train, test = (tiny_digits.scaled(s).astype(np.float64) for s in (tiny_digits.train, tiny_digits.test))
    theirs = PCA(4, svd_solver="full").fit(train)
    expected = np.square(test - theirs.inverse_transform(theirs.transform(test))).mean()
    assert point.pca_mse == pytest.approx(expected, rel=1e-5)


def test_that_a_sweep_tells_every_step_and_can_be_left_at_any(tiny: Tiny, tiny_digits: Dataset) -> None:
    moments = list(sweep(tiny(), tiny_digits, (2, 3)))
    steps = [m for m in moments if isinstance(m, SweepStep)]
    assert len(steps) == 24 and [m.step for m in steps[:13]] == [*range(1, 13), 1]
    assert isinstance(moments[12], Swept) and isinstance(moments[-1], Swept)
    shares = [m.share for m in steps]
    assert shares == sorted(shares) and shares[11] == 0.5 and shares[-1] == 1.0
    left = sweep(tiny(), tiny_digits, (2, 3))
    assert next(left) == SweepStep(2, 0, 2, 1, 12, 0)
    left.close()  # type: ignore[attr-defined]


def test_that_every_impossible_size_is_told_before_anything_is_trained(
    tiny: Tiny, tiny_digits: Dataset
) -> None:
    with pytest.raises(InvalidExperiment, match=r"code size 3\).*code size 4\)"):
        next(sweep(tiny({"penalty.code.kind": "kl"}), tiny_digits, (3, 4)))


def test_that_a_size_that_diverges_has_no_error_and_the_others_go_on(
    tiny: Tiny, tiny_digits: Dataset
) -> None:
    wild = {
        "architecture.encoder": [],
        "architecture.output": "linear",
        "training.optimizer.kind": "sgd",
        "training.rate": 700.0,
        "training.epochs": 50,
    }
    found = results(sweep(tiny(wild), tiny_digits, (2, 3)))
    assert [point.mse for point in found] == [None, None]
    assert all("no longer finite at step" in point.note for point in found)
    row = next(csv.DictReader(io.StringIO(sweep_csv(found))))
    assert row["autoencoder_test_mse"] == "" and row["note"] == found[0].note


def test_that_a_table_holds_every_number_exactly() -> None:
    points = (Swept(2, 0.1 + 0.2, None, 7, 3, 12, 0.5), Swept(4, 1e-9, 2e-3, 9, 3, 12, 0.25, "a, b"))
    rows = list(csv.DictReader(io.StringIO(sweep_csv(points))))
    assert tuple(rows[0]) == SWEEP_COLUMNS
    assert float(rows[0]["autoencoder_test_mse"]) == 0.1 + 0.2 and rows[0]["pca_test_mse"] == ""
    assert rows[1]["note"] == "a, b" and rows[1]["code_size"] == "4"


def test_that_a_trained_linear_autoencoder_reaches_pca_and_never_goes_below(
    tiny: Tiny, tiny_digits: Dataset
) -> None:
    linear = tiny(
        {
            "architecture.encoder": [],
            "architecture.output": "linear",
            "code.size": 2,
            "training.batch": 100,
            "training.rate": 0.03,
            "training.epochs": 2000,
        }
    )
    assert is_affine(linear, tiny_digits.facts())
    trainer, best = Trainer(linear, tiny_digits), fit_pca(tiny_digits).mse(tiny_digits.train, 2)
    errors = []
    for _ in trainer:
        errors.append(float(trainer.history.batch.prefix()[-1, 0]))
    assert min(errors) >= best * (1 - 1e-5) and min(errors) == pytest.approx(best, rel=0.01)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"architecture.encoder.0.activation": "linear"},
        {"architecture.encoder": [], "code.activation": "relu", "architecture.output": "linear"},
    ],
    ids=["tanh", "sigmoid output", "relu code"],
)
def test_that_one_curved_layer_is_enough_not_to_be_linear(
    tiny: Tiny, tiny_digits: Dataset, changes: dict[str, Any]
) -> None:
    assert not is_affine(tiny(changes), tiny_digits.facts())


def test_that_experiments_are_compared_without_their_sizes(tiny: Tiny) -> None:
    assert same_but_size(tiny(), with_epochs(tiny({"code.size": 9, "title": "another"}), 77))
    assert not same_but_size(tiny(), tiny({"training.rate": 0.5}))
    assert not same_but_size(tiny(), tiny({"data.train": 99}))
    assert with_epochs(tiny(), 0) == tiny()


def test_that_the_report_holds_both_errors(bench_of: Callable[..., Any]) -> None:
    bench = bench_of({"code.size": 3})
    pca = fit_pca(bench.dataset)
    found = report(bench, pca)
    assert found["autoencoder_test_mse"] == pytest.approx(float(bench.evaluation.errors.mean()), rel=1e-6)
    assert found["pca_test_mse"] == pytest.approx(pca.mse(bench.dataset.test, 3), rel=1e-9)
    assert found["pca_test_mse_by_size"]["16"] == pytest.approx(pca.mse(bench.dataset.test, 16), rel=1e-9)
    assert list(found["pca_test_mse_by_size"]) == ["1", "2", "4", "8", "16", "32", "64"]
    assert found["code_size"] == 3 and found["samples"] == 30 and not found["affine"]
