"""Where a run is: epoch, progress bar, time left and speed, in the toolbar."""

from __future__ import annotations

from time import monotonic

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QSizePolicy, QWidget

from aegui.qt.session import State
from aegui.qt.widgets.measured import Measured
from aegui.training.snapshot import Snapshot

_GRAIN = 1000
_SPACE = 16  # pixels, for the dot between two words
_MARGINS = 20  # pixels, left and right together
_LEAST_BAR = 60  # pixels that the bar keeps before words give way


class Progress(Measured):
    """Shows a snapshot's place in its run."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._seconds = _Estimate()
        self._build()
        self.show_snapshot(None, State.EMPTY)

    def _build(self) -> None:
        self.state, self.epoch, self.left, self.speed = (QLabel(self) for _ in range(4))
        self.bar = QProgressBar(self, maximum=_GRAIN, textVisible=False)
        self.bar.setFixedHeight(10)
        self.bar.setMinimumWidth(40)
        self.bar.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.before, self.after = _Words(self.state, self.epoch), _Words(self.left, self.speed)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 0, 10, 0)
        layout.setSpacing(10)
        layout.addWidget(self.before)
        layout.addWidget(self.bar, 1)
        layout.addWidget(self.after)
        self.measure()
        self.setMinimumWidth(self.bar.minimumWidth() + _MARGINS)
        self.epoch.setToolTip("Epochs done, of those that the run is to have")
        self.left.setToolTip("Time until the last epoch is done, at the present speed")
        self.speed.setToolTip("Samples that training takes in a second, evaluation and pictures not counted")
        self.bar.setAccessibleName("Progress of the run")

    def _measure(self) -> None:
        """Room for the longest usual texts, so that nothing moves while the numbers do."""
        advance = self.fontMetrics().horizontalAdvance
        self.before.setMinimumWidth(advance("trained example · epoch 20 / 20") + _SPACE)
        self.after.setMinimumWidth(advance("59 min 59 s left · 88,888 samples/s") + _SPACE)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where it gets narrow, time and speed go first, then the words before the bar."""
        super().resizeEvent(event)
        room = self.width() - _MARGINS - 10
        before, after = self.before.minimumWidth(), self.after.minimumWidth()
        self.after.setVisible(room - 10 >= before + after + _LEAST_BAR)
        self.before.setVisible(room >= before + self.bar.minimumWidth())

    def sizeHint(self) -> QSize:
        """The same whatever is on screen, so that a toolbar does not take what has given way for small."""
        words = self.before.minimumWidth() + self.after.minimumWidth()
        return QSize(words + _LEAST_BAR + _MARGINS + 20, self.fontMetrics().height())

    def show_snapshot(self, snapshot: Snapshot | None, state: State) -> None:
        """Shows where the run is; of the trained example only what it is."""
        self.before.say(self.state, "replay" if snapshot is not None and snapshot.replayed else state.value)
        if snapshot is None:
            self.bar.setValue(0)
            for words, label in (
                (self.before, self.epoch),
                (self.after, self.left),
                (self.after, self.speed),
            ):
                words.say(label, "")
            return
        done = snapshot.step / max(snapshot.total_steps, 1)
        self.bar.setValue(round(_GRAIN * min(done, 1)))
        per_epoch = max(snapshot.steps_per_epoch, 1)
        position = f"step {snapshot.step:,} ({snapshot.step % per_epoch:,} of {per_epoch:,} in this epoch)"
        self.before.say(self.epoch, f"epoch {snapshot.epoch:,} / {snapshot.epochs:,}")
        self.bar.setToolTip(f"{100 * done:.0f} %, {position}")
        running = state is State.RUNNING
        seconds = self._seconds.left(snapshot) if running else None
        self.after.say(self.left, "" if seconds is None else f"{duration(seconds)} left")
        shows_speed = state is not State.EXAMPLE and snapshot.samples_per_second > 0
        speed = f"{snapshot.samples_per_second:,.0f} samples/s" if shows_speed else ""
        self.after.say(self.speed, speed)


class _Words(QWidget):
    """Two labels in one run of words, a dot between them where both say something."""

    def __init__(self, first: QLabel, second: QLabel) -> None:
        super().__init__(first.parentWidget())
        self._first, self._second, self._dot = first, second, QLabel("·", self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(5)
        for part in (first, self._dot, second):
            layout.addWidget(part)
            part.hide()  # until it says something
        layout.addStretch(1)

    def say(self, label: QLabel, text: str) -> None:
        """Another text in one of the two."""
        if label.text() != text:
            label.setText(text)
            label.setVisible(bool(text))
            self._dot.setVisible(bool(self._first.text() and self._second.text()))


class _Estimate:
    """Time left at the speed of the last seconds, evaluation and all."""

    _SPAN = 10.0  # seconds

    def __init__(self) -> None:
        self._points: list[tuple[float, int]] = []

    def left(self, snapshot: Snapshot) -> float | None:
        now = monotonic()
        if self._points and (snapshot.step < self._points[-1][1] or now - self._points[-1][0] > 2):
            self._points = []  # another run, or a pause
        self._points = [p for p in self._points if now - p[0] < self._SPAN]
        self._points.append((now, snapshot.step))
        seconds, steps = now - self._points[0][0], snapshot.step - self._points[0][1]
        if seconds < 0.5 or steps <= 0:
            return None
        return (snapshot.total_steps - snapshot.step) * seconds / steps


def duration(seconds: float) -> str:
    """Seconds as people say them: ``42 s``, ``3 min 05 s``, ``2 h 10 min``."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"
