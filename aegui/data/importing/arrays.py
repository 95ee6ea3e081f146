"""NPY and NPZ files as a data set."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from aegui.data.dataset import Split
from aegui.data.importing.array_names import Choice, choose
from aegui.data.importing.imported import Imported
from aegui.data.importing.labels import Labelled, from_array, texts_of
from aegui.data.importing.limits import refused
from aegui.data.importing.naming import shown
from aegui.data.importing.numbers import Progress, check_finite, declared, is_mapped, usable
from aegui.data.importing.numpy_file import Header, headers, load
from aegui.data.importing.shaping import Shaping, shaping_of
from aegui.data.importing.signatures import format_of, head_of
from aegui.data.stored import Stored, frozen
from aegui.errors import InvalidExperiment, InvalidInput
from aegui.spec.source import ArraySource

Raw = NDArray[np.generic]


@dataclass(frozen=True, eq=False)
class _Part:
    """The samples of one part as a matrix (n, k), and their ends where they were looked at."""

    matrix: Raw
    ends: tuple[float, float] | None


def read_arrays(source: ArraySource, progress: Progress | None = None) -> Stored:
    """The samples of a numpy file. Raises InvalidExperiment with every problem.

    Uncompressed arrays that are large stay on the disk, and only floats are looked at one by one.
    """
    path = Path(source.path)
    found = _headers(path)
    choice = choose(path, source, found)
    samples = choice.samples
    shaping = shaping_of(path, samples.shape, samples.dtype, source.channels, source.rows)
    labelled, notes = _labelled(path, source, choice)
    train = _part(path, samples, shaping, progress)
    test = _part(path, choice.test, shaping, progress) if choice.test else None
    flags = samples.dtype.kind == "b"
    span = declared(train.matrix.dtype, _joint_ends(train, test), shaping.layout, flags)
    codes = labelled.split(len(train.matrix)) if labelled else (None, None)
    return Imported(
        title=shown(path.stem),
        shape=shaping.shape,
        layout=shaping.layout,
        train=Split(train.matrix, codes[0]),
        test=Split(test.matrix, codes[1]) if test else None,
        low=span.low,
        high=span.high,
        classes=labelled.names if labelled else (),
        source=f"The numpy file {shown(path.name)}.",
        notes=tuple(_notes(choice, train, (*notes, *shaping.notes, span.note))),
    )


def _headers(path: Path) -> dict[str, Header]:
    head = head_of(path)
    if not head:
        raise refused(path, "is empty")
    if not head.startswith((b"\x93NUMPY", b"PK\x03\x04", b"PK\x05\x06")):
        raise refused(path, f"is no numpy file (NPY or NPZ), but {format_of(head) or 'text'}")
    return headers(path)


def _part(path: Path, header: Header, shaping: Shaping, progress: Progress | None) -> _Part:
    what = f'"{header.name}"' if header.name else "the array"
    array = usable(path, load(path, header), what)
    matrix = frozen(shaping.matrix(path, array))
    return _Part(matrix, check_finite(path, matrix, what, "path", progress))


def _joint_ends(train: _Part, test: _Part | None) -> tuple[float, float] | None:
    if test is None or train.ends is None or test.ends is None:
        return train.ends
    return min(train.ends[0], test.ends[0]), max(train.ends[1], test.ends[1])


def _labelled(path: Path, source: ArraySource, choice: Choice) -> tuple[Labelled | None, tuple[str, ...]]:
    """Classes of training and test part one after the other, and notes."""
    if choice.labels is None:
        return None, ()
    chosen = [header for header in (choice.labels, choice.test_labels) if header]
    try:
        arrays = [load(path, header) for header in chosen]
        names = _names(path, choice.class_names)
        together = np.concatenate([a.reshape(len(a), 1) if a.ndim == 1 else a for a in arrays])
        return from_array(together, names), (f'Labels are "{choice.labels.name}".',)
    except (InvalidInput, ValueError) as error:
        if isinstance(error, InvalidExperiment):
            raise
        if source.label:
            raise refused(path, f'"{choice.labels.name}": {error}', "label") from None
        return None, (f'"{choice.labels.name}" is not taken as labels: {error}.',)


def _names(path: Path, header: Header | None) -> tuple[str, ...]:
    if header is None:
        return ()
    return tuple(texts_of(load(path, header)))


def _notes(choice: Choice, train: _Part, more: tuple[str, ...]) -> Iterator[str]:
    yield from choice.notes
    if is_mapped(train.matrix):
        yield "The samples stay on the disk and are read as they are needed."
    yield from (note for note in more if note)
