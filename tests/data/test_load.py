"""From spec.Data to a Dataset."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from sklearn.datasets import load_digits

from aegui.data.dataset import Dataset
from aegui.data.load import load_dataset
from aegui.data.sources import read_source
from aegui.errors import InvalidExperiment, Problem
from aegui.spec import Data

DIGITS = Data(source="digits")


def digits(**parts: object) -> Dataset:
    return load_dataset(Data(source="digits", **parts), seed=0)  # type: ignore[arg-type]


def problems(data: Data) -> list[Problem]:
    with pytest.raises(InvalidExperiment) as caught:
        load_dataset(data, 0)
    return list(caught.value.problems)


def test_that_mnist_reads_as_everybody_knows_it() -> None:
    mnist = load_dataset(Data(), 0)
    assert mnist.train.labels is not None and mnist.test.labels is not None
    assert mnist.train.labels[:5].tolist() == [5, 0, 4, 1, 9]
    assert mnist.test.labels[:5].tolist() == [7, 2, 1, 0, 4]
    test = mnist.scaled(mnist.test)
    assert test.mean(dtype=np.float64) == pytest.approx(0.132515, abs=1e-6)
    assert np.square(test).mean(dtype=np.float64) == pytest.approx(0.113958, abs=1e-6)


def test_that_mnist_is_read_once_and_shares_its_bytes() -> None:
    first = load_dataset(Data(), 0)
    limited = load_dataset(Data(train=10_000, test=1_000), 1)
    assert limited.train.stored is first.train.stored
    assert (len(limited.train), len(limited.test)) == (10_000, 1_000)
    assert load_dataset(Data(), 5).train.raw is first.train.raw
    assert not first.train.raw.flags.writeable


def test_that_digits_give_a_fifth_to_the_test_part_in_every_class() -> None:
    dataset = digits()
    assert dataset.train.labels is not None and dataset.test.labels is not None
    in_test = np.bincount(dataset.test.labels)
    whole = in_test + np.bincount(dataset.train.labels)
    assert np.abs(in_test - 0.2 * whole).max() < 1
    both = np.concatenate([dataset.train.raw, dataset.test.raw])
    raw = load_digits().data.astype(np.uint8)
    assert sorted(map(bytes, both)) == sorted(map(bytes, raw))


def test_that_the_same_seed_gives_the_same_split_and_another_seed_another() -> None:
    same, other = load_dataset(DIGITS, 0), load_dataset(DIGITS, 1)
    assert np.array_equal(digits().test.raw, same.test.raw)
    assert not np.array_equal(same.test.raw, other.test.raw)


def test_that_limits_are_exact_stratified_and_drawn_by_seed() -> None:
    dataset = digits(train=100, test=30)
    assert dataset.train.labels is not None
    assert (len(dataset.train), len(dataset.test)) == (100, 30)
    assert set(np.bincount(dataset.train.labels)) <= {9, 10, 11}
    assert np.array_equal(dataset.train.raw, digits(train=100).train.raw)


def test_that_a_limit_above_what_there_is_keeps_all() -> None:
    assert len(digits(train=10**9).train) == 1438


def test_that_only_the_wanted_classes_are_kept_and_counted_from_zero() -> None:
    dataset = digits(classes=("8", 3))
    assert dataset.classes == ("3", "8")
    assert dataset.train.labels is not None and set(dataset.train.labels) == {0, 1}
    threes = dataset.train.raw[dataset.train.labels == 0]
    whole = digits()
    np.testing.assert_array_equal(threes, whole.train.raw[whole.train.labels == 3])


def test_that_training_sees_normal_labels_only_and_the_test_part_marks_the_others() -> None:
    dataset = digits(normal=(1, "7"))
    assert dataset.train.labels is not None and dataset.anomalous is not None
    assert set(dataset.train.labels) == {1, 7}
    assert len(dataset.test) == 359 and dataset.classes == tuple("0123456789")
    np.testing.assert_array_equal(dataset.anomalous, ~np.isin(dataset.test.labels, [1, 7]))


def test_that_classes_and_normal_go_together() -> None:
    dataset = digits(classes=(3, 5, 8), normal=(5,), test=40)
    assert dataset.train.labels is not None and dataset.anomalous is not None
    assert set(dataset.train.labels) == {1}
    np.testing.assert_array_equal(dataset.anomalous, dataset.test.labels != 1)


def rows_of(dataset: Dataset) -> list[int]:
    assert dataset.train.rows is not None
    return dataset.train.rows.tolist()


def test_that_nothing_changes_without_contamination() -> None:
    plain, zero = digits(normal=(1, 7), train=90), digits(normal=(1, 7), train=90, contamination=0.0)
    assert rows_of(plain) == rows_of(zero)
    assert {plain.classes[i] for i in plain.train.labels} == {"1", "7"}  # type: ignore[union-attr]


@pytest.mark.parametrize("limit", [None, 100])
def test_that_a_share_of_the_normal_samples_is_replaced_by_anomalies(limit: int | None) -> None:
    clean = digits(normal=(1, 7), train=limit)
    dirty = digits(normal=(1, 7), train=limit, contamination=0.2)
    assert dirty.train.labels is not None and len(dirty.train) == len(clean.train)
    anomalous = ~np.isin(dirty.train.labels, [1, 7])
    assert anomalous.sum() == round(0.2 * len(clean.train))
    counts = np.bincount(dirty.train.labels[anomalous], minlength=10)
    assert set(np.delete(counts, [1, 7])) <= {counts[0] - 1, counts[0], counts[0] + 1}  # stratified
    assert set(np.array(rows_of(dirty))[~anomalous]) <= set(rows_of(clean))
    assert rows_of(dirty) == sorted(rows_of(dirty)) and len(set(rows_of(dirty))) == len(dirty.train)
    np.testing.assert_array_equal(dirty.test.raw, clean.test.raw)


def test_that_contamination_is_drawn_by_seed() -> None:
    spec = Data(source="digits", normal=(3,), contamination=0.1)
    again, other = load_dataset(spec, 4), load_dataset(spec, 5)
    assert rows_of(load_dataset(spec, 4)) == rows_of(again) != rows_of(other)
    assert not set(rows_of(again)) & set(again.test.rows.tolist())  # type: ignore[union-attr]


def test_that_contamination_needs_normal_classes() -> None:
    (problem,) = problems(Data(source="digits", contamination=0.1))
    assert str(problem) == (
        "data.contamination: must be 0 where data.normal is empty, got 0.1; choose normal classes"
    )


def test_that_more_anomalies_than_there_are_is_a_problem() -> None:
    normal = tuple(range(9))
    (problem,) = problems(Data(source="digits", normal=normal, contamination=0.4))
    assert problem.path == "data.contamination"
    most = float(problem.message.split("at most ")[1].split(",")[0])
    assert 0.1 < most < 0.15
    assert len(digits(normal=normal, contamination=most).train) == len(digits(normal=normal).train)


def test_that_an_unknown_name_is_corrected() -> None:
    (problem,) = problems(Data(source="mnits"))
    assert problem.path == "data.source"
    assert 'did you mean "mnist"?' in problem.message and "mnist, digits, fashion" in problem.message


def test_that_unknown_labels_are_all_reported_with_what_there_is() -> None:
    found = problems(Data(source="digits", classes=(11, "x"), normal=(12,)))
    assert [p.path for p in found] == ["data.classes", "data.classes", "data.normal"]
    assert found[0].message == 'no such label "11"; the data set has 0..9'


def test_that_an_unknown_label_among_words_is_told_with_the_words() -> None:
    (problem,) = problems(Data(source="wine", normal=("foo",)))
    assert problem.message.startswith('no such label "foo"; the data set has cultivar 1')


def test_that_a_normal_label_outside_the_kept_classes_is_a_problem() -> None:
    (problem,) = problems(Data(source="digits", classes=(1, 2), normal=(3,)))
    assert str(problem) == 'data.normal: no such label "3"; data.classes has 1, 2'


def test_that_all_labels_cannot_be_normal() -> None:
    (problem,) = problems(Data(source="digits", classes=(1, 2), normal=(2, 1)))
    assert problem.path == "data.normal" and "no anomaly" in problem.message


def test_that_threads_read_a_data_set_once_and_alike() -> None:
    found: list[object] = []
    threads = [threading.Thread(target=lambda: found.append(read_source("mnist"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4 and all(one is found[0] for one in found)
