"""Class indices and names from whatever stood in a file."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aegui.data.dataset import Ints
from aegui.data.importing.limits import MOST_CLASSES
from aegui.data.importing.naming import shown
from aegui.errors import InvalidInput


@dataclass(frozen=True, eq=False)
class Labelled:
    """A class for each sample."""

    codes: Ints  # (n,) indices into ``names``; −1 where there is none
    names: tuple[str, ...]

    def split(self, count: int) -> tuple[Ints, Ints]:
        """The codes of the first ``count`` samples and those of the rest."""
        return self.codes[:count], self.codes[count:]


def from_words(codes: Ints, words: Sequence[str]) -> Labelled:
    """Classes from the words of a column; numbers are sorted as numbers, and 1.0 is 1.

    Words that no sample has are left out. Raises InvalidInput if there are too many or too few.
    """
    used = np.unique(codes[codes >= 0])
    tidy = {int(code): _tidy(shown(words[code])) for code in used}
    names = _sorted_names(set(tidy.values()))
    _check_count(len(names), int((codes >= 0).sum()))
    place = {name: index for index, name in enumerate(names)}
    lookup = np.full(len(words) + 1, -1, np.int64)  # the last entry is that of −1
    for code, name in tidy.items():
        lookup[code] = place[name]
    return Labelled(lookup[codes], names)


def from_array(values: NDArray[np.generic], named: Sequence[str] = ()) -> Labelled:
    """Classes from an array: (n,) or (n, 1) of whole numbers, booleans or text, or (n, c) one-hot.

    ``named``: words for the classes 0, 1, ..., taken if there are enough. Raises InvalidInput,
    saying what is wrong, without the name of the file.
    """
    flat = _one_axis(values)
    if flat.dtype.kind in "US":
        found, codes = np.unique(flat, return_inverse=True)
        return from_words(codes.astype(np.int64), texts_of(found))
    whole = _whole(flat)
    found, codes = np.unique(whole, return_inverse=True)
    _check_count(len(found), len(whole))
    names = tuple(str(value) for value in found)
    if named and len(found) and found[0] >= 0 and found[-1] < len(named):
        names = tuple(named[value] for value in found)
    return Labelled(codes.astype(np.int64), names)


def label_shape_problem(shape: tuple[int, ...]) -> str:
    """Why an array of this shape has no labels, known before it is read; empty where it may have."""
    if len(shape) <= 2 and math.prod(shape[1:]) <= MOST_CLASSES:
        return ""
    words = "×".join(f"{n:,}" for n in shape)
    return f"must have its labels on one axis, or one-hot of at most {MOST_CLASSES:,} classes, is {words}"


def texts_of(words: NDArray[np.generic]) -> list[str]:
    """The words (n,) of an array of text or bytes. Raises InvalidInput for letters that there are not."""
    if words.dtype.kind == "U":
        letters = words.view(np.dtype(np.uint32).newbyteorder(words.dtype.byteorder))
        if letters.max(initial=0) > sys.maxunicode:
            raise InvalidInput("its text is damaged: Unicode has no such letters")
    return [shown(_decoded(word) if isinstance(word, bytes) else str(word)) for word in words]


def _decoded(word: bytes) -> str:
    try:
        return word.decode("utf-8")
    except UnicodeDecodeError:
        return word.decode("latin-1")


def _one_axis(values: NDArray[np.generic]) -> NDArray[np.generic]:
    if values.ndim == 2 and values.shape[1] == 1:
        return values[:, 0]
    if values.ndim == 2 and values.dtype.kind in "biuf" and _is_one_hot(values):
        hot: NDArray[np.generic] = values.argmax(axis=1)
        return hot
    if values.ndim != 1:
        shape = "×".join(str(n) for n in values.shape)
        raise InvalidInput(
            f"labels must be one for each sample, on one axis or one-hot, have the shape {shape}"
        )
    return values


def _is_one_hot(values: NDArray[np.generic]) -> bool:
    ones = values == 1
    return bool((ones | (values == 0)).all() and (ones.sum(axis=1) == 1).all())


def _whole(values: NDArray[np.generic]) -> NDArray[np.generic]:
    """Labels as whole numbers."""
    match values.dtype.kind:
        case "b":
            return values.astype(np.int64)
        case "i" | "u":
            return values
        case "f":
            numbers = values.astype(np.float64)
            usable = np.isfinite(numbers) & (numbers == np.floor(numbers)) & (np.abs(numbers) < 2**53)
            if usable.all():
                return numbers.astype(np.int64)
            worst = numbers[~usable][0]
            raise InvalidInput(f"labels must be whole numbers or text, one is {worst:g}")
    raise InvalidInput(f"labels must be whole numbers or text, are {values.dtype}")


def _check_count(classes: int, samples: int) -> None:
    if classes > MOST_CLASSES:
        raise InvalidInput(f"labels must have at most {MOST_CLASSES:,} different values, have {classes:,}")
    if classes == samples > 1:
        raise InvalidInput(f"labels must be shared by several samples, but all {samples:,} are different")


def _tidy(word: str) -> str:
    number = _number(word)
    return str(int(number)) if number is not None and number.is_integer() and abs(number) < 2**53 else word


def _number(word: str) -> float | None:
    """The number that a word is; ``007`` is a name, not a number."""
    digits = word.lstrip("+-")
    if "_" in word or (len(digits) > 1 and digits[0] == "0" and digits.isdigit()):
        return None
    try:
        number = float(word)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _sorted_names(names: set[str]) -> tuple[str, ...]:
    numbers = {name: _number(name) for name in names}
    if all(number is not None for number in numbers.values()):
        return tuple(sorted(names, key=lambda name: numbers[name] or 0.0))
    return tuple(sorted(names))
