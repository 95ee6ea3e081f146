"""Two axes through the space of codes."""

from __future__ import annotations

import numpy as np
import pytest

from aegui.analysis.latent import FIT_ROWS, project


def cloud(d: int, n: int = 400, seed: int = 0) -> np.ndarray:
    """Normal codes with two wide directions that are no unit's, around a centre that is not 0."""
    random = np.random.default_rng(seed)
    spread = np.concatenate([[5.0, 3.0], np.full(max(d - 2, 0), 0.3)])[:d]
    turn = np.linalg.qr(np.random.default_rng(99).standard_normal((d, d)))[0]
    return (random.standard_normal((n, d)) * spread @ turn + 2).astype(np.float32)


def test_that_two_units_are_shown_as_they_are() -> None:
    codes = cloud(5)
    found = project(codes, ("units", 0, 3))
    np.testing.assert_array_equal(found.points, codes[:, [0, 3]])
    assert found.labels == ("h₁", "h₄")
    assert project(cloud(12), ("units", 11, 9)).labels == ("h₁₂", "h₁₀")


def test_that_lifting_keeps_the_other_units_at_their_mean() -> None:
    codes = cloud(4)
    lifted = project(codes, ("units", 2, 0)).lift(np.array([[10.0, 20.0]], np.float32))
    mean = codes.mean(axis=0)
    np.testing.assert_allclose(lifted, [[20, mean[1], 10, mean[3]]], rtol=1e-6)


def test_that_a_code_of_two_units_is_lifted_exactly() -> None:
    codes = cloud(2)
    for how in (("units", 0, 1), "pca"):
        found = project(codes, how)
        np.testing.assert_allclose(found.lift(found.points), codes, atol=1e-4)


@pytest.mark.parametrize("d", [2, 3, 20, 300])
def test_that_principal_axes_are_those_of_the_covariance(d: int) -> None:
    codes = cloud(d)
    found = project(codes, "pca")
    variances, axes = np.linalg.eigh(np.cov(codes.astype(np.float64).T, bias=True))
    np.testing.assert_allclose(np.abs((found.axes * axes[:, ::-1].T[:2]).sum(axis=1)), 1, atol=1e-3)
    np.testing.assert_allclose(found.points.var(axis=0), variances[::-1][:2], rtol=1e-3)
    np.testing.assert_allclose(found.axes @ found.axes.T, np.eye(2), atol=1e-5)
    share = 100 * variances[-1] / variances.sum()
    assert found.labels[0] == f"PC 1 ({share:.0f} % of variance)"
    assert found.points.dtype == np.float32 and found.points.shape == (400, 2)


def test_that_lifting_from_principal_axes_and_projecting_again_changes_nothing() -> None:
    codes = cloud(6)
    found = project(codes, "pca")
    plane = found.lift(found.points)
    np.testing.assert_allclose((plane - found.origin) @ found.axes.T, found.points, atol=1e-4)
    assert np.square(plane - codes).mean() < 0.1  # 4 of 6 directions are narrow


@pytest.mark.parametrize("d", [4, 300])
def test_that_the_picture_does_not_flip_from_one_snapshot_to_the_next(d: int) -> None:
    codes = cloud(d)
    before = project(codes, "pca")
    turned = -before.axes  # what a run of the solver might give
    before_turned = type(before)("pca", -before.points, before.labels, before.origin, turned)
    after = project(codes + 0.01, "pca", like=before_turned)
    np.testing.assert_allclose(after.axes, turned, atol=1e-3)


def test_that_axes_keep_their_order_when_their_variances_cross() -> None:
    codes = np.random.default_rng(0).standard_normal((500, 3)).astype(np.float32)
    before = project(codes * np.float32([3, 2, 0.1]), "pca")
    after = project(codes * np.float32([2, 3, 0.1]), "pca", like=before)
    np.testing.assert_allclose(np.abs(after.axes[0, 0]), 1, atol=0.05)
    assert after.labels[0].startswith("PC 2 (") and after.labels[1].startswith("PC 1 (")


def test_that_axes_of_another_code_are_ignored() -> None:
    codes = cloud(3)
    plain = project(codes, "pca")
    for like in (project(cloud(5), "pca"), project(codes, ("units", 0, 1))):
        np.testing.assert_array_equal(project(codes, "pca", like=like).axes, plain.axes)


def test_that_the_same_codes_give_the_same_picture() -> None:
    for d in (3, 300):
        np.testing.assert_array_equal(project(cloud(d), "pca").points, project(cloud(d), "pca").points)


@pytest.mark.parametrize("how", ["pca", ("units", 0, 1)])
def test_that_a_code_of_one_unit_is_spread_for_display_only(how) -> None:
    codes = cloud(1)
    found = project(codes, how)
    np.testing.assert_array_equal(found.points[:, 0], codes[:, 0])
    assert -0.5 <= found.points[:, 1].min() < -0.4 and 0.4 < found.points[:, 1].max() < 0.5
    np.testing.assert_array_equal(found.lift(found.points), codes)
    assert found.labels[0] == "h₁" and "display only" in found.labels[1]


def test_that_unit_numbers_past_the_end_mean_the_last_unit() -> None:
    codes = cloud(3)
    found = project(codes, ("units", 7, 9))
    assert found.labels == ("h₃", "h₃")
    np.testing.assert_allclose(found.lift(found.points)[:, 2], codes[:, 2])


def test_that_axes_are_found_from_a_part_of_many_codes_and_all_are_shown() -> None:
    codes = cloud(4, n=3 * FIT_ROWS + 1)
    found = project(codes, "pca")
    assert len(found.points) == len(codes)
    exact = np.linalg.eigh(np.cov(codes.T))[1][:, ::-1].T[:2]
    assert (np.abs((found.axes * exact).sum(axis=1)) > 0.99).all()


def test_that_dead_and_exploded_codes_can_still_be_drawn() -> None:
    dead = project(np.zeros((10, 3), np.float32), "pca")
    assert (dead.points == 0).all() and dead.labels[0].startswith("PC 1 (0 %")
    huge = cloud(3) * np.float32(1e30)
    huge[4] = np.nan
    huge[5] = np.inf
    found = project(huge, "pca")
    assert np.isfinite(found.axes).all() and np.isfinite(found.points[:4]).all()
    assert np.isfinite(project(np.full((4, 300), np.nan, np.float32), "pca").axes).all()
    project(huge, ("units", 0, 1))
