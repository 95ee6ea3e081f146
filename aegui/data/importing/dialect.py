"""How a table is written: what separates its columns, its decimal sign, and whether it has a header."""

from __future__ import annotations

import csv
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from aegui.data.importing.limits import LARGEST_SAMPLE, counted, whole_number
from aegui.data.importing.naming import shown
from aegui.data.importing.text_file import is_aside
from aegui.errors import InvalidInput
from aegui.spec.source import Header, TableSource

MISSING = frozenset(
    ("", "?", "-", "--", ".", "na", "n/a", "#n/a", "<na>", "nan", "null", "none", "nil", "missing")
)
MISSING_WORDS = frozenset(("", "?", "na", "n/a", "#n/a", "<na>", "nan", "null"))  # "none" may be a class

_DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "space": " ", "bar": "|"}
_WORDS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars", " ": "spaces"}
DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+(?:[eE][+-]?\d+)?")
_DECIMAL_POINT = re.compile(r"[+-]?\d*\.\d+(?:[eE][+-]?\d+)?")
_SEPARATOR_LINE = re.compile(r'"?sep=([^"\r\n])"?\s*', re.I)  # how Excel says it
_TOO_WIDE = 0.01  # the score of a delimiter that occurs too often: better than one that does not
_COMMAS = str.maketrans({",": ".", ".": "·"})  # a point between thousands must not become a decimal one

Row = list[str]


@dataclass(frozen=True)
class Dialect:
    """How the lines of a table are to be read."""

    delimiter: str
    decimal: str
    skipped: int  # lines before the header or the first row
    header: bool  # whether the next line has the names
    names: tuple[str, ...]  # of all columns, unique; "column 3" where there is none
    named: bool  # whether the names are those of the file
    notes: tuple[str, ...]

    def rows(self, lines: Iterable[str]) -> Iterator[Row]:
        """Cells of lines, from the first one of the file on."""
        return parsed(lines, self.delimiter)


def parsed(lines: Iterable[str], delimiter: str) -> Iterator[Row]:
    """The cells of lines; runs of blanks are one where blanks separate."""
    if delimiter == " ":
        lines = (" ".join(line.split()) for line in lines)
    return csv.reader(lines, delimiter=delimiter, skipinitialspace=True)


def detect(sample: Sequence[str], source: TableSource) -> Dialect:
    """The dialect of a table that begins with these lines, as far as ``source`` leaves it open.

    Raises InvalidInput if it has too many columns, without the name of the file.
    """
    skipped, marked, comment = _preamble(sample)
    lines = sample[skipped:]
    delimiter = _DELIMITERS.get(source.delimiter) or marked or _delimiter(lines)
    if _is_too_wide(lines, delimiter):
        raise InvalidInput(f"must have at most {LARGEST_SAMPLE:,} columns, has more")
    rows = filled(parsed(lines, delimiter))
    decimal = _decimal(rows, delimiter)
    named = filled(parsed([comment], delimiter)) if comment and source.header == "auto" else []
    if named and len(named[0]) == _width(rows):
        return _dialect(delimiter, decimal, skipped, named[0], False, rows)
    header = bool(rows) and _has_header(rows, decimal, source.header)
    return _dialect(delimiter, decimal, skipped, rows[0] if header else None, header, rows)


def filled(rows: Iterable[Row]) -> list[Row]:
    """The rows in which anything stands. An unfinished quotation ends them."""
    found: list[Row] = []
    try:
        found.extend(row for row in rows if any(row))
    except csv.Error:
        return found
    return found


def is_number(cell: str, decimal: str) -> bool:
    """Whether a cell is a number, finite or not."""
    try:
        return not math.isnan(number_of(cell, decimal))
    except ValueError:
        return False


def number_of(cell: str, decimal: str) -> float:
    """The number of a cell. Raises ValueError."""
    if "_" in cell:
        raise ValueError(cell)
    return float(with_points(cell) if decimal == "," else cell)


def with_points(cell: str) -> str:
    """A cell with decimal commas as Python writes it; thousands points make it no number."""
    return cell.translate(_COMMAS)


def is_missing(cell: str) -> bool:
    """Whether a cell stands for a number that is not known."""
    return cell.strip().lower() in MISSING


def _preamble(sample: Sequence[str]) -> tuple[int, str | None, str]:
    """How many lines come before the table, the delimiter that Excel names there, the last comment."""
    skipped, comment = 0, ""
    for line in sample:
        if match := _SEPARATOR_LINE.fullmatch(line):
            return skipped + 1, match[1], ""
        if not is_aside(line):
            break
        if line.strip():
            comment = line.lstrip().lstrip("#% ")
        skipped += 1
    return skipped, None, comment


def _delimiter(lines: Sequence[str]) -> str:
    """The delimiter under which the lines agree best, and have most numbers."""
    scores = {delimiter: _score(lines, delimiter) for delimiter in _WORDS}
    return max(scores, key=lambda d: scores[d])


def _is_too_wide(lines: Sequence[str], delimiter: str) -> bool:
    """Whether there would be more columns than a sample may have; found without taking lines apart."""
    if delimiter == " ":
        return any(len(line.split(None, LARGEST_SAMPLE)) > LARGEST_SAMPLE for line in lines)
    return any(line.count(delimiter) >= LARGEST_SAMPLE for line in lines)


