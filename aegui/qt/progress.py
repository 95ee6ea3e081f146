"""Where a run is: epoch, progress bar, time left and speed, in the toolbar."""

from __future__ import annotations

from time import monotonic

from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QSizePolicy, QWidget

from aegui.qt.session import State
from aegui.training.snapshot import Snapshot

_GRAIN = 1000


class Progress(QWidget):
    """Shows a snapshot's place in its run."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._seconds = _Estimate()
        self._build()
        self.show_snapshot(None, State.EMPTY)

    def _build(self) -> None:
        self.state = QLabel(self)
        self.epoch = QLabel(self)
        self.bar = QProgressBar(self, maximum=_GRAIN, textVisible=False)
        self.bar.setFixedHeight(10)
        self.bar.setMinimumWidth(80)
        self.bar.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.left = QLabel(self)
        self.speed = QLabel(self)
        # Widths of the longest usual text, so that nothing moves while the numbers do.
        for label, widest in (
            (self.state, "stopped by an error"),
            (self.epoch, "epoch 1,000 / 1,000"),
            (self.left, "59 min 59 s left"),
            (self.speed, "888,888 samples/s"),
        ):
            label.setMinimumWidth(label.fontMetrics().horizontalAdvance(widest) + 6)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 0, 8, 0)
        layout.setSpacing(10)
        for part in (self.state, self.epoch, self.bar, self.left, self.speed):
            layout.addWidget(part, 1 if part is self.bar else 0)
        self.epoch.setToolTip("Epochs done, of those that the run is to have")
        self.left.setToolTip("Time until the last epoch is done, at the present speed")
        self.speed.setToolTip("Samples that training takes in a second, evaluation and pictures not counted")
        self.bar.setAccessibleName("Progress of the run")

    def show_snapshot(self, snapshot: Snapshot | None, state: State) -> None:
        """Shows where the run is; of the trained example only what it is."""
        self.state.setText(state.value)
        if snapshot is None:
            self.bar.setValue(0)
            for label in (self.epoch, self.left, self.speed):
                label.setText("")
            return
        done = snapshot.step / max(snapshot.total_steps, 1)
        self.bar.setValue(round(_GRAIN * min(done, 1)))
        per_epoch = max(snapshot.steps_per_epoch, 1)
        position = f"step {snapshot.step:,} ({snapshot.step % per_epoch:,} of {per_epoch:,} in this epoch)"
        self.epoch.setText(f"epoch {snapshot.epoch:,} / {snapshot.epochs:,}")
        self.bar.setToolTip(f"{done:.0%}, {position}")
        running = state is State.RUNNING
        seconds = self._seconds.left(snapshot) if running else None
        self.left.setText("" if seconds is None else f"{duration(seconds)} left")
        shows_speed = state is not State.EXAMPLE and snapshot.samples_per_second > 0
        self.speed.setText(f"{snapshot.samples_per_second:,.0f} samples/s" if shows_speed else "")


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
