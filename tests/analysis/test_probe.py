"""The linear probe."""

from __future__ import annotations

import numpy as np
import pytest

from aegui.analysis import probe
from aegui.analysis.probe import linear_probe
from aegui.data.load import load_dataset
from aegui.spec import Data


def test_that_raw_digits_are_told_apart_by_a_line() -> None:
    dataset = load_dataset(Data(source="digits"), 0)
    x, y = dataset.scaled(dataset.train), dataset.train.labels
    test_x, test_y = dataset.scaled(dataset.test), dataset.test.labels
    accuracy = linear_probe(x, y, test_x, test_y)
    assert accuracy is not None and 0.94 < accuracy < 1
    assert accuracy == linear_probe(x, y, test_x, test_y)


def test_that_noise_is_told_apart_by_chance() -> None:
    random = np.random.default_rng(0)
    x, y = random.standard_normal((1000, 3)), np.arange(1000) % 2
    accuracy = linear_probe(x[:500], y[:500], x[500:], y[500:])
    assert accuracy == pytest.approx(0.5, abs=0.1)


def test_that_features_of_any_scale_count_alike_and_dead_ones_do_no_harm() -> None:
    y = np.arange(200) % 2
    x = np.stack([y * 1e-6, np.zeros(200), np.random.default_rng(0).random(200) * 1e6], axis=1)
    assert linear_probe(x, y, x, y) == 1


def test_that_a_probe_that_does_not_converge_keeps_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe, "_STEPS", 2)
    random = np.random.default_rng(0)
    x, y = random.standard_normal((300, 20)), np.arange(300) % 5
    assert linear_probe(x, y, x, y) is not None


def test_that_without_two_classes_there_is_nothing_to_tell_apart() -> None:
    x = np.ones((4, 2))
    one, two = np.zeros(4, np.int64), np.array([0, 1, 0, 1])
    assert linear_probe(x, one, x, two) is None
    assert linear_probe(x, two, x[:0], two[:0]) is None
