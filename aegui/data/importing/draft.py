"""A table on its way to a data set: the columns that are left, and what was decided so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from aegui.data.importing.cells import Cells, Words
from aegui.data.importing.dialect import Dialect
from aegui.data.importing.labels import Labelled
from aegui.data.importing.limits import problem
from aegui.errors import Problem


@dataclass
class Draft:
    """The columns of a table. Steps take columns away from it and add notes and problems."""

    path: Path
    names: list[str]  # of the columns of ``numbers``
    numbers: NDArray[np.float64]  # (n, m), NaN at gaps
    words: dict[str, Words]  # the columns of words by name
    order: tuple[str, ...]  # every column of the file
    named: bool
    wordy: bool  # whether the file has columns of words
    labelled: Labelled | None = None
    gaps: tuple[tuple[str, int], ...] = ()
    notes: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @classmethod
    def of(cls, path: Path, cells: Cells, dialect: Dialect) -> Draft:
        """All columns of a table."""
        return cls(
            path,
            [dialect.names[c] for c in cells.numeric],
            cells.numbers,
            {dialect.names[c]: words for c, words in cells.words.items()},
            dialect.names,
            dialect.named,
            bool(cells.words),
        )

    def __len__(self) -> int:
        return len(self.numbers)

    def column(self, name: str) -> NDArray[np.float64]:
        """The numbers (n,) of a column."""
        return self.numbers[:, self.names.index(name)]

    def leave_out(self, names: Sequence[str]) -> None:
        """Takes columns away, of numbers or of words."""
        gone = set(names)
        kept = [i for i, name in enumerate(self.names) if name not in gone]
        if len(kept) < len(self.names):
            self.numbers = self.numbers[:, kept]
        self.names = [self.names[i] for i in kept]
        self.words = {name: words for name, words in self.words.items() if name not in gone}

    def add(self, names: Sequence[str], blocks: Sequence[NDArray[np.float64]]) -> None:
        """Appends columns of numbers, in blocks (n, k) that have len(names) columns together."""
        self.names += names
        self.numbers = np.hstack([self.numbers, *blocks])

    def keep_rows(self, mask: NDArray[np.bool_]) -> None:
        """Leaves only these rows of numbers and labels; words must have been dealt with."""
        self.numbers = self.numbers[mask]
        if self.labelled is not None:
            self.labelled = Labelled(self.labelled.codes[mask], self.labelled.names)

    def object_to(self, field_name: str, message: str) -> None:
        """Adds a problem at a field of ``data.source``."""
        self.problems.append(problem(self.path, message, field_name))
