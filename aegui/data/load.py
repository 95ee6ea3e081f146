"""From what the user wants of the data to a :class:`Dataset`: parts, labels, limits, scaling."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from aegui.data.dataset import Dataset, Split
from aegui.data.draw import stratified
from aegui.data.scaling import chosen, fit_scaling, scaled_range, stored_range
from aegui.data.sources import read_source
from aegui.data.stored import Stored, selected
from aegui.data.streams import stream_seed
from aegui.errors import InvalidExperiment, Problem
from aegui.spec import Data

Labels = Sequence[int | str]

TEST_SHARE = 0.2  # of the samples of a set without an official test part


def load_dataset(spec: Data, seed: int) -> Dataset:
    """The data of an experiment with this seed, the same every time.

    Labels are filtered first, then the limits are drawn, then anomalies take the place of some
    normal training samples, then the scaling is found on what is left for training. A limit above
    what there is keeps all. Raises InvalidExperiment with every problem (``data.source``,
    ``data.classes``, ``data.normal``, ``data.contamination``), OperationFailed if the bundled
    files are missing.
    """
    stored = read_source(spec.source)
    kept, normal = _check_labels(spec, stored.classes)
    train, test = (_with_labels(part, kept) for part in parts(stored, seed))
    if spec.normal:
        train = _contaminated(spec, train, normal, seed)
    else:
        train = _limited(train, spec.train, stream_seed(seed, "split", 1))
    test = _limited(test, spec.test, stream_seed(seed, "split", 2))
    kind, pooled = chosen(spec.scaling, stored.layout), stored.layout in ("picture", "signal", "points")
    ends = stored_range(stored.low, stored.high, (train, test))
    scaling = fit_scaling(kind, train, *ends, pooled=pooled)
    low, high = scaled_range(scaling, (train, test), *ends)
    return Dataset(
        name=spec.source if isinstance(spec.source, str) else spec.source.path,
        title=stored.title,
        shape=stored.shape,
        train=_relabelled(train, kept),
        test=_relabelled(test, kept),
        scaling=scaling,
        low=low,
        high=high,
        classes=tuple(stored.classes[i] for i in kept),
        anomalous=_anomalous(test, normal) if spec.normal else None,
        source=stored.source,
        layout=stored.layout,
        features_named=stored.features_named,
    )


def parts(stored: Stored, seed: int) -> tuple[Split, Split]:
    """Training and test part; without an official one, ``TEST_SHARE`` drawn by seed, stratified.

    The only sample of a class stays in training: it could not be recognised otherwise.
    """
    if stored.test is not None:
        return stored.train, stored.test
    whole = stored.train
    count = round(TEST_SHARE * len(whole))
    rows = _not_alone(whole.labels, len(whole))
    labels = None if whole.labels is None else whole.labels[rows]
    test = rows[stratified(labels, count, stream_seed(seed, "split", 0), total=len(rows))]
    train = np.setdiff1d(np.arange(len(whole)), test, assume_unique=True)
    return selected(whole, train), selected(whole, test)


def _not_alone(labels: NDArray[np.int64] | None, count: int) -> NDArray[np.int64]:
    """The samples whose class has another one."""
    if labels is None:
        return np.arange(count)
    return np.flatnonzero(np.bincount(labels)[labels] > 1)


def _check_labels(spec: Data, classes: tuple[str, ...]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Class indices to keep and to count as normal. Raises InvalidExperiment."""
    kept, problems = _indices(spec.classes, classes, "data.classes", "the data set")
    if not spec.classes:
        kept = np.arange(len(classes))
    names = tuple(classes[i] for i in kept) if not problems else classes
    owner = "data.classes" if spec.classes and not problems else "the data set"
    normal, more = _indices(spec.normal, names, "data.normal", owner)
    problems += more
    if not problems and spec.normal and len(normal) == len(kept):
        problems.append(Problem("data.normal", "names every label, which leaves no anomaly; take one out"))
    if spec.contamination > 0 and not spec.normal:
        text = f"must be 0 where data.normal is empty, got {spec.contamination:g}; choose normal classes"
        problems.append(Problem("data.contamination", text))
    if problems:
        raise InvalidExperiment(problems)
    return kept, kept[normal]


def _indices(
    labels: Labels, classes: tuple[str, ...], path: str, owner: str
) -> tuple[NDArray[np.int64], list[Problem]]:
    """Sorted indices of labels among class names; a number means the class written like it."""
    wanted = list(dict.fromkeys(str(label) for label in labels))
    problems = [
        Problem(path, f'no such label "{label}"; {owner} has {_listed(classes) or "no labels"}')
        for label in wanted
        if label not in classes
    ]
    found = sorted(classes.index(label) for label in wanted if label in classes)
    return np.array(found, np.int64), problems


def _listed(classes: tuple[str, ...]) -> str:
    """Class names in a sentence: runs of numbers as ``0..9``, long lists shortened."""
    numbers = [int(c) for c in classes if c.isascii() and c.isdigit()]
    if len(classes) > 2 and numbers and numbers == list(range(numbers[0], numbers[0] + len(classes))):
        return f"{classes[0]}..{classes[-1]}"
    shown = ", ".join(classes[:12])
    return shown if len(classes) <= 12 else f"{shown}, ... ({len(classes)} in all)"


def _with_labels(split: Split, labels: NDArray[np.int64]) -> Split:
    if split.labels is None:
        return split
    return selected(split, np.flatnonzero(np.isin(split.labels, labels)))


def _limited(split: Split, limit: int | None, seed: int) -> Split:
    if limit is None:
        return split
    return selected(split, stratified(split.labels, limit, seed, total=len(split)))


def _contaminated(spec: Data, train: Split, normal: NDArray[np.int64], seed: int) -> Split:
    """Normal samples within the limit, ``spec.contamination`` of them replaced by anomalies.

    The number stays what it is without anomalies, so that two runs differ in nothing else. Raises
    InvalidExperiment where there are fewer anomalies than that.
    """
    assert train.labels is not None  # there would be no label to name otherwise
    is_normal = np.isin(train.labels, normal)
    groups = np.flatnonzero(is_normal), np.flatnonzero(~is_normal)
    total = min(len(groups[0]), len(groups[0]) if spec.train is None else spec.train)
    anomalies = round(spec.contamination * total)
    if anomalies > len(groups[1]):
        most = f"{np.floor(1000 * len(groups[1]) / total) / 1000:g}"
        text = (
            f"must be at most {most}, got {spec.contamination:g}: of {total:,} training samples that"
            f" would be {anomalies:,}, and there are {len(groups[1]):,} anomalies"
        )
        raise InvalidExperiment([Problem("data.contamination", text)])
    counts, streams = (total - anomalies, anomalies), (1, 3)
    drawn = [
        rows[stratified(train.labels[rows], count, stream_seed(seed, "split", stream))]
        for rows, count, stream in zip(groups, counts, streams, strict=True)
    ]
    return selected(train, np.sort(np.concatenate(drawn)))


def _relabelled(split: Split, kept: NDArray[np.int64]) -> Split:
    """Labels count from 0 within the classes that were kept."""
    if split.labels is None:
        return split
    return dataclasses.replace(split, labels=np.searchsorted(kept, split.labels))


def _anomalous(test: Split, normal: NDArray[np.int64]) -> NDArray[np.bool_]:
    assert test.labels is not None  # there would be no label to name otherwise
    return ~np.isin(test.labels, normal)
