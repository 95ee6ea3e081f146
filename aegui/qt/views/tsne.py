"""The map of codes that t-SNE lays out beside the window: of one step, until it is asked for again."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from aegui.analysis.tsne import FEWEST, Embedding, drawn, embed, perplexity_of
from aegui.qt.tasks import Report, Task
from aegui.qt.views.text import count
from aegui.qt.widgets.task_line import TaskLine
from aegui.qt.widgets.tool import Tool
from aegui.qt.widgets.words import Words
from aegui.training.snapshot import Codes, Floats, Ints

_TIP = (
    "t-SNE puts codes that are neighbours beside each other (van der Maaten & Hinton 2008). How far apart "
    "two groups lie,\nand how large a group is, means nothing; it has no axes and no inverse, so that no "
    "empty place can be decoded."
)


class TsneMap(QWidget):
    """What is shown is ``embedding``, which grows while it is laid out; hidden where it is not wanted."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.embedding: Embedding | None = None
        self._codes: Codes | None = None
        self._labels: Ints | None = None
        self._next: Embedding | None = None  # of the task that runs, without places
        self._run = 0  # whose codes they are
        self._complete = False  # whether what is shown was laid out to the end
        self._task = Task(self)
        self.words, self.line = Words(self), TaskLine("t-SNE", self)
        self.renew = Tool("Renew", "Lay out the codes as they are now", self)
        self.words.setToolTip(_TIP)
        top = QHBoxLayout()
        top.addWidget(self.words, 1)
        top.addWidget(self.renew)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(top)
        layout.addWidget(self.line)
        self._connect()
        self.hide()

    def _connect(self) -> None:
        self.renew.clicked.connect(self.start)
        self.line.cancelled.connect(self._task.cancel)
        self._task.progressed.connect(self.line.show_progress)
        self._task.busy_changed.connect(self.line.show_busy)
        self._task.busy_changed.connect(self._say)
        self._task.part_done.connect(self._take)
        self._task.done.connect(self._finish)
        self._task.failed.connect(self._fail)

    @property
    def busy(self) -> bool:
        """Whether codes are being laid out."""
        return self._task.busy

    @property
    def message(self) -> str:
        """What stands in the place of the points while there are none."""
        if self.busy:
            return "t-SNE looks for the neighbours of every code."
        return "Press Renew to lay out the codes."

    def clear(self) -> None:
        """Other data or another network: what is there means nothing any more."""
        self._task.cancel()
        self.embedding = self._next = None

    def show_codes(self, codes: Codes | None, labels: Ints | None, run: int = 0) -> None:
        """The codes of the test samples as they are now, with the label (N,) of each; lays out the first.

        Those of another ``run`` take the layout of the one before away.
        """
        self._codes, self._labels = codes, labels
        if codes is not None and run != self._run:
            self.clear()
            self._run = run
        if self.embedding is None and self._next is None and codes is not None:
            self.start()
        self._say()

    @Slot()
    def start(self) -> None:
        """Lays out the codes as they are now."""
        codes = self._codes
        if codes is None:
            return
        samples = drawn(codes.finite, self._labels)
        if len(samples) >= FEWEST:
            none = np.zeros((0, 2), np.float32)
            self._next = Embedding(none, samples, codes.step, perplexity_of(len(samples)))
            self._task.start(partial(_work, codes.values[samples]))
        self._say()

    @Slot(object)
    def _take(self, places: Floats) -> None:
        if self._next is not None:
            self.embedding = replace(self._next, points=places)
            self._complete = False
            self._say()
            self.changed.emit()

    @Slot(object)
    def _finish(self, places: Floats) -> None:
        self._take(places)
        self._complete = True
        self._say()

    @Slot(object, str)
    def _fail(self, error: Exception, _trace: str) -> None:
        raise error

    @Slot()
    def _say(self) -> None:
        shown = self.embedding or self._next
        few = self._codes is not None and shown is None
        self.renew.setEnabled(self._codes is not None and not self.busy)
        if shown is None:
            self.words.say(f"t-SNE needs {count(FEWEST, 'finite code')}." if few else "")
            return
        given_up = "" if self._complete or self.busy else ", given up before its end"
        self.words.say(
            f"t-SNE of the codes of step {shown.step:,}, perplexity {shown.perplexity:.3g}{given_up}: "
            "distances between groups mean nothing"
        )


def _work(codes: Floats, report: Report) -> Floats:
    def tell(share: float, places: Floats) -> None:
        report.progress(share, f"t-SNE of {count(len(codes), 'code')}")
        report.part(places)

    report.progress(0.0, f"Neighbours of {count(len(codes), 'code')}")
    return embed(codes, tell)
