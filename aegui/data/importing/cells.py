"""The cells of a table: numbers, gaps and words."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from aegui.data.dataset import Ints
from aegui.data.importing.dialect import DECIMAL_COMMA, MISSING, MISSING_WORDS, Dialect, with_points
from aegui.data.importing.limits import LONGEST_NAME, MOST_CLASSES, check_memory, counted, problem, refused
from aegui.data.importing.naming import shown
from aegui.data.importing.numbers import Progress
from aegui.data.importing.text_file import LONGEST_LINE, Lines, TextFile
from aegui.data.scaling import LARGEST_NUMBER
from aegui.errors import InvalidExperiment

Doubles = NDArray[np.float64]

MOST_WORDS = MOST_CLASSES + 1  # different words of a column that are kept
_BLOCK = 50_000  # cells that are turned into numbers together
_BLOCK_CHARACTERS = 2**20  # of lines after which a block ends in any case
_MOST_ODD = 0.1  # share of cells of a column that may be words without making it one of words
_MOST_RAGGED = 1000  # rows of the wrong length before reading stops
_MOST_RAGGED_CELLS = 1_000_000  # in such rows
_MOST_BLANK = 2_000_000  # rows in which nothing stands before reading stops; a sheet of Excel has 1,048,576
_MARKS = dict.fromkeys((mark for word in MISSING for mark in (word, word.upper(), word.title())), "nan")
_STEPS = 1000  # of the progress


@dataclass
class Words:
    """A column of words: the index of each row's word, −1 where there is none."""

    words: dict[str, int] = field(default_factory=dict)
    blocks: list[Ints] = field(default_factory=list)
    too_many: bool = False  # different ones, or some that are too long

    def add(self, cells: Sequence[str]) -> None:
        """Appends cells; where a word is no class any more they are no longer told apart."""
        words = self.words
        codes = [
            words.setdefault(word, len(words)) if word.lower() not in MISSING_WORDS else -1
            for word in map(str.strip, cells)
        ]
        self.blocks.append(np.array(codes, np.int64))
        if len(words) > MOST_WORDS or max(map(len, words), default=0) > LONGEST_NAME:
            self.too_many = True
            words.clear()

    @property
    def codes(self) -> Ints:
        """(n,) indices of words, −1 where there is none; without meaning if there are too many words."""
        return np.concatenate(self.blocks) if self.blocks else np.zeros(0, np.int64)


@dataclass(frozen=True)
class Odd:
    """A cell with a word in a column of numbers."""

    column: int
    line: int
    word: str


@dataclass(frozen=True, eq=False)
class Cells:
    """A whole table. Columns are either numbers or words."""

    rows: int
    numeric: tuple[int, ...]  # columns of numbers, in order
    numbers: Doubles  # (rows, len(numeric)), NaN at gaps
    words: dict[int, Words]  # the other columns
    infinite: Ints  # (len(numeric),) how many cells were infinite or too large
    odd: tuple[Odd, ...]  # the first words in columns of numbers
    odd_counts: Ints  # (len(numeric),)
    empty_rows: int
    comma_line: int  # the first with a decimal comma where points were expected, or 0
    notes: tuple[str, ...] = ()


def read_cells(file: TextFile, dialect: Dialect, words: set[int], progress: Progress | None = None) -> Cells:
    """The table as numbers and words; ``words``: the columns that are read as words in any case.

    Decimal commas that only begin after the sample are found, and a column of which more than a
    tenth turns out to be words is read again as such. Raises InvalidExperiment for rows of the
    wrong length, and where the memory does not suffice.
    """
    cells = _Reading(file, dialect, words, progress).run()
    if cells.comma_line and dialect.delimiter != ",":
        commas = replace(dialect, decimal=",")
        other = _Reading(file, commas, words, progress).run()
        if other.odd_counts.sum() < cells.odd_counts.sum():
            note = f"Numbers have decimal commas, the first in line {cells.comma_line:,}."
            dialect, cells = commas, replace(other, notes=(note,))
    filled = cells.rows - np.isnan(cells.numbers).sum(axis=0) + cells.odd_counts
    wordy = {cells.numeric[i] for i in np.flatnonzero(cells.odd_counts > _MOST_ODD * np.maximum(filled, 1))}
    if not wordy:
        return cells
    return replace(_Reading(file, dialect, words | wordy, progress).run(), notes=cells.notes)


