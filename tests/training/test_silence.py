"""Code units that say nothing: counted at every evaluation, and told with the setting to change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from aegui.analysis.sparsity import sparsity
from aegui.spec import Experiment
from aegui.training.observer import Observer
from aegui.training.silence import Silence, silence_of, silence_warning
from aegui.training.snapshot import Wishes
from aegui.training.trainer import Trainer

Tiny = Callable[..., Experiment]
KILLED = {"code.activation": "relu", "code.size": 6, "training.optimizer.kind": "sgd"}


def codes_of(*columns: list[float]) -> np.ndarray:
    return np.array(columns, np.float32).T


def test_that_dead_and_constant_units_are_told_from_those_that_speak() -> None:
    codes = codes_of([0, 0, 0], [1e-3, -1e-3, 0], [0.7, 0.7, 0.7], [0.7, 0.7, 0.71], [0, 0, 1])
    assert silence_of(codes) == Silence(units=5, dead=2, constant=1)


@pytest.mark.parametrize("seed", range(20))
def test_that_dead_units_are_those_of_the_metrics(seed: int) -> None:
    rng = np.random.default_rng(seed)
    codes = (rng.standard_normal((30, 9)) * 10.0 ** rng.integers(-5, 2, 9)).astype(np.float32)
    assert silence_of(codes).dead == sparsity(codes).dead_units


def test_that_one_sample_shows_dead_units_only_and_no_sample_nothing() -> None:
    assert silence_of(codes_of([0.0], [0.5])) == Silence(2, 1, 0)
    assert silence_of(np.zeros((0, 2), np.float32)) == Silence(2, 0, 0)


def test_that_codes_that_are_not_finite_are_not_silent() -> None:
    assert silence_of(codes_of([np.nan, 0], [np.inf, np.inf], [0, 0])) == Silence(3, 1, 0)


@pytest.mark.parametrize(
    ("dead", "constant", "most"), [(1, 0, False), (1, 1, True), (2, 0, True), (0, 3, True)]
)
def test_that_more_than_half_is_most(dead: int, constant: int, most: bool) -> None:
    assert Silence(3, dead, constant).most is most


@pytest.mark.parametrize(
    ("changes", "advice"),
    [
        ({"penalty.code": {"kind": "l1", "weight": 7.0}}, "lower penalty.code.weight, now 7"),
        (
            {"code.activation": "sigmoid", "penalty.code": {"kind": "kl"}},
            "lower penalty.code.weight, now 0.01",
        ),
        (
            {"code.activation": "sigmoid", "penalty.code": {"kind": "kl", "rho": 1e-4}},
            "raise penalty.code.rho, now 0.0001",
        ),
        ({"code.variational": True, "code.beta": 90.0}, "lower code.beta, now 90"),
        ({"penalty.weights_l1": 2.0}, "lower penalty.weights_l1, now 2, or training.rate, now 0.001"),
        (
            {"code.activation": "relu", "training.rate": 0.5},
            "lower training.rate, now 0.5, or take another code.activation than relu, such as leaky-relu",
        ),
        ({"penalty.code": {"kind": "l1", "weight": 0.0}}, "lower training.rate, now 0.001"),
        (
            {"code.activation": "tanh"},
            "lower training.rate, now 0.001, or take another code.activation than tanh",
        ),
    ],
)
def test_that_the_setting_to_change_is_named_with_its_value(
    tiny: Tiny, changes: dict[str, Any], advice: str
) -> None:
    problem = silence_warning(tiny(changes), Silence(6, 5, 0))
    assert problem is not None and problem.message.endswith(f"; {advice}")
    assert problem.path in advice


@pytest.mark.parametrize(
    ("silence", "words"),
    [
        (Silence(6, 5, 0), "5 of 6 code units are dead (0 for every test sample); "),
        (Silence(6, 0, 6), "6 of 6 code units are the same for every test sample; "),
        (
            Silence(6, 3, 2),
            "3 of 6 code units are dead (0 for every test sample) and"
            " 2 of 6 code units are the same for every test sample; ",
        ),
    ],
)
def test_that_the_units_are_counted_in_the_sentence(tiny: Tiny, silence: Silence, words: str) -> None:
    problem = silence_warning(tiny(), silence)
    assert problem is not None and problem.message.startswith(words)


def test_that_a_code_that_speaks_is_no_matter(tiny: Tiny) -> None:
    assert silence_warning(tiny(), Silence(6, 3, 0)) is None


@pytest.mark.parametrize(
    "changes",
    [
        KILLED | {"training.rate": 300.0, "training.clip_norm": 1.0},
        {"code.activation": "relu", "penalty.code": {"kind": "l1", "weight": 1e3}, "training.rate": 0.1},
    ],
)
def test_that_a_run_that_kills_its_code_counts_the_dead(
    trainer_of: Callable[..., Trainer], changes: dict[str, Any]
) -> None:
    trainer = trainer_of(changes)
    assert trainer.silent is None
    for _ in trainer:
        pass
    assert trainer.silent is not None and trainer.silent.most and trainer.silent.dead > 0
    assert trainer.silent.dead == sparsity(trainer.evaluation.codes.numpy()).dead_units
    assert Observer(trainer).snapshot(Wishes()).silent == trainer.silent


def test_that_a_sound_run_is_not_accused(trainer_of: Callable[..., Trainer]) -> None:
    trainer = trainer_of()
    for _ in trainer:
        pass
    assert trainer.silent == Silence(3, 0, 0)
