"""Measures what classifiers make of the code, of PCA and of the raw input, while the window goes on."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from aegui.analysis.features import Accuracy, CleanCodes, Examples, FeatureSet, Job, Parts, examples, measure
from aegui.analysis.pca import Pca
from aegui.data.dataset import Dataset
from aegui.qt.tasks import Report, Task
from aegui.training.snapshot import Snapshot

_SETTLED = 600  # ms that a moment has to stand still before it is measured unasked
_ALL: tuple[FeatureSet, ...] = ("codes", "pca", "raw")
_NAMES: dict[FeatureSet, str] = {"codes": "the code", "pca": "PCA", "raw": "the raw input"}


class Judging(QObject):
    """Knows the accuracies of one data set and of the code of one step.

    What depends on the data alone is measured once. The code is measured when that is asked, and
    unasked when a run stands still, at its present or at a moment that is replayed.
    """

    changed = Signal()
    asked = Signal()  # ``wants_codes`` has changed
    failed = Signal(object, str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.task = Task(self)
        self.found: dict[FeatureSet, Accuracy] = {}
        self.chosen: Examples | None = None
        self.step: int | None = None  # of the code that was measured
        self.wants_codes = False
        self._dataset: Dataset | None = None
        self._pca: Pca | None = None
        self._snapshot: Snapshot | None = None
        self._running = False
        self._given_up: int | None = None  # step whose measurement was cancelled
        self._under_way: int | None = None  # step whose code is being measured
        self._settled = QTimer(self, singleShot=True, interval=_SETTLED)
        self._settled.timeout.connect(self._measure_unasked)
        self.task.part_done.connect(self._take)
        self.task.done.connect(self._end)
        self.task.failed.connect(self._fail)

    @property
    def possible(self) -> bool:
        """Whether there are labels of two classes at least."""
        return self.chosen is not None

    @property
    def current(self) -> bool:
        """Whether the accuracy of the code is of the moment on screen."""
        return self._snapshot is not None and self.step == self._snapshot.step and "codes" in self.found

    @property
    def features(self) -> int:
        """k, the number of raw features."""
        return self._dataset.features if self._dataset is not None else 0

    def set_dataset(self, dataset: Dataset | None) -> None:
        """Everything is of the data set before."""
        self._dataset, self._snapshot = dataset, None
        self._forget(_ALL)
        self.chosen = None

    def set_pca(self, pca: Pca | None) -> None:
        """The principal components, once they are known."""
        if pca is not self._pca:
            self._pca = pca
            self._forget(["pca"])
            self._wait()

    @Slot(bool)
    def set_running(self, running: bool) -> None:
        """Whether the run trains: then nothing is measured unasked."""
        self._running = running
        if running:
            self._settled.stop()
        else:
            self._wait()

    def show_snapshot(self, snapshot: Snapshot | None) -> None:
        """The moment on screen; starts the measurement if its codes have been waited for."""
        before, self._snapshot = self._snapshot, snapshot
        if snapshot is None or self._dataset is None:
            self._forget(["codes"])
            return
        if before is None or before.experiment.seed != snapshot.experiment.seed:
            self._choose(snapshot.experiment.seed)
        if before is not None and self._is_other_run(before, snapshot):
            self._forget(["codes"])
            if before.experiment.code.size != snapshot.experiment.code.size:
                self._forget(["pca"])
        seen = snapshot.looks.get(CleanCodes())
        if self.wants_codes and seen is not None:
            self.wants_codes = False
            if self._fits(seen.value):
                self._start(seen.value, seen.step)
            else:
                self._given_up = seen.step
            self.asked.emit()
        elif before is None or before.step != snapshot.step:
            self._wait()

    @Slot()
    def measure(self) -> None:
        """Asks for the newest codes; the measurement begins when they are there."""
        if self.possible and self._snapshot is not None:
            self._given_up = None
            self.wants_codes = True
            self.asked.emit()
            self.changed.emit()

    @Slot()
    def cancel(self) -> None:
        """Gives the measurement up, until it is asked for or the run has gone on."""
        self._given_up = self._under_way
        self.wants_codes = False
        self.task.cancel()
        self.asked.emit()
        self.changed.emit()

    def _fits(self, codes: Parts | None) -> bool:
        """Whether codes are of the samples that are judged by, and not of other data."""
        sizes = None if codes is None else (len(codes.train), len(codes.test))
        return self.chosen is not None and sizes == (len(self.chosen.train), len(self.chosen.test))

    def _choose(self, seed: int) -> None:
        assert self._dataset is not None
        self.chosen = examples(self._dataset, seed)
        self._forget(_ALL)

    @staticmethod
    def _is_other_run(before: Snapshot, now: Snapshot) -> bool:
        return before.run != now.run or before.experiment.code.size != now.experiment.code.size

    def _forget(self, kinds: Sequence[FeatureSet]) -> None:
        for kind in kinds:
            self.found.pop(kind, None)
        if "codes" in kinds:
            self.step = self._given_up = None
            self.wants_codes = False
            self.task.cancel()
        self.changed.emit()

    def _wait(self) -> None:
        if not self._running and self._snapshot is not None and self.possible:
            self._settled.start()

    @Slot()
    def _measure_unasked(self) -> None:
        snapshot = self._snapshot
        if snapshot is None or self._running or snapshot.step == self._given_up:
            return
        if self.task.busy and self._under_way == snapshot.step:
            self._settled.start()  # what is missing then is measured next
        elif not self.current:
            self.measure()
        elif self._missing():
            self._start(None, snapshot.step)

    def _missing(self) -> bool:
        return "raw" not in self.found or ("pca" not in self.found and self._pca is not None)

    def _start(self, codes: Parts | None, step: int) -> None:
        snapshot, dataset, chosen = self._snapshot, self._dataset, self.chosen
        if snapshot is None or dataset is None or chosen is None:
            return
        self._under_way = step
        job = Job(
            dataset,
            chosen,
            codes,
            None if "pca" in self.found else self._pca,
            snapshot.experiment.code.size,
            raw="raw" not in self.found,
        )
        self.task.start(lambda report: _work(job, report))
        self.changed.emit()

    @Slot(object)
    def _take(self, part: tuple[FeatureSet, Accuracy]) -> None:
        kind, accuracy = part
        self.found[kind] = accuracy
        if kind == "codes":
            self.step = self._under_way
        self.changed.emit()

    @Slot(object)
    def _end(self, _nothing: object) -> None:
        self.changed.emit()
        self._wait()

    @Slot(object, str)
    def _fail(self, error: Exception, trace: str) -> None:
        self._given_up = self._under_way
        self.changed.emit()
        self.failed.emit(error, trace)


def _work(job: Job, report: Report) -> None:
    measure(job, lambda share, kind: report.progress(share, f"measuring {_NAMES[kind]}"), report.part)