def _score(lines: Sequence[str], delimiter: str) -> float:
    if _is_too_wide(lines, delimiter):
        return _TOO_WIDE
    rows = filled(parsed(lines, delimiter))
    widths = Counter(len(row) for row in rows)
    width, agreeing = widths.most_common(1)[0] if widths else (1, 0)
    if width < 2:
        return 0.0
    decimal = _decimal(rows, delimiter)
    cells = [cell for row in (rows[1:] or rows) for cell in row]
    numbers = sum(is_number(cell, decimal) or is_missing(cell) for cell in cells)
    return agreeing / len(rows) * (0.2 + numbers / len(cells))


def _decimal(rows: Sequence[Row], delimiter: str) -> str:
    if delimiter == ",":
        return "."
    cells = [cell.strip() for row in rows for cell in row]
    commas = sum(DECIMAL_COMMA.fullmatch(cell) is not None for cell in cells)
    points = sum(_DECIMAL_POINT.fullmatch(cell) is not None for cell in cells)
    return "," if commas > points else "."


def _width(rows: Sequence[Row]) -> int:
    """The number of columns of most rows after the first."""
    widths = Counter(len(row) for row in (rows[1:] or rows))  # the first may be a header
    return widths.most_common(1)[0][0] if widths else 0


def _has_header(rows: Sequence[Row], decimal: str, wanted: Header) -> bool:
    if wanted != "auto" or len(rows) < 2:
        return wanted == "yes"
    first, rest = rows[0], rows[1:]
    if _counts_up(first) and not _counts_up(rest[0]):
        return True
    numeric = [c for c in range(min(len(first), _width(rows))) if _is_numeric(rest, c, decimal)]
    words = [c for c in numeric if not is_number(first[c], decimal) and not is_missing(first[c])]
    numbers = [c for c in numeric if is_number(first[c], decimal)]
    if numeric:  # names may be years, if one of them is a word
        return len(words) > len(numbers) or (bool(words) and _are_even([first[c] for c in numbers]))
    return _is_unlike(first, rest, decimal)


def _is_numeric(rows: Sequence[Row], column: int, decimal: str) -> bool:
    cells = [row[column] for row in rows if len(row) > column and not is_missing(row[column])]
    return bool(cells) and sum(is_number(cell, decimal) for cell in cells) > len(cells) / 2


def _is_unlike(first: Row, rest: Sequence[Row], decimal: str) -> bool:
    """Whether the first row of a table of words has only words of its own."""
    if len(set(first)) < len(first) or any(is_number(cell, decimal) for cell in first):
        return False
    return not any(cell in {row[c] for row in rest if len(row) > c} for c, cell in enumerate(first))


def _counts_up(row: Row) -> bool:
    """Whether a row is 0, 1, 2, ... or 1, 2, 3, ...: names, not numbers."""
    cells = row[1:] if row and not row[0].strip() else row
    return _are_even(cells) and [whole_number(cell) for cell in cells[:2]] in ([0, 1], [1, 2])


def _are_even(cells: Sequence[str]) -> bool:
    """Whether three or more cells are whole numbers that rise in even steps."""
    numbers = [whole_number(cell) for cell in cells]
    if len(numbers) < 3 or numbers[0] is None or numbers[1] is None:
        return False
    start, step = numbers[0], numbers[1] - numbers[0]
    return step > 0 and all(number == start + i * step for i, number in enumerate(numbers))


def _dialect(
    delimiter: str, decimal: str, skipped: int, first: Row | None, header: bool, rows: Sequence[Row]
) -> Dialect:
    width = _width(rows)
    notes = [_sentence(delimiter, decimal, first is not None, skipped)]
    if first is None:
        names: tuple[str, ...] = tuple(f"column {i + 1}" for i in range(width))
    else:
        if len(first) == width - 1:
            first = _completed(first, rows[1:] if header else rows)
        names, more = _unique([shown(cell) for cell in first])
        notes += more
    return Dialect(delimiter, decimal, skipped, header, names, first is not None, tuple(notes))


def _completed(first: Row, rows: Sequence[Row]) -> Row:
    """A header that lacks one name: that of an empty last column, or of row names as R writes them."""
    last_is_empty = not any(row[-1].strip() for row in rows if row)
    return [*first, ""] if last_is_empty else ["", *first]


def _sentence(delimiter: str, decimal: str, header: bool, skipped: int) -> str:
    between = _WORDS.get(delimiter, f'"{shown(delimiter)}"')
    commas = " with decimal commas" if decimal == "," else ""
    head = "the first row has their names" if header else "they have no names"
    before = f"; {counted(skipped, 'line')} before the table left out" if skipped else ""
    return f"Columns are separated by {between}{commas}, and {head}{before}."


def _unique(names: Sequence[str]) -> tuple[tuple[str, ...], list[str]]:
    """Names of which no two are alike, and notes on those that were."""
    found: dict[str, None] = {}
    twice = []
    for index, name in enumerate(names):
        plain = name or f"column {index + 1}"
        unique, number = plain, 2
        while unique in found:
            unique, number = f"{plain} ({number})", number + 1
        if unique != plain:
            twice.append(unique)
        found[unique] = None
    shown = ", ".join(f'"{name}"' for name in twice[:5])
    return tuple(found), [f"Names that stand there twice got a number: {shown}."] if twice else []
