"""The column of a table that holds the classes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from aegui.data.importing.cells import Words
from aegui.data.importing.dialect import Dialect
from aegui.data.importing.draft import Draft
from aegui.data.importing.labels import Labelled, from_words
from aegui.data.importing.limits import LONGEST_NAME, MOST_CLASSES, counted, no_such, refused, whole_number
from aegui.data.importing.naming import shown
from aegui.errors import InvalidInput

_USUAL = (
    *("label", "labels", "class", "classes", "target", "targets", "y", "species", "category"),
    *("diagnosis", "outcome", "classification", "class_label", "type"),
)
_MOST_GUESSED = 20  # different whole numbers in a column that has no usual name
_CHANGE = "choose the label column to change that"


def chosen_label(path: Path, wanted: str, dialect: Dialect) -> int | None:
    """The column that the user named, or its number from 1. Raises InvalidExperiment if it is not there."""
    if wanted in ("", "auto") and (wanted == "" or "auto" not in dialect.names):
        return None
    names, wanted = dialect.names, shown(wanted)
    alike = [i for i, name in enumerate(names) if name.lower() == wanted.lower()]
    if wanted in names or len(alike) == 1:
        return names.index(wanted) if wanted in names else alike[0]
    number = whole_number(wanted)
    if number is not None:
        if 1 <= number <= len(names):
            return number - 1
        message = f"must be the name of a column or a number from 1 to {len(names):,}, got {number:,}"
        raise refused(path, message, "label")
    raise refused(path, no_such("column", wanted, names), "label")


def take_label(draft: Draft, chosen: str | None, guess: bool) -> None:
    """Turns a column of the draft into its classes: ``chosen``, or with ``guess`` one that looks like it."""
    if chosen is not None:
        _take_chosen(draft, chosen)
    elif guess:
        _take_usual(draft) or _take_guessed(draft)
    if draft.labelled is not None:
        _leave_out_unlabelled(draft)


def _take_chosen(draft: Draft, name: str) -> None:
    words = draft.words[name]
    try:
        if words.too_many:
            most = f"{MOST_CLASSES:,} different values of {LONGEST_NAME:,} characters"
            raise InvalidInput(f"labels must have at most {most}, has more")
        _take(draft, name, from_words(words.codes, list(words.words)), "as chosen")
    except InvalidInput as error:
        draft.object_to("label", f'"{name}": {error}; choose another column, or none')


def _take_usual(draft: Draft) -> bool:
    """Takes the first column with a usual name, if it can be labels."""
    if not draft.named:
        return False
    plain = {name.strip().lower(): name for name in reversed(draft.order)}
    for name in (plain[usual] for usual in _USUAL if usual in plain):
        found = _labels_in(draft, name, MOST_CLASSES)
        if found is not None:
            _take(draft, name, found, "by its name")
            return True
        draft.notes.append(f'"{name}" is no label: it has too many different values; {_CHANGE}.')
    return False


def _take_guessed(draft: Draft) -> bool:
    """Takes the last column, or without names the first, if it has few different values.

    Not of two columns, since samples need as many.
    """
    if len(draft.names) + len(draft.words) <= 2:
        return False
    candidates = [draft.order[-1]] if draft.named else [draft.order[-1], draft.order[0]]
    for name in candidates:
        if name in draft.names and not _stands_out(draft, name):
            continue
        found = _labels_in(draft, name, _MOST_GUESSED)
        if found is not None and len(found.names) > 1:
            place = "last" if name == draft.order[-1] else "first"
            _take(draft, name, found, f"as the {place} column, which has few different values")
            return True
    return False


def _labels_in(draft: Draft, name: str, most: int) -> Labelled | None:
    """The classes of a column, if it has not too many different values."""
    if name not in draft.names and name not in draft.words:
        return None
    words = draft.words[name] if name in draft.words else _numbers_as_words(draft.column(name), most)
    if words is None or words.too_many:
        return None
    try:
        found = from_words(words.codes, list(words.words))
    except InvalidInput:
        return None
    return found if 0 < len(found.names) <= max(1, len(draft) // 2) else None


def _numbers_as_words(values: NDArray[np.float64], most: int) -> Words | None:
    """Whole numbers as the words that they are; None if they are others, or too many."""
    known = values[~np.isnan(values)]
    if not len(known) or (known != np.floor(known)).any() or np.abs(known).max() >= 2**53:
        return None
    found = np.unique(known)
    if len(found) > most:
        return None
    codes = np.where(np.isnan(values), -1, np.searchsorted(found, np.nan_to_num(values)))
    return Words({str(int(value)): i for i, value in enumerate(found)}, [codes.astype(np.int64)])


def _stands_out(draft: Draft, name: str) -> bool:
    """Whether a column counts through a few whole numbers, and most other columns don't."""
    if not _counts_through(draft.column(name)):
        return False
    others = [other for other in draft.names if other != name][:200]
    alike = sum(_counts_through(draft.column(other)) for other in others)
    return alike < len(others) / 2 or not others


def _counts_through(values: NDArray[np.float64]) -> bool:
    """Whether values are −1 and 1, or all whole numbers from 0 or 1 to at most some twenty."""
    known = values[~np.isnan(values)]
    if not len(known) or known.min() < -1 or known.max() > _MOST_GUESSED:
        return False
    found = np.unique(known[:100_000])
    if len(found) > _MOST_GUESSED or len(found) < 2:
        return False
    return found.tolist() == [-1, 1] or (
        found[0] in (0, 1) and np.array_equal(found, np.arange(found[0], found[0] + len(found)))
    )


def _take(draft: Draft, name: str, labelled: Labelled, why: str) -> None:
    draft.labelled = labelled
    draft.leave_out([name])
    classes = counted(len(labelled.names), "class", "classes")
    change = "" if why == "as chosen" else f"; {_CHANGE}"
    draft.notes.append(f'"{name}" is the label, {why}, with {classes}{change}.')


def _leave_out_unlabelled(draft: Draft) -> None:
    assert draft.labelled is not None
    known = draft.labelled.codes >= 0
    if not known.all():
        draft.notes.append(f"{counted(int((~known).sum()), 'row')} without a label left out.")
        for words in draft.words.values():
            words.blocks = [words.codes[known]]
        draft.keep_rows(known)
