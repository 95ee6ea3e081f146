"""From what the user wants of the data to a :class:`Dataset`: labels, limits, scaling."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from aegui.data.builtin import Samples, stored
from aegui.data.catalog import Entry, entry
from aegui.data.dataset import Dataset, Split
from aegui.data.draw import stratified
from aegui.data.scaling import chosen, fit_scaling, scaled_range
from aegui.data.streams import stream_seed
from aegui.errors import InvalidExperiment, Problem
from aegui.spec import Data

Labels = Sequence[int | str]


def load_dataset(spec: Data, seed: int) -> Dataset:
    """The data of an experiment with this seed, the same every time.

    Labels are filtered first, then the limits are drawn, then the scaling is found on what is
    left for training. A limit above what there is keeps all. Raises InvalidExperiment with
    every problem (``data.source``, ``data.classes``, ``data.normal``), OperationFailed if the
    bundled files are missing.
    """
    facts = entry(spec.source)
    kept, normal = _check_labels(spec, facts)
    train, test = (_with_labels(part, kept) for part in stored(facts.name, seed))
    if spec.normal:
        train = _with_labels(train, normal)
    train = _limited(train, spec.train, stream_seed(seed, "split", 1))
    test = _limited(test, spec.test, stream_seed(seed, "split", 2))
    kind, pooled = chosen(spec.scaling, facts.shape), len(facts.shape) > 1
    scaling = fit_scaling(kind, train.raw, facts.low, facts.high, pooled=pooled)
    low, high = scaled_range(scaling, (train.raw, test.raw), facts.low, facts.high)
    return Dataset(
        name=facts.name,
        title=facts.title,
        shape=facts.shape,
        train=_split(train, kept),
        test=_split(test, kept),
        scaling=scaling,
        low=low,
        high=high,
        classes=tuple(facts.classes[i] for i in kept),
        anomalous=~np.isin(test.labels, normal) if spec.normal else None,
        source=facts.source,
    )


def _check_labels(spec: Data, facts: Entry) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Class indices to keep and to count as normal. Raises InvalidExperiment."""
    kept, problems = _indices(spec.classes, facts.classes, "data.classes", "the data set")
    if not spec.classes:
        kept = np.arange(len(facts.classes))
    names = tuple(facts.classes[i] for i in kept) if not problems else facts.classes
    owner = "data.classes" if spec.classes and not problems else "the data set"
    normal, more = _indices(spec.normal, names, "data.normal", owner)
    problems += more
    if not problems and spec.normal and len(normal) == len(kept):
        problems.append(Problem("data.normal", "names every label, which leaves no anomaly; take one out"))
    if problems:
        raise InvalidExperiment(problems)
    return kept, kept[normal]


def _indices(
    labels: Labels, classes: tuple[str, ...], path: str, owner: str
) -> tuple[NDArray[np.int64], list[Problem]]:
    """Sorted indices of labels among class names; a number means the class written like it."""
    wanted = list(dict.fromkeys(str(label) for label in labels))
    problems = [
        Problem(path, f'no such label "{label}"; {owner} has {_listed(classes)}')
        for label in wanted
        if label not in classes
    ]
    found = sorted(classes.index(label) for label in wanted if label in classes)
    return np.array(found, np.int64), problems


def _listed(classes: tuple[str, ...]) -> str:
    """Class names in a sentence: runs of numbers as ``0..9``, long lists shortened."""
    numbers = [int(c) for c in classes if c.isascii() and c.isdigit()]
    if len(classes) > 2 and numbers == list(range(numbers[0], numbers[0] + len(classes))):
        return f"{classes[0]}..{classes[-1]}"
    shown = ", ".join(classes[:12])
    return shown if len(classes) <= 12 else f"{shown}, ... ({len(classes)} in all)"


def _with_labels(samples: Samples, labels: NDArray[np.int64]) -> Samples:
    return samples.rows(np.flatnonzero(np.isin(samples.labels, labels)))


def _limited(samples: Samples, limit: int | None, seed: int) -> Samples:
    if limit is None:
        return samples
    return samples.rows(stratified(samples.labels, limit, seed))


def _split(samples: Samples, kept: NDArray[np.int64]) -> Split:
    """Labels count from 0 within the classes that were kept."""
    return Split(samples.raw, np.searchsorted(kept, samples.labels))
