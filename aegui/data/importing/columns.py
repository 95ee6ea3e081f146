"""Columns of words and gaps among the numbers, dealt with as the user chose."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from aegui.data.importing.cells import Cells
from aegui.data.importing.dialect import Dialect
from aegui.data.importing.draft import Draft
from aegui.data.importing.limits import check_memory, counted, listed
from aegui.data.importing.naming import shown
from aegui.data.scaling import LARGEST_NUMBER
from aegui.spec.source import Missing, TextColumns

MOST_CATEGORIES = 32  # of a column that becomes one column for each

_FILLED = {
    "mean": "filled with the mean of their column",
    "median": "filled with the median of their column",
    "zero": "filled with 0",
}


def leave_out_row_numbers(draft: Draft, label: str | None) -> None:
    """Takes away a first column without a name that counts the rows, as pandas and R write it.

    It stays where it is the ``label`` that the user chose.
    """
    first = draft.order[0] if draft.order else ""
    if not draft.named or first not in ("column 1", "Unnamed: 0") or first == label:
        return
    if first in draft.words:
        draft.leave_out([first])
        draft.notes.append("The first column, without a name, names the rows: left out.")
        return
    if first in draft.names and len(draft) > 2:
        values = draft.column(first)
        if values[0] in (0, 1) and np.array_equal(values, np.arange(values[0], values[0] + len(values))):
            draft.leave_out([first])
            draft.notes.append("The first column, without a name, counts the rows: left out.")


def note_unusable(draft: Draft, cells: Cells, dialect: Dialect) -> None:
    """Says which cells count as missing though something stands in them."""
    names = [dialect.names[c] for c in cells.numeric]
    for place in np.flatnonzero(cells.odd_counts)[:10]:
        first = next((odd for odd in cells.odd if odd.column == cells.numeric[place]), None)
        where = f', as in line {first.line:,} ("{first.word}")' if first else ""
        count = counted(int(cells.odd_counts[place]), "word")
        draft.notes.append(f'{count} among the numbers of "{names[place]}"{where}: taken as missing.')
    infinite = [f'"{names[i]}" ({cells.infinite[i]:,})' for i in np.flatnonzero(cells.infinite)]
    if infinite:
        shown = ", ".join(infinite[:6])
        beyond = f"infinite or above {LARGEST_NUMBER:g}"
        draft.notes.append(f"Numbers that are {beyond} are taken as missing: {shown}.")
    if cells.empty_rows:
        draft.notes.append(f"{counted(cells.empty_rows, 'empty row')} left out.")


def take_words(draft: Draft, choice: TextColumns) -> None:
    """Deals with the columns of words: leaves them out, or makes a column of each word."""
    if not draft.words:
        return
    names = list(draft.words)
    if choice == "refuse":
        message = f"must have numbers only, but {counted(len(names), 'column')} of words: {listed(names)}"
        draft.object_to("text", f"{message}; take drop or one-hot")
        return
    if choice == "one-hot":
        names = _one_hot(draft)
    if names:
        why = f" with more than {MOST_CATEGORIES} different ones" if choice == "one-hot" else ""
        draft.notes.append(f"{counted(len(names), 'column')} of words{why} left out: {listed(names)}.")
    draft.leave_out(list(draft.words))


def _one_hot(draft: Draft) -> list[str]:
    """Appends a column of 0 and 1 for each word; returns the columns that have too many words."""
    left: list[str] = []
    names: list[str] = []
    blocks: list[NDArray[np.float64]] = []
    for name, words in draft.words.items():
        found = sorted(words.words)
        if words.too_many or not 0 < len(found) <= MOST_CATEGORIES:
            left.append(name)
            continue
        names += [f"{name} = {shown(word)}" for word in found]
        codes = np.array([words.words[word] for word in found])
        blocks.append((words.codes[:, None] == codes).astype(np.float64))
        columns = counted(len(found), "column")
        draft.notes.append(f'"{name}" became {columns} of 0 and 1, one for each word.')
    check_memory(draft.path, 8 * len(draft) * (len(draft.names) + len(names)), "leave columns of words out")
    draft.add(names, blocks)
    return left


def fill_gaps(draft: Draft, choice: Missing) -> None:
    """Deals with missing numbers, over all rows that were read; columns without any number go in any case."""
    missing = np.isnan(draft.numbers)
    counts = missing.sum(axis=0)
    draft.gaps = tuple((draft.names[i], int(counts[i])) for i in np.flatnonzero(counts))
    if not draft.gaps:
        return
    total = f"{counted(int(counts.sum()), 'number')} of {missing.size:,} missing, in {_worst(draft.gaps)}"
    if choice == "refuse":
        draft.object_to("missing", f"{total}; take mean, median, zero, drop-rows or drop-columns")
        return
    draft.notes.append(f"{total}.")
    empty = [draft.names[i] for i in np.flatnonzero(counts == len(draft))]
    if empty:
        draft.leave_out(empty)
        draft.notes.append(f"{counted(len(empty), 'column')} without any number left out: {listed(empty)}.")
    gaps = np.isnan(draft.numbers)
    if gaps.any():
        _fill(draft, gaps, choice)


def _fill(draft: Draft, gaps: NDArray[np.bool_], choice: Missing) -> None:
    rows = np.asarray(gaps.any(axis=1))
    columns = np.asarray(gaps.any(axis=0))
    match choice:
        case "drop-rows":
            if rows.all():
                message = (
                    f"every one of {counted(len(rows), 'row')} has a gap; take mean, median or drop-columns"
                )
                draft.object_to("missing", message)
            draft.notes.append(f"{counted(int(rows.sum()), 'row')} with gaps left out of {len(rows):,}.")
            draft.keep_rows(~rows)
        case "drop-columns":
            names = [draft.names[i] for i in np.flatnonzero(columns)]
            if columns.all():
                message = f"every one of {counted(len(columns), 'column')} has a gap; take mean or median"
                draft.object_to("missing", message)
            draft.notes.append(f"{counted(len(names), 'column')} with gaps left out: {listed(names)}.")
            draft.leave_out(names)
        case "mean" | "median" | "zero":
            filled = draft.numbers.copy()
            for i in np.flatnonzero(columns):
                filled[gaps[:, i], i] = _average(filled[~gaps[:, i], i], choice)
            draft.numbers = filled
            rows_used = "" if choice == "zero" else " over all rows, those of the test part included"
            draft.notes.append(f"Gaps are {_FILLED[choice]}{rows_used}.")


def _average(known: NDArray[np.float64], choice: Missing) -> float:
    match choice:
        case "mean":
            return float(known.mean())
        case "median":
            return float(np.median(known))
    return 0.0


def _worst(gaps: tuple[tuple[str, int], ...]) -> str:
    """The columns with most gaps, in a sentence."""
    ordered = sorted(gaps, key=lambda gap: -gap[1])
    shown = ", ".join(f'"{name}" ({count:,})' for name, count in ordered[:5])
    return shown if len(gaps) <= 5 else f"{shown} and {counted(len(gaps) - 5, 'more column')}"
