"""Stratified draws."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from aegui.data.draw import shares, stratified


@given(st.lists(st.integers(1, 500), min_size=1, max_size=12), st.data())
@settings(deadline=None)
def test_that_shares_are_exact_possible_and_near_proportion(sizes: list[int], data: st.DataObject) -> None:
    groups = np.array(sizes)
    count = data.draw(st.integers(1, sum(sizes)))
    quotas = shares(groups, count)
    assert quotas.sum() == count
    assert (quotas <= groups).all() and (quotas >= 0).all()
    if count >= len(sizes):
        assert (quotas >= 1).all()
    exact = groups * count / groups.sum()
    if (exact >= 1).all():
        assert (np.abs(quotas - exact) < 1).all()


def test_that_even_the_smallest_class_is_drawn() -> None:
    labels = np.array([0] * 1000 + [1] * 3 + [2])
    drawn = labels[stratified(labels, 10, seed=0)]
    assert np.bincount(drawn).tolist() == [8, 1, 1]


def test_that_fewer_samples_than_classes_go_to_the_largest() -> None:
    labels = np.repeat([0, 1, 2], [5, 50, 500])
    assert labels[stratified(labels, 1, seed=3)].tolist() == [2]


def test_that_the_same_seed_draws_the_same_and_another_seed_others() -> None:
    labels = np.arange(300) % 3
    first = stratified(labels, 30, seed=1)
    np.testing.assert_array_equal(first, stratified(labels, 30, seed=1))
    assert not np.array_equal(first, stratified(labels, 30, seed=2))
    assert len(np.unique(first)) == 30
    assert (np.diff(first) > 0).all()


def test_that_more_samples_contain_the_fewer() -> None:
    labels = np.arange(300) % 3
    assert set(stratified(labels, 30, seed=1)) < set(stratified(labels, 60, seed=1))


def test_that_a_count_above_what_there_is_takes_all() -> None:
    assert stratified(np.array([1, 0, 1]), 99, seed=0).tolist() == [0, 1, 2]


def test_that_samples_without_labels_are_drawn_alike() -> None:
    drawn = stratified(None, 5, seed=0, total=20)
    assert len(set(drawn.tolist())) == 5 and drawn.max() < 20
