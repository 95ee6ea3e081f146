"""IDX files: samples, and where there are any their labels and an official test part."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from aegui.data.dataset import Split
from aegui.data.idx import Header, idx_header, open_idx
from aegui.data.importing.imported import Imported
from aegui.data.importing.labels import Labelled, from_array, label_shape_problem
from aegui.data.importing.limits import counted, memory_limit, problem, refused
from aegui.data.importing.naming import shown
from aegui.data.importing.numbers import Progress, check_finite, declared, is_mapped, usable
from aegui.data.importing.shaping import Shaping, shaping_of
from aegui.data.importing.signatures import head_of
from aegui.data.stored import Stored, frozen
from aegui.errors import InvalidExperiment, InvalidInput, Problem
from aegui.spec.source import IdxSource

Raw = NDArray[np.generic]
Arrays = dict[str, Raw]  # by the field of the source
Headers = dict[str, Header]

_FIELDS = ("path", "labels", "test", "test_labels")


def read_idx_source(source: IdxSource, progress: Progress | None = None) -> Stored:
    """The samples of an IDX file. Raises InvalidExperiment with every problem of its files."""
    fields = [field for field in _FIELDS if getattr(source, field)]
    problems = list(_incomplete(source))
    headers: Headers = {}
    for field in fields:
        with _blaming(field, problems):
            headers[field] = _header(Path(getattr(source, field)), field)
    problems += _mismatches(source, {field: shape for field, (_, shape) in headers.items()})
    if problems:  # nothing is unpacked that its header rules out
        raise InvalidExperiment(problems)
    arrays: Arrays = {}
    for done, field in enumerate(fields, 1):
        with _blaming(field, problems):
            arrays[field] = open_idx(getattr(source, field), memory_limit())
        if progress is not None:
            progress(done, len(fields))
    if problems:
        raise InvalidExperiment(problems)
    return _stored(source, arrays)


def _header(path: Path, field: str) -> Header:
    """Type and shape of a file. Raises InvalidInput if they cannot be those of samples, or of labels."""
    head_of(path)  # tells folders and missing files apart
    dtype, shape = idx_header(path)
    if field in ("labels", "test_labels"):
        if message := label_shape_problem(shape):
            raise refused(path, message)
    elif len(shape) == 1:
        message = "holds a single number for each sample, as files with labels do"
        raise refused(path, f"{message}; take the file with the samples")
    else:
        shaping_of(path, shape, dtype, "auto", "auto")
    return dtype, shape


@contextmanager
def _blaming(field: str, problems: list[Problem]) -> Iterator[None]:
    """Adds whatever is wrong with a file to the problems of its field."""
    try:
        yield
    except InvalidInput as error:
        several = error.problems if isinstance(error, InvalidExperiment) else (Problem("", str(error)),)
        problems += [Problem(f"data.source.{field}", one.message) for one in several]


def _incomplete(source: IdxSource) -> Iterator[Problem]:
    if source.test_labels and not source.test:
        yield problem(source.test_labels, "needs the samples of the test part too", "test")
    elif source.test and source.labels and not source.test_labels:
        yield problem(source.test, "needs labels, since the training part has some", "test_labels")
    elif source.test_labels and not source.labels:
        yield problem(source.path, "needs labels, since the test part has some", "labels")


def _mismatches(source: IdxSource, shapes: dict[str, tuple[int, ...]]) -> Iterator[Problem]:
    for samples, labels in (("path", "labels"), ("test", "test_labels")):
        if samples in shapes and labels in shapes and shapes[samples][0] != shapes[labels][0]:
            message = (
                f"must have a label for each of the {shapes[samples][0]:,} samples"
                f" of {getattr(source, samples)}, has {counted(shapes[labels][0], 'label')}"
            )
            yield problem(getattr(source, labels), message, labels)
    if "path" in shapes and "test" in shapes and shapes["path"][1:] != shapes["test"][1:]:
        wanted, got = shapes["path"][1:], shapes["test"][1:]
        yield problem(
            source.test, f"must have samples of the shape {wanted} as {source.path}, has {got}", "test"
        )


def _stored(source: IdxSource, arrays: Arrays) -> Stored:
    path, array = Path(source.path), arrays["path"]
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
