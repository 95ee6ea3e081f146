"""The history of a run: append-only, so that a view may keep a prefix of it."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from aegui.training.snapshot import Curves, Floats, Mark


class Rows:
    """A growing table of float32 whose filled part never changes."""

    def __init__(self, columns: int, values: NDArray[np.floating] | None = None) -> None:
        filled = 0 if values is None else len(values)
        self._values = np.zeros((max(1024, filled), columns), dtype=np.float32)
        self._length = filled
        if values is not None:
            self._values[:filled] = values

    def __len__(self) -> int:
        return self._length

    def append(self, row: Sequence[float]) -> None:
        if self._length == len(self._values):
            # A new table rather than a resized one: older prefixes keep looking at the old.
            self._values = np.concatenate([self._values, np.zeros_like(self._values)])
        with np.errstate(over="ignore"):  # what float32 cannot hold is infinite, which ends the run
            self._values[self._length] = row
        self._length += 1

    def prefix(self) -> Floats:
        """Everything so far, (n, columns), read-only and without a copy."""
        view = self._values[: self._length]
        view.flags.writeable = False
        return view

    def widened(self) -> Rows:
        """The same rows with one more column of zeros."""
        wide = Rows(self._values.shape[1] + 1)
        wide._values = np.pad(self._values, ((0, 0), (0, 1)))
        wide._length = self._length
        return wide


class History:
    """Terms of every batch, of every epoch in train mode, and of every evaluation on the test set."""

    def __init__(self, terms: tuple[str, ...], steps_per_epoch: int) -> None:
        self.terms = terms
        self.steps_per_epoch = steps_per_epoch
        self.batch, self.train, self.test = (Rows(len(terms)) for _ in range(3))
        self.marks: tuple[Mark, ...] = ()

    def add_term(self, name: str) -> None:
        """A term that a live change has switched on: zero until now."""
        self.terms = (*self.terms, name)
        self.batch, self.train, self.test = self.batch.widened(), self.train.widened(), self.test.widened()

    def row(self, values: Mapping[str, float]) -> list[float]:
        """Values in the order of the columns; a term that is switched off is zero."""
        return [values.get(name, 0.0) for name in self.terms]

    def rewind(self, step: int) -> None:
        """Forgets what came after a step; live changes of then hold from this step on."""
        known = self.curves().until(step)
        width = len(self.terms)
        parts = (known.batch, known.train, known.test)
        self.batch, self.train, self.test = (Rows(width, part.copy()) for part in parts)
        self.marks = tuple(replace(mark, step=min(mark.step, step)) for mark in self.marks if step)

    def curves(self) -> Curves:
        """What there is up to now."""
        epochs = np.arange(len(self.train) + 1, dtype=np.int64) * self.steps_per_epoch
        return Curves(
            terms=self.terms,
            batch=self.batch.prefix(),
            train_steps=epochs[1:],
            train=self.train.prefix(),
            test_steps=epochs[: len(self.test)],
            test=self.test.prefix(),
            marks=self.marks,
        )


def history_csv(curves: Curves) -> str:
    """``step,epoch,split,<one column per named term>,total``, a row per epoch and split."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["step", "epoch", "split", *curves.terms, "total"])
    for i, step in enumerate(curves.test_steps):
        if i > 0:
            writer.writerow([int(curves.train_steps[i - 1]), i, "train", *_cells(curves.train[i - 1])])
        writer.writerow([int(step), i, "test", *_cells(curves.test[i])])
    return out.getvalue()


def total(rows: Floats) -> NDArray[np.float64]:
    """The total of every row: the sum of its named terms, (n,)."""
    sums: NDArray[np.float64] = rows.sum(axis=1, dtype=np.float64)
    return sums


def _cells(row: Floats) -> list[str]:
    return [f"{value:.9g}" for value in [*row.tolist(), float(row.sum(dtype=np.float64))]]
