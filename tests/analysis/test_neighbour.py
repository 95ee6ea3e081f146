"""1-NN is scikit-learn's."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.neighbors import KNeighborsClassifier

from aegui.analysis import neighbour
from aegui.analysis.neighbour import nearest_neighbour
from aegui.data.load import load_dataset
from aegui.spec import Data


@pytest.mark.parametrize("shift", [0.0, 1e3])
def test_that_it_is_scikit_learns_on_digits(monkeypatch: pytest.MonkeyPatch, shift: float) -> None:
    monkeypatch.setattr(neighbour, "_PRODUCTS", 1e6)  # several blocks
    dataset = load_dataset(Data(source="digits", train=500), 0)
    x, tx = (dataset.scaled(part) + np.float32(shift) for part in (dataset.train, dataset.test))
    y, ty = dataset.train.labels, dataset.test.labels
    told: list[float] = []
    found = nearest_neighbour(x, y, tx, ty, told.append)
    assert found == KNeighborsClassifier(1).fit(x, y).score(tx, ty)
    assert told == sorted(told) and len(told) > 3 and told[0] == 0 and told[-1] < 1


def test_that_the_distance_is_of_the_features_as_they_are() -> None:
    x, y = np.array([[0.0, 0.0], [10.0, 1.0]]), np.array([0, 1])
    assert nearest_neighbour(x, y, np.array([[4.0, 1.0]]), np.array([0])) == 1.0


def test_that_what_cannot_be_measured_is_none() -> None:
    x, y = np.ones((3, 2)), np.array([0, 1, 0])
    assert nearest_neighbour(x, y, x[:0], y[:0]) is None
    assert nearest_neighbour(x, y, np.full((1, 2), np.nan), y[:1]) is None
    assert nearest_neighbour(x * np.inf, y, x, y) is None


def test_that_enormous_features_do_no_harm() -> None:
    x, y = np.array([[1e30], [2e30]], np.float32), np.array([0, 1])
    assert nearest_neighbour(x, y, x, y) == 1.0