class _Reading:
    """One pass over a file."""

    def __init__(self, file: TextFile, dialect: Dialect, words: set[int], progress: Progress | None) -> None:
        self._file, self._dialect, self._progress = file, dialect, progress
        self._width = len(dialect.names)
        self._numeric = tuple(c for c in range(self._width) if c not in words)
        self._words = {c: Words() for c in sorted(words)}
        self._blocks: list[Doubles] = []
        self._rows = self._empty = self._blank = self._ragged = self._ragged_cells = self._comma_line = 0
        self._infinite = np.zeros(len(self._numeric), np.int64)
        self._odd_counts = np.zeros(len(self._numeric), np.int64)
        self._before = 0  # characters before the row that is read
        self._odd: list[Odd] = []
        self._wrong: list[str] = []

    def run(self) -> Cells:
        with self._file.lines() as lines:
            for rows, places in self._row_blocks(lines):
                self._add(rows, places, lines)
                self._tell(lines)
        self._check_rows()
        width = len(self._numeric)
        numbers = np.concatenate(self._blocks) if self._blocks else np.zeros((0, width))
        return Cells(
            self._rows,
            self._numeric,
            numbers,
            self._words,
            self._infinite,
            tuple(self._odd),
            self._odd_counts,
            self._empty,
            self._comma_line,
        )

    def _row_blocks(self, lines: Lines) -> Iterator[tuple[list[list[str]], list[int]]]:
        """Rows of the right length with the numbers of their lines; none where all of a block is empty."""
        for _ in range(self._dialect.skipped):
            next(lines, None)
        most = max(1, _BLOCK // max(1, self._width))
        rows: list[list[str]] = []
        numbers: list[int] = []
        end = lines.characters + _BLOCK_CHARACTERS
        for row in self._data_rows(lines):
            if len(row) == self._width:
                rows.append(row)
                numbers.append(lines.count)
            elif row:
                self._note_ragged(row, lines.count)
            if len(rows) == most or lines.characters > end:
                yield rows, numbers
                rows, numbers, end = [], [], lines.characters + _BLOCK_CHARACTERS
        yield rows, numbers

    def _data_rows(self, lines: Lines) -> Iterator[list[str]]:
        """The rows after the header, ``[]`` for an empty one."""
        header = self._dialect.header
        try:
            for row in self._dialect.rows(self._of_one_row(lines)):
                self._before = lines.characters
                if not any(row):
                    self._note_empty(row)
                    yield []
                elif header:
                    header = False
                else:
                    yield row
        except csv.Error as error:
            reason = f"cannot be read as a table: {error}"
            if "field larger" in str(error):
                most = f"more than {csv.field_size_limit():,} characters"
                reason = f"has a cell of {most}; is a quotation mark missing?"
            message = f"line {lines.count:,} {reason}"
            raise InvalidExperiment([problem(self._file.path, message)]) from None

    def _of_one_row(self, lines: Lines) -> Iterator[str]:
        """The lines, as long as no row goes on over too many of them, as between quotation marks."""
        for line in lines:
            if lines.characters - self._before > LONGEST_LINE:
                most = f"must have at most {LONGEST_LINE:,} characters; is a quotation mark missing?"
                raise refused(self._file.path, f"the row that goes on in line {lines.count:,} {most}")
            yield line

    def _note_empty(self, row: list[str]) -> None:
        self._empty += bool(row)
        self._blank += 1
        if self._blank > _MOST_BLANK:
            message = f"must have at most {_MOST_BLANK:,} empty rows, has more; leave them out"
            raise refused(self._file.path, message)

    def _note_ragged(self, row: list[str], line: int) -> None:
        self._ragged += 1
        self._ragged_cells += len(row)
        if len(self._wrong) < 5:
            self._wrong.append(f"line {line:,} has {len(row):,}")
        if self._ragged >= _MOST_RAGGED or self._ragged_cells > _MOST_RAGGED_CELLS:
            self._check_rows("at least ")

    def _check_rows(self, several: str = "") -> None:
        if not self._ragged:
            return
        more = ", ..." if self._ragged > len(self._wrong) else ""
        message = (
            f"every row must have {counted(self._width, 'column')}, but in {several}"
            f"{counted(self._ragged, 'row')} it is different: {', '.join(self._wrong)}{more};"
            " mend these lines, or choose another delimiter"
        )
        raise InvalidExperiment([problem(self._file.path, message)])

    def _add(self, rows: list[list[str]], lines: list[int], text: Lines) -> None:
        if len(self._numeric) < self._width:
            for column, words in self._words.items():
                words.add([row[column] for row in rows])
        cells = (
            [row[c] for row in rows for c in self._numeric] if self._words else [c for r in rows for c in r]
        )
        values = self._values(cells, text.underscores)
        block = values.reshape(len(rows), len(self._numeric))
        unusable = ~(np.abs(values) <= LARGEST_NUMBER)
        if unusable.any():
            self._note_unusable(np.flatnonzero(unusable), values, cells, lines)
        self._blocks.append(block)
        self._rows += len(rows)

    def _values(self, cells: list[str], underscores: bool) -> Doubles:
        if underscores:  # Python takes 1_000 for a number
            cells = ["x" if "_" in cell else cell for cell in cells]
        if self._dialect.decimal == ",":
            cells = [with_points(cell) for cell in cells]
        try:
            return _floats(cells)
        except ValueError:
            return _with_gaps(cells)

    def _note_unusable(self, places: Ints, values: Doubles, cells: list[str], lines: list[int]) -> None:
        """Counts infinite numbers and words among cells that are no number, and makes all of them gaps."""
        width = len(self._numeric)
        for place in places.tolist():
            column = place % width
            if not math.isnan(values[place]):
                self._infinite[column] += 1
            elif (word := cells[place].strip()).lower() not in MISSING:
                self._odd_counts[column] += 1
                if not self._comma_line and DECIMAL_COMMA.fullmatch(word):
                    self._comma_line = lines[place // width]
                if self._odd_counts[column] <= 3 and len(self._odd) < 100:
                    self._odd.append(Odd(self._numeric[column], lines[place // width], shown(word[:40])))
        values[places] = np.nan

    def _tell(self, lines: Lines) -> None:
        share = lines.share
        needed = int(self._rows / share) * self._width * 16  # twice, while blocks are joined
        check_memory(
            self._file.path, needed, "split it, or save it with numpy.save, which is read from the disk"
        )
        if self._progress is not None:
            self._progress(int(share * _STEPS), _STEPS)


def _floats(cells: list[str]) -> Doubles:
    return np.fromiter(map(float, cells), np.float64, len(cells))


def _with_gaps(cells: list[str]) -> Doubles:
    """NaN where there is no number. The usual marks of gaps first, since exceptions are slow."""
    try:
        return _floats([_MARKS.get(cell, cell) for cell in cells])
    except ValueError:
        return np.fromiter(map(_number, cells), np.float64, len(cells))


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return math.nan
