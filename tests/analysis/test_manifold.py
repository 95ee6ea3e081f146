"""Ways through the space of codes, against scikit-learn, scipy and closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm
from sklearn.decomposition import PCA
from sklearn.neighbors import NearestNeighbors

from aegui.analysis.latent import project
from aegui.analysis.manifold import (
    Reference,
    grid_codes,
    interpolate,
    nearest_distances,
    normal_levels,
    plane_grid,
    principal_directions,
    quantile_levels,
    unit_directions,
)


def codes_of(count: int = 500, size: int = 6, seed: int = 0) -> np.ndarray:
    random = np.random.default_rng(seed)
    spread = np.geomspace(4, 0.2, size)
    turn = np.linalg.qr(random.standard_normal((size, size)))[0]
    return (random.standard_normal((count, size)) * spread @ turn + 3).astype(np.float32)


def test_that_a_line_is_even_and_ends_at_its_ends() -> None:
    a, b = codes_of(2)
    walked = interpolate(a, b, 9)
    assert np.array_equal(walked[0], a) and np.array_equal(walked[-1], b)
    assert np.allclose(walked[4], (a + b) / 2, atol=1e-6)
    assert np.allclose(np.diff(walked, axis=0), (b - a) / 8, atol=1e-5)


def test_that_between_two_levels_lie_equally_many_values() -> None:
    values = np.random.default_rng(0).gamma(2.0, size=8000).astype(np.float32)
    levels = quantile_levels(values, 8)
    counts = np.histogram(values, [-np.inf, *levels, np.inf])[0]
    assert counts[[0, -1]].tolist() == [500, 500] and (counts[1:-1] == 1000).all()


def test_that_levels_of_the_prior_are_those_of_the_normal_distribution() -> None:
    assert np.allclose(normal_levels(10), norm.ppf((np.arange(10) + 0.5) / 10))
    assert np.allclose(normal_levels(5, 2.0), 2 + norm.ppf((np.arange(5) + 0.5) / 5))


@pytest.mark.parametrize("how", ["pca", ("units", 4, 1)])
@pytest.mark.parametrize("prior", [False, True])
def test_that_a_grid_lies_in_the_plane_highest_row_first(how, prior: bool) -> None:
    projection = project(codes_of(), how)
    across, up = plane_grid(projection, 5, prior)
    codes = grid_codes(projection, across, up)
    assert codes.shape == (25, 6) and codes.dtype == np.float32
    places = projection.place(codes).reshape(5, 5, 2)
    assert np.allclose(places[:, :, 0], across, atol=1e-4)
    assert np.allclose(places[:, :, 1], up[::-1, None], atol=1e-4)
    if prior:  # the axes are of length one, so that the prior's spread along them is one
        zero = projection.place(np.zeros((1, 6), np.float32))[0]
        assert np.allclose([across[2], up[2]], zero, atol=1e-4)
        assert np.isclose(across[4] - across[2], norm.ppf(0.9))


def test_that_a_code_of_one_unit_has_a_grid_of_one_row() -> None:
    codes = codes_of(size=1)
    projection = project(codes, ("units", 0, 1))
    across, up = plane_grid(projection, 6, prior=False)
    assert len(across) == 6 and len(up) == 1
    assert np.allclose(grid_codes(projection, across, up)[:, 0], quantile_levels(codes[:, 0], 6))


def test_that_distances_to_the_nearest_are_those_of_scikit_learn() -> None:
    codes, others = codes_of(700, seed=1), codes_of(900, seed=2)
    wanted = NearestNeighbors(n_neighbors=1).fit(others).kneighbors(codes)[0][:, 0]
    assert np.allclose(nearest_distances(codes, others), wanted, atol=1e-4)
    wanted = NearestNeighbors(n_neighbors=2).fit(others).kneighbors(others)[0][:, 1]
    assert np.allclose(nearest_distances(others, others, itself=True), wanted, atol=1e-4)


def test_that_a_place_is_far_when_its_nearest_code_is_farther_than_theirs() -> None:
    codes = codes_of(900)
    reference = Reference.of(codes)
    own = NearestNeighbors(n_neighbors=2).fit(codes).kneighbors(codes)[0][:, 1]
    assert np.isclose(reference.limit, np.quantile(own, 0.99), rtol=1e-4)
    assert not reference.far(codes).any()  # each of them is a code itself
    beyond = codes.max(axis=0) + 50
    assert reference.far(np.stack([codes[3] + 1e-4, beyond])).tolist() == [False, True]
    assert len(Reference.of(codes_of(9000)).codes) <= 1000
    assert len(Reference.of(codes_of(1500, 256)).codes) < 520
    assert not Reference.of(codes[:1]).far(codes).any()  # one code says nothing about distances


def test_that_directions_are_the_principal_axes_by_variance() -> None:
    codes = codes_of()
    found, wanted = principal_directions(codes), PCA(4).fit(codes)
    assert found.names == ("PC 1", "PC 2", "PC 3", "PC 4")
    assert np.allclose(np.abs(found.axes @ wanted.components_.T), np.eye(4), atol=1e-3)
    assert np.allclose(found.shares, wanted.explained_variance_ratio_, atol=1e-3)
    flipped = principal_directions(codes, like=type(found)(-found.axes, found.shares, found.names))
    assert np.allclose(flipped.axes, -found.axes)
    assert len(principal_directions(codes_of(size=2)).axes) == 2
    assert principal_directions(codes_of(300, 300)).axes.shape == (4, 300)


def test_that_units_come_by_their_variance() -> None:
    codes = (codes_of() - 3) * np.array([1, 9, 0, 3, 5, 7], np.float32)
    found = unit_directions(codes)
    order = np.argsort(-codes.var(axis=0))[:4]
    assert found.names == tuple("h" + "₁₂₃₄₅₆"[unit] for unit in order)
    assert np.array_equal(found.axes.argmax(axis=1), order)
    assert np.allclose(found.shares, codes.var(axis=0)[order] / codes.var(axis=0).sum(), rtol=1e-4)
    assert unit_directions(np.ones((9, 3), np.float32)).shares.tolist() == [0, 0, 0]


def test_that_a_walk_goes_through_its_base_between_two_quantiles() -> None:
    codes = codes_of()
    directions = principal_directions(codes)
    for base in (codes.mean(axis=0), codes[17]):
        walked, places = directions.walk(codes, base, 7)
        assert walked.shape == (4, 7, 6) and places.shape == (4, 7)
        along = codes @ directions.axes.T
        assert np.allclose(places[:, [0, -1]].T, np.quantile(along, (0.01, 0.99), axis=0), atol=1e-3)
        for j in range(4):
            assert np.allclose(walked[j] @ directions.axes[j], places[j], atol=1e-3)
            others = np.delete(np.arange(4), j)
            assert np.allclose(
                walked[j] @ directions.axes[others].T, directions.axes[others] @ base, atol=1e-3
            )
