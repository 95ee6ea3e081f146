"""IDX files: samples, and where there are any their labels and an official test part."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from aegui.data.dataset import Split
from aegui.data.idx import open_idx
from aegui.data.importing.imported import Imported
from aegui.data.importing.labels import Labelled, from_array
from aegui.data.importing.limits import counted, memory_limit, problem
from aegui.data.importing.naming import shown
from aegui.data.importing.numbers import Progress, check_finite, declared, is_mapped, usable
from aegui.data.importing.shaping import Shaping, shaping_of
from aegui.data.importing.signatures import head_of
from aegui.data.stored import Stored, frozen
from aegui.errors import InvalidExperiment, InvalidInput, Problem
from aegui.spec.source import IdxSource

Raw = NDArray[np.generic]
Arrays = dict[str, Raw]

_FIELDS = ("path", "labels", "test", "test_labels")


def read_idx_source(source: IdxSource, progress: Progress | None = None) -> Stored:
    """The samples of an IDX file. Raises InvalidExperiment with every problem of its files."""
    problems = list(_incomplete(source))
    arrays: Arrays = {}
    for done, field in enumerate(_FIELDS):
        if name := getattr(source, field):
            try:
                arrays[field] = _opened(Path(name), field)
            except InvalidExperiment as error:
                problems += error.problems
        if progress is not None:
            progress(done + 1, len(_FIELDS))
    problems += _mismatches(source, arrays)
    if problems:
        raise InvalidExperiment(problems)
    return _stored(source, arrays)


def _opened(path: Path, field: str) -> Raw:
    try:
        head_of(path)  # tells folders and missing files apart
        return open_idx(path, memory_limit())
    except InvalidExperiment as error:
        raise InvalidExperiment(
            [Problem(f"data.source.{field}", p.message) for p in error.problems]
        ) from None
    except InvalidInput as error:
        raise InvalidExperiment([Problem(f"data.source.{field}", str(error))]) from None


def _incomplete(source: IdxSource) -> Iterator[Problem]:
    if source.test_labels and not source.test:
        yield problem(source.test_labels, "needs the samples of the test part too", "test")
    elif source.test and source.labels and not source.test_labels:
        yield problem(source.test, "needs labels, since the training part has some", "test_labels")
    elif source.test_labels and not source.labels:
        yield problem(source.path, "needs labels, since the test part has some", "labels")


def _mismatches(source: IdxSource, arrays: Arrays) -> Iterator[Problem]:
    for samples, labels in (("path", "labels"), ("test", "test_labels")):
        if samples in arrays and labels in arrays and len(arrays[samples]) != len(arrays[labels]):
            message = (
                f"must have a label for each of the {len(arrays[samples]):,} samples"
                f" of {getattr(source, samples)}, has {counted(len(arrays[labels]), 'label')}"
            )
            yield problem(getattr(source, labels), message, labels)
    if "path" in arrays and "test" in arrays and arrays["path"].shape[1:] != arrays["test"].shape[1:]:
        wanted, got = arrays["path"].shape[1:], arrays["test"].shape[1:]
        yield problem(
            source.test, f"must have samples of the shape {wanted} as {source.path}, has {got}", "test"
        )


def _stored(source: IdxSource, arrays: Arrays) -> Stored:
    path, array = Path(source.path), arrays["path"]
    if array.ndim == 1:
        message = (
            "holds a single number for each sample, as files with labels do; take the file with the samples"
        )
        raise InvalidExperiment([problem(path, message)])
    shaping = shaping_of(path, array.shape, array.dtype, "auto", "auto")
    labelled = _labelled(source, arrays)
    train, ends = _matrix(path, array, shaping, "path")
    test = _matrix(Path(source.test), arrays["test"], shaping, "test")[0] if "test" in arrays else None
    range_ = declared(train.dtype, ends, shaping.layout, flags=False)
    codes = labelled.split(len(train)) if labelled else (None, None)
    return Imported(
        title=shown(path.name),
        shape=shaping.shape,
        layout=shaping.layout,
        train=Split(train, codes[0]),
        test=None if test is None else Split(test, codes[1]),
        low=range_.low,
        high=range_.high,
        classes=labelled.names if labelled else (),
        source=f"The IDX file {shown(path.name)}.",
        notes=tuple(_notes(source, train, shaping, range_.note)),
    )


def _matrix(path: Path, array: Raw, shaping: Shaping, field: str) -> tuple[Raw, tuple[float, float] | None]:
    matrix = shaping.matrix(path, usable(path, array, "the file", field))
    return frozen(matrix), check_finite(path, matrix, "the file", field)


def _labelled(source: IdxSource, arrays: Arrays) -> Labelled | None:
    if "labels" not in arrays:
        return None
    parts = [arrays[field] for field in ("labels", "test_labels") if field in arrays]
    try:
        return from_array(np.concatenate([part.reshape(len(part), -1) for part in parts]))
    except (InvalidInput, ValueError) as error:
        raise InvalidExperiment([problem(source.labels, str(error), "labels")]) from None


def _notes(source: IdxSource, train: Raw, shaping: Shaping, range_note: str) -> Iterator[str]:
    if source.labels:
        yield f"Labels are those of {shown(Path(source.labels).name)}."
    if source.test:
        yield f"The test part is {shown(Path(source.test).name)}."
    if is_mapped(train):
        yield "The samples stay on the disk and are read as they are needed."
    yield from shaping.notes
    if range_note:
        yield range_note
