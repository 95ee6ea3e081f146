"""The replay: a slider over the kept moments of a run, which drives every view at once."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSlider, QWidget

from aegui.qt.widgets.measured import Measured
from aegui.qt.widgets.tool import Tool
from aegui.qt.widgets.words import Elided
from aegui.training.snapshot import FRAME_DISK, FRAME_MEMORY, Ints, Snapshot

_SPEEDS = {"½×": 4, "1×": 8, "2×": 16, "4×": 32}  # frames a second
_NOTHING = "Nothing to replay yet: a run keeps its moments while it trains"


class ReplayBar(Measured):
    """Asks for earlier moments; the owner answers ``wanted`` by showing a snapshot of that step."""

    wanted = Signal(object)  # the step of a moment, or None for the present
    export_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps: Ints = np.zeros(0, np.int64)
        self._awaited: int | None = None  # the moment that was asked for and is not there yet
        self._next: int | None = None  # the one that is wanted after it
        self._running = False
        self._timer = QTimer(self)
        self._build()
        self._connect()
        self.show_snapshot(None, running=False)

    def _build(self) -> None:
        self.play = Tool("Replay", "Plays the run again from its first step, in every view (P)", self)
        self.play.setCheckable(True)
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setAccessibleName("Moment of the run")
        self.slider.setMinimumWidth(60)
        self.speed = QComboBox(self)
        self.speed.setAccessibleName("Speed of the replay")
        for text, rate in _SPEEDS.items():
            self.speed.addItem(text, rate)
            self.speed.setItemData(
                self.speed.count() - 1, f"{rate} moments a second", Qt.ItemDataRole.ToolTipRole
            )
        self.speed.setCurrentIndex(1)
        self.speed.setToolTip("Speed of the replay")
        self.words = Elided("", self, "quiet")
        self.present = Tool("Present", "Back to the newest moment, where training goes on (Ctrl+End)", self)
        self.export = Tool("Animate…", "Writes the replay as a moving picture: GIF or APNG", self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(6, 2, 6, 2)
        layout.setSpacing(6)
        layout.addWidget(self.play)
        layout.addWidget(self.slider, 3)
        layout.addWidget(self.words, 1)
        for widget in (self.speed, self.present, self.export):
            layout.addWidget(widget)
        self.measure()

    def _measure(self) -> None:
        self.words.setMaximumWidth(self.fontMetrics().horizontalAdvance("step 1,000,000"))

    def _connect(self) -> None:
        self.slider.valueChanged.connect(self._slide)
        self.play.clicked.connect(self._toggle)
        self.present.clicked.connect(self.to_present)
        self.export.clicked.connect(self.export_asked)
        self.speed.currentIndexChanged.connect(self._set_speed)
        self._timer.timeout.connect(self._advance)

    @property
    def steps(self) -> Ints:
        """The steps of the moments that there are."""
        return self._steps

    @property
    def playing(self) -> bool:
        """Whether the replay is running."""
        return self._timer.isActive()

    @property
    def rate(self) -> int:
        """Moments a second."""
        return int(self.speed.currentData())

    def show_snapshot(self, snapshot: Snapshot | None, running: bool) -> None:
        """Follows what is on screen: the place of a replayed moment, or the present at the far end."""
        self._steps = snapshot.frames if snapshot is not None else np.zeros(0, np.int64)
        replayed = snapshot is not None and snapshot.replayed
        begins, self._running = running and not self._running, running
        waits = not replayed and self._awaited is not None  # this one was under way before
        if begins or not (replayed or waits):
            self._stop()
        with QSignalBlocker(self.slider):
            self.slider.setRange(0, max(0, len(self._steps) - 1))
            if snapshot is not None and not self.slider.isSliderDown() and self._next is None and not waits:
                self.slider.setValue(self._place(snapshot.step) if replayed else self.slider.maximum())
        self._enable(len(self._steps) > 1, replayed)
        self._say(snapshot)
        if replayed:
            self._arrived()
        elif begins or snapshot is None:
            self._awaited = self._next = None

    def step_by(self, moments: int) -> None:
        """So many moments on, or back."""
        if len(self._steps) > 1:
            self.slider.setValue(self.slider.value() + moments)

    @Slot()
    def to_present(self) -> None:
        """The newest moment."""
        self._stop()
        self._awaited = self._next = None
        self.wanted.emit(None)

    def toggle(self) -> None:
        """Plays the replay, or holds it."""
        if self.play.isEnabled():
            self.play.click()

    def _place(self, step: int) -> int:
        return int(np.abs(self._steps - step).argmin()) if len(self._steps) else 0

    def _enable(self, possible: bool, replayed: bool) -> None:
        for widget in (self.play, self.slider, self.speed, self.export):
            widget.setEnabled(possible)
        self.present.setEnabled(replayed)
        self.setToolTip("" if possible else _NOTHING)

    def _say(self, snapshot: Snapshot | None) -> None:
        count = len(self._steps)
        if snapshot is None or count < 2:
            self.words.setText("")
            return
        self.words.setText(f"step {snapshot.step:,}" if snapshot.replayed else "present")
        used, limit, disk = (n / 2**20 for n in (snapshot.frame_bytes, FRAME_MEMORY, FRAME_DISK))
        self.words.setToolTip(
            f"{count} moments of this run are kept, {used:,.1f} MiB of at most {limit:,.0f} MiB in memory;"
            f" when it is full, every other one goes. At most {disk:,.0f} MiB of them are saved with the run."
        )

    @Slot(int)
    def _slide(self, place: int) -> None:
        if place < len(self._steps):
            self._ask(int(self._steps[place]))

    def _ask(self, step: int) -> None:
        """One at a time: what is asked for meanwhile waits, and only the last of it counts."""
        if self._awaited is None:
            self._awaited, self._next = step, None
            self.wanted.emit(step)
        else:
            self._next = step

    def _arrived(self) -> None:
        shown, following = self._awaited, self._next
        self._awaited = self._next = None
        if following is not None and following != shown:
            self._ask(following)

    @Slot(bool)
    def _toggle(self, on: bool) -> None:
        if not on:
            self._stop()
            return
        self.play.setText("Hold")
        self._set_speed()
        if self.slider.value() == self.slider.maximum():
            self.slider.setValue(0)
        self._timer.start()

    @Slot()
    def _set_speed(self) -> None:
        self._timer.setInterval(round(1000 / self.rate))

    def _stop(self) -> None:
        self._timer.stop()
        self.play.setChecked(False)
        self.play.setText("Replay")

    @Slot()
    def _advance(self) -> None:
        if self._awaited is not None:  # views are not asked for more than they can show
            return
        if self.slider.value() >= self.slider.maximum():
            self._stop()
        else:
            self.slider.setValue(self.slider.value() + 1)
