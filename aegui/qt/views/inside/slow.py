"""One update in five phases, by key or a phase every 1.25 seconds. The last phase really does it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSpinBox, QStackedWidget, QVBoxLayout, QWidget

from aegui.analysis.inside import SlowSeen, SlowUpdate
from aegui.qt.theme import Theme
from aegui.qt.views.inside import phases
from aegui.qt.views.inside.activations import told_of
from aegui.qt.views.inside.course import COMPARE, PHASES, UPDATE, Course
from aegui.qt.views.inside.gradients import Moves, fits
from aegui.qt.views.inside.ground import Ground
from aegui.qt.views.inside.page import Page
from aegui.qt.views.plates import story_plates
from aegui.qt.views.readout import Readout
from aegui.qt.views.text import figures
from aegui.qt.widgets.phases import PhaseBar
from aegui.qt.widgets.shortcuts import on_key
from aegui.qt.widgets.story import Story, scrolled
from aegui.qt.widgets.tool import Tool
from aegui.qt.widgets.words import Words
from aegui.runs.plates import Plate
from aegui.training.snapshot import Seen, Snapshot

INTERVAL = 1250  # ms of a phase


class SlowPage(Page):
    """Follows one sample of the next batch. ``step_wanted``: now the update has to be done."""

    step_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.course = Course()
        self._snapshot: Snapshot | None = None
        self._hindrance = ""
        self._timer = QTimer(self, interval=INTERVAL)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._build()
        self._connect()
        self._redraw()

    def _build(self) -> None:
        names = tuple(name.capitalize() for name in PHASES)
        self.bar = PhaseBar(names, phases.TIPS, self)
        self.back = Tool("←", "The phase before (←)", self)
        self.back.setAccessibleName("Phase before")
        self.next = Tool("Next phase", "The next phase (→); the last one does the update", self)
        self.auto = Tool("Automatic", "A phase every 1.25 seconds", self, checkable=True)
        self.label = QLabel("Sample", self)
        self.place = QSpinBox(self)
        self.place.setRange(1, 1)
        self.place.setAccessibleName("Sample of the batch")
        self.place.setToolTip("Which sample of the batch to follow")
        self.label.setBuddy(self.place)
        self.said = Words(self, "plain", small=False)
        self.hint = Words(self, "notice")
        self.story = Story("One sample of the batch", self)
        self.moves = Moves(self)
        self.stack = QStackedWidget(self)
        self.stack.addWidget(scrolled(self.story, self))
        self.stack.addWidget(scrolled(self.moves, self))
        self.readout = Readout(("update 1,000,000 · sample 1,000 of 1,000", "train mode"), self, most=2)
        top = QHBoxLayout()
        for widget in (self.back, self.next, self.auto):
            top.addWidget(widget)
        top.addStretch(1)
        top.addWidget(self.label)
        top.addWidget(self.place)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.bar)
        layout.addLayout(top)
        layout.addWidget(self.said)
        layout.addWidget(self.hint)
        layout.addWidget(self.stack, 1)
        layout.addWidget(self.readout)

    def _connect(self) -> None:
        self.next.clicked.connect(self.forth)
        self.back.clicked.connect(self.go_back)
        self.bar.asked.connect(self._go_to)
        self.auto.toggled.connect(self._set_auto)
        self.place.valueChanged.connect(self.asked)
        self._timer.timeout.connect(self.forth)
        self.story.hovered.connect(self._point)
        self.story.left.connect(self._rest)
        self.story.painted.connect(self.painted)
        self.moves.painted.connect(self.painted)
        for key, act in ((Qt.Key.Key_Right, self.forth), (Qt.Key.Key_Left, self.go_back)):
            on_key(self, key, act)

    def stand_on(self, ground: Ground | None) -> None:
        super().stand_on(ground)
        if self.seen is None:
            self.course.forget()

    def look(self) -> SlowUpdate | None:
        """The next update with the sample that is chosen."""
        return None if self.ground is None else SlowUpdate(self.place.value() - 1)

    def hinder(self, why: str) -> None:
        """Says why no update can be done now; empty if it can."""
        if why != self._hindrance:
            self._hindrance = why
            self._redraw()

    def show_seen(self, seen: Seen, snapshot: Snapshot) -> None:
        found, ground = seen.value, self.ground
        if not isinstance(found, SlowSeen) or ground is None or not fits(found.update, ground):
            return
        if len(found.clean) != ground.dataset.features:
            return  # of the data that were shown before
        if self._snapshot is not None and self._snapshot.run != snapshot.run:
            self.course.forget()
        self._snapshot = snapshot
        if seen is not self.seen:
            self.seen = seen
            self.course.take(found)
            self._redraw()

    def plates(self) -> Sequence[Sequence[Plate]]:
        if self.stack.currentIndex() == 1:
            return self.moves.plates(self.said.text())
        return (story_plates(self.story.stops, self.said.text()),)

    def show_message(self, message: str) -> None:
        self.seen = self._snapshot = None
        self.course.forget()
        self.story.message = message
        self._redraw()

    @Slot()
    def forth(self) -> None:
        """The next phase, if nothing speaks against it."""
        if self.course.phase == COMPARE and self._hindrance:
            self.auto.setChecked(False)
            return
        does = self.course.forth()
        self._redraw()
        if does:
            self.step_wanted.emit()

    @Slot()
    def go_back(self) -> None:
        """The phase before."""
        self.course.back()
        self._redraw()

    @Slot(int)
    def _go_to(self, phase: int) -> None:
        if phase == UPDATE and self.course.phase == COMPARE:
            self.forth()
            return
        self.course.go_to(phase)
        self._redraw()

    @Slot(bool)
    def _set_auto(self, on: bool) -> None:
        if on:
            self._timer.start()
        else:
            self._timer.stop()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.auto.setChecked(False)

    def _redraw(self) -> None:
        course, ground = self.course, self.ground
        shown, phase = course.shown, course.phase
        self.bar.show_phase(phase)
        hindered = bool(self._hindrance) and phase == COMPARE
        self.next.setEnabled(shown is not None and not hindered and not course.waiting)
        self.next.setText(
            "Do the update" if phase == COMPARE else "Next batch" if phase == UPDATE else "Next phase"
        )
        self.next.updateGeometry()
        self.back.setEnabled(phase > 0 and not course.done)
        self.auto.setEnabled(shown is not None)
        self.hint.say(self._hindrance if shown is not None and phase < UPDATE else "")
        if shown is None or ground is None:
            self.stack.setCurrentIndex(0)
            self.story.show_stops((), self.story.message)
            self.said.say("")
            self.readout.set_parts(())
            return
        self.place.blockSignals(True)
        self.place.setMaximum(max(shown.update.size, self.place.value()))
        self.place.blockSignals(False)
        self.stack.setCurrentIndex(1 if phase == UPDATE else 0)
        if phase == UPDATE:
            self.moves.show_update(shown.update, ground)
        else:
            self.story.show_stops(phases.stops(phase, shown, ground, self.theme.diverging))
        self.said.say(self._words(shown, ground))
        self._rest()

    def _words(self, shown: SlowSeen, ground: Ground) -> str:
        said = phases.words(self.course.phase, shown, ground)
        if self.course.phase != UPDATE:
            return said
        return f"{said} {phases.outcome(shown)} {self._recorded(shown)}"

    def _recorded(self, shown: SlowSeen) -> str:
        """What the run itself has written down of the update."""
        step, snapshot = shown.update.step, self._snapshot
        if not self.course.done or snapshot is None or len(snapshot.curves.batch) <= step:
            return "The update is being done …"
        curves = snapshot.curves
        total = float(curves.batch[step].sum(dtype=np.float64))
        return f"Done: step {step + 1:,} is in the history with L = {figures(total, 5)}."

    @Slot(int, int, int)
    def _point(self, stop: int, drawing: int, feature: int) -> None:
        self.readout.set_parts(told_of(self.story.stops[stop], drawing, feature, self.ground))

    @Slot()
    def _rest(self) -> None:
        shown = self.course.shown
        if shown is not None:
            size = shown.update.size
            sample = f"sample {shown.place + 1:,} of {size:,} in the batch"
            parts = [f"update {shown.update.step + 1:,}", sample, f"training sample {shown.row:,}"]
            self.readout.set_parts([*parts, "train mode"])
