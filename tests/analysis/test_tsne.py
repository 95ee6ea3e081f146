"""t-SNE keeps neighbours, as scikit-learn's does; it is the same each time, and can be given up."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.manifold import trustworthiness

from aegui.analysis.tsne import MOST, drawn, embed, perplexity_of


class GivenUp(Exception):
    pass


@pytest.fixture(scope="module")
def codes() -> np.ndarray:
    return load_digits().data[:300].astype(np.float32)


def test_that_neighbours_stay_neighbours_and_the_same_codes_have_the_same_places(codes) -> None:
    told: list[float] = []
    places = embed(codes, lambda share, _: told.append(share))
    assert places.shape == (300, 2) and places.dtype == np.float32
    assert trustworthiness(codes, places, n_neighbors=10) > 0.95  # scikit-learn's own reaches 0.98
    assert told == sorted(told) and told[-1] == 1.0 and len(told) > 20
    assert np.array_equal(embed(codes, lambda *_: None), places)


def test_that_it_ends_when_it_is_given_up(codes) -> None:
    told: list[float] = []

    def give_up(share: float, places: np.ndarray) -> None:
        told.append(share)
        if share > 0.3:
            raise GivenUp

    with pytest.raises(GivenUp):
        embed(codes, give_up)
    assert told[-1] < 0.4


@pytest.mark.parametrize("values", [np.zeros((40, 5)), np.ones((4, 3)), np.eye(12)])
def test_that_odd_codes_have_finite_places(values: np.ndarray) -> None:
    assert np.isfinite(embed(values.astype(np.float32), lambda *_: None)).all()


def test_that_samples_are_drawn_with_their_labels_in_proportion() -> None:
    labels = np.repeat([0, 1], [9000, 3000])
    finite = np.arange(2, 12_000)
    rows = drawn(finite, labels)
    assert len(rows) == MOST and rows.min() >= 2 and (np.diff(rows) > 0).all()
    assert abs((labels[rows] == 1).mean() - 0.25) < 0.001
    assert np.array_equal(drawn(finite[:50], None), finite[:50])


def test_that_few_samples_have_fewer_neighbours() -> None:
    assert perplexity_of(1000) == 30 and perplexity_of(31) == 10 and perplexity_of(4) == 1
