"""The periodic signals: the normal ones follow their formula, each anomaly breaks it in its own way."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from aegui.data.catalog import entry
from aegui.data.dataset import Split
from aegui.data.load import load_dataset
from aegui.data.periodic_signals import EACH, KINDS, NOISE, NORMAL, POINTS, periodic_signals
from aegui.spec import Data

Doubles = NDArray[np.float64]


@pytest.fixture(scope="module")
def signals() -> Split:
    return periodic_signals()


@pytest.fixture(scope="module")
def residuals(signals: Split) -> dict[str, Doubles]:
    """What is left of the signals of each kind after the formula of normal ones is taken off."""
    f, a, q = (
        signals.columns[name].astype(np.float64)[:, None] for name in ("frequency", "amplitude", "squareness")
    )
    phase = np.radians(signals.columns["phase"].astype(np.float64))[:, None]
    angle = 2 * np.pi * f * np.arange(POINTS) / POINTS + phase
    rest = signals.stored - a * (np.sin(angle) + q * np.sin(3 * angle) / 3)
    return {kind: rest[signals.labels == label] for label, kind in enumerate(KINDS)}


def runs(same: NDArray[np.bool_]) -> NDArray[np.int_]:
    """Longest run of True in each row."""
    longest = current = np.zeros(len(same), int)
    for column in same.T:
        current = (current + 1) * column
        longest = np.maximum(longest, current)
    return longest


def test_that_nine_in_ten_are_normal_and_the_anomalies_have_names(signals: Split) -> None:
    assert entry("signals").classes == KINDS and KINDS[0] == "normal"
    assert np.bincount(signals.labels).tolist() == [NORMAL, EACH, EACH, EACH, EACH]
    assert NORMAL / len(signals) == 0.9
    assert signals.stored.shape == (len(signals), POINTS)


def test_that_the_factors_fill_their_ranges(signals: Split) -> None:
    ranges = {"frequency": (2, 5), "phase": (0, 360), "amplitude": (0.6, 1.2), "squareness": (0, 1)}
    assert set(signals.columns) == set(ranges)
    for name, (low, high) in ranges.items():
        values = signals.columns[name]
        assert low <= values.min() < low + 0.01 * (high - low)
        assert high - 0.01 * (high - low) < values.max() <= high


def test_that_a_normal_signal_is_its_formula_and_white_noise(residuals: dict[str, Doubles]) -> None:
    rest = residuals["normal"]
    assert rest.std() == pytest.approx(NOISE, rel=0.01)
    assert abs(rest.mean()) < 0.001
    assert abs((rest[:, 1:] * rest[:, :-1]).mean()) < 0.01 * NOISE**2
    assert np.abs(rest).max() < 6 * NOISE


def test_that_a_spike_is_one_to_three_points_far_off(residuals: dict[str, Doubles]) -> None:
    far = np.abs(residuals["spike"]) > 1.25
    assert set(far.sum(axis=1)) == {1, 2, 3}
    assert (runs(far) == far.sum(axis=1)).all(), "the points stand side by side"
    assert residuals["spike"][~far].std() == pytest.approx(NOISE, rel=0.02)
    assert 0.3 < (residuals["spike"][far] > 0).mean() < 0.7


def test_that_a_flat_stretch_repeats_one_value(signals: Split, residuals: dict[str, Doubles]) -> None:
    steps = np.diff(signals.stored, axis=1) == 0
    flat = runs(steps)
    here = signals.labels == KINDS.index("flat")
    assert flat[here].min() >= 23 and flat[here].max() <= 49
    assert flat[~here].max() <= 3
    assert np.abs(residuals["flat"][:, -8:]).max() < 6 * NOISE, "it ends before the signal does"


def test_that_the_frequency_jumps_after_a_while(signals: Split, residuals: dict[str, Doubles]) -> None:
    rest = residuals["frequency jump"]
    assert np.abs(rest[:, : POINTS // 4]).max() < 6 * NOISE
    assert (np.abs(rest[:, 3 * POINTS // 4 :]).max(axis=1) > 10 * NOISE).all()
    chosen = signals.stored[signals.labels == KINDS.index("frequency jump")]
    early, late = ((np.diff(np.sign(part)) != 0).sum() for part in (chosen[:, :32], chosen[:, -32:]))
    assert 1.5 < late / early < 2.3


def test_that_a_drift_is_a_straight_line_away(residuals: dict[str, Doubles]) -> None:
    rest = residuals["drift"]
    time = np.arange(POINTS // 2, POINTS)
    slope, level = np.polyfit(time, rest[:, POINTS // 2 :].T, 1)
    line = slope[:, None] * time + level[:, None]
    assert (rest[:, POINTS // 2 :] - line).std() == pytest.approx(NOISE, rel=0.05)
    assert np.abs(line[:, -1]).min() > 0.95 and np.abs(line[:, -1]).max() < 2.05
    assert (np.sign(slope) == np.sign(line[:, -1])).all() and 0.3 < (slope > 0).mean() < 0.7


def test_that_every_anomaly_leaves_more_than_noise(residuals: dict[str, Doubles]) -> None:
    errors = {kind: np.square(rest).mean(axis=1) for kind, rest in residuals.items()}
    for kind in KINDS[1:]:
        assert (errors[kind] > errors["normal"].max()).mean() > 0.97, kind


def test_that_training_on_normal_signals_leaves_a_hundred_anomalies_to_find() -> None:
    dataset = load_dataset(Data(source="signals", normal=("normal",)), 0)
    assert dataset.layout == "signal" and dataset.anomalous is not None
    assert (len(dataset.train), dataset.anomalous.sum(), len(dataset.test)) == (3600, 100, 1000)
    assert np.bincount(dataset.test.labels).tolist() == [900, 25, 25, 25, 25]
    assert len(dataset.train.columns["phase"]) == 3600
