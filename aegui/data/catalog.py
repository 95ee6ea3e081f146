"""The built-in data sets by name. A table of facts: nothing is loaded to read it."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from aegui.errors import InvalidExperiment, Problem

DIGITS = tuple("0123456789")


@dataclass(frozen=True)
class Entry:
    """What is known about a built-in data set before it is loaded."""

    name: str  # as in data.source
    title: str
    about: str  # one sentence
    shape: tuple[int, ...]  # of one sample
    low: float  # the declared range of the stored numbers
    high: float
    train: int
    test: int
    classes: tuple[str, ...]
    licence: str
    official_test: bool  # otherwise a share of the samples is drawn by seed, see builtin.TEST_SHARE

    @property
    def source(self) -> str:
        """Where the data come from, and their licence, in one sentence."""
        return f"{self.about} {self.licence}."


_CATALOG = (
    Entry(
        name="mnist",
        title="MNIST handwritten digits",
        about="70,000 grey pictures of handwritten digits, 28×28 pixels (LeCun and Cortes 1998).",
        shape=(28, 28),
        low=0,
        high=255,
        train=60_000,
        test=10_000,
        classes=DIGITS,
        licence="CC BY-SA 3.0",
        official_test=True,
    ),
    Entry(
        name="digits",
        title="Digits 8×8",
        about="1,797 grey pictures of handwritten digits, 8×8 pixels (Alpaydin and Kaynak 1998).",
        shape=(8, 8),
        low=0,
        high=16,
        train=1_438,
        test=359,
        classes=DIGITS,
        licence="CC BY 4.0",
        official_test=False,
    ),
)


def catalog() -> tuple[Entry, ...]:
    """Every built-in data set."""
    return _CATALOG


def entry(name: str) -> Entry:
    """The built-in data set ``name``. Raises InvalidExperiment at ``data.source`` if there is none."""
    for candidate in _CATALOG:
        if candidate.name == name:
            return candidate
    names = [candidate.name for candidate in _CATALOG]
    near = difflib.get_close_matches(name.strip().lower(), names, n=1)
    hint = f'; did you mean "{near[0]}"?' if near else ""
    message = f'must be the name of a built-in data set ({", ".join(names)}), got "{name}"{hint}'
    raise InvalidExperiment([Problem("data.source", message)])
