"""CSV and TSV files as a data set."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from aegui.data.dataset import Split
from aegui.data.importing.cells import read_cells
from aegui.data.importing.columns import fill_gaps, leave_out_row_numbers, note_unusable, take_words
from aegui.data.importing.dialect import Dialect, detect, filled, is_missing, is_number
from aegui.data.importing.draft import Draft
from aegui.data.importing.imported import Imported
from aegui.data.importing.label_column import chosen_label, take_label
from aegui.data.importing.limits import check_sample, counted, listed, refused
from aegui.data.importing.naming import shown
from aegui.data.importing.numbers import Progress, check_spread, declared
from aegui.data.importing.rows import RowKind, table_rows
from aegui.data.importing.text_file import TextFile, WrongEncoding, open_text
from aegui.data.stored import Stored, frozen
from aegui.errors import InvalidExperiment, InvalidInput
from aegui.spec.source import TableSource


def read_table(source: TableSource, progress: Progress | None = None) -> Stored:
    """The rows of a text file as samples. Raises InvalidExperiment with every problem."""
    file = open_text(Path(source.path))
    try:
        return _read(file, source, progress)
    except WrongEncoding as error:
        if file.encoding not in ("utf-8", "utf-8-sig"):
            raise refused(file.path, f"is damaged text: {error}") from None
        return _read(file.as_latin1(), source, progress, "The text is not UTF-8; it was read as Latin-1.")


def _read(file: TextFile, source: TableSource, progress: Progress | None, *notes: str) -> Stored:
    sample = file.sample()
    try:
        dialect = detect(sample, source)
    except InvalidInput as error:
        raise refused(file.path, str(error)) from None
    if not dialect.names:
        where = f"holds no row of a table in its first {counted(len(sample), 'line')}"
        raise refused(file.path, where if sample else "is empty")
    chosen = chosen_label(file.path, source.label, dialect)
    label = None if chosen is None else dialect.names[chosen]
    words = _wordy(sample, dialect) | ({chosen} if chosen is not None else set())
    cells = read_cells(file, dialect, words, progress)
    draft = Draft.of(file.path, cells, dialect)
    draft.notes += [*dialect.notes, *cells.notes, *notes]
    leave_out_row_numbers(draft, label)
    note_unusable(draft, cells, dialect)
    take_label(draft, label, source.label == "auto")
    take_words(draft, source.text)
    fill_gaps(draft, source.missing)
    _check(draft, source)
    return _stored(draft, source)


def _wordy(sample: list[str], dialect: Dialect) -> set[int]:
    """Columns that hold more words than numbers in the first rows."""
    rows = filled(dialect.rows(sample[dialect.skipped :]))[dialect.header :]
    rows = [row for row in rows if len(row) == len(dialect.names)]
    return {
        column
        for column, cells in enumerate(zip(*rows, strict=True))
        if sum(_leaning(cell, dialect.decimal) for cell in cells) < 0
    }


def _leaning(cell: str, decimal: str) -> int:
    """1 for a number, −1 for a word, 0 for a gap."""
    if is_missing(cell):
        return 0
    return 1 if is_number(cell, decimal) else -1


def _check(draft: Draft, source: TableSource) -> None:
    """Raises InvalidExperiment with every problem, or if no numbers are left."""
    if not draft.problems and not len(draft):
        draft.object_to("path", "holds no rows of numbers")
    elif not draft.problems and not draft.names:
        draft.object_to("path", _no_numbers(draft, source))
    if draft.problems:
        raise InvalidExperiment(draft.problems)
    if len(draft.names) == 1:
        message = f'has a single column of numbers ("{draft.names[0]}"), must have at least 2'
        raise refused(draft.path, f"{message}; if there are more, choose the delimiter")


def _no_numbers(draft: Draft, source: TableSource) -> str:
    """Why no column is left."""
    if not draft.wordy:
        return "every number is missing"
    hint = "; take one-hot to make numbers of words" if source.text == "drop" else ""
    return f"has no column of numbers, only of words: {listed(draft.order)}{hint}"


def _stored(draft: Draft, source: TableSource) -> Stored:
    kind = table_rows(draft.names, draft.named, _are_bytes(draft.numbers), source.rows)
    check_sample(draft.path, kind.shape)
    numbers = _compact(draft.numbers, kind)
    ends = float(numbers.min()), float(numbers.max())
    check_spread(draft.path, *ends)
    span = declared(numbers.dtype, ends, kind.layout, flags=False)
    labelled = draft.labelled
    named = kind.layout == "table" or (draft.named and kind.layout != "picture")
    return Imported(
        title=_title(draft.path),
        shape=kind.shape,
        layout=kind.layout,
        train=Split(frozen(numbers), None if labelled is None else labelled.codes),
        low=span.low,
        high=span.high,
        classes=() if labelled is None else labelled.names,
        features_named=tuple(draft.names) if named else (),
        source=f"The table {shown(draft.path.name)}.",
        notes=tuple(note for note in (*draft.notes, *kind.notes, span.note) if note),
        gaps=draft.gaps,
    )


def _compact(numbers: NDArray[np.float64], kind: RowKind) -> NDArray[np.generic]:
    """Pictures of whole numbers from 0 to 255 as the bytes that they are."""
    if kind.layout == "picture" and _are_bytes(numbers):
        return numbers.astype(np.uint8)
    return np.ascontiguousarray(numbers)


def _are_bytes(numbers: NDArray[np.float64]) -> bool:
    """Whether all numbers are whole, from 0 to 255, and some of them are large."""
    within = numbers.min() >= 0 and 128 <= numbers.max() <= 255
    return bool(within and np.array_equal(numbers, np.floor(numbers)))


def _title(path: Path) -> str:
    return shown(Path(path.stem).stem if path.suffix.lower() == ".gz" else path.stem)
