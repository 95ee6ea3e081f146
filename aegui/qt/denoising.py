"""Ties the denoising workspace to the window, and fits the best linear denoisers beside it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from aegui.analysis.denoising import Linear, LinearWish, strength, strength_param
from aegui.data.dataset import Dataset
from aegui.qt.tasks import Report, Task
from aegui.spec import Experiment, Noise

if TYPE_CHECKING:  # scipy and torch take their time to load, which the thread of the work does
    from aegui.analysis.wiener import TrainingPart
    from aegui.qt.views.denoising import DenoisingView
    from aegui.qt.window import Window

_REST = 120  # ms that the strength has to rest before work begins


class Denoisers(QObject):
    """Answers the wishes of a denoising view; another wish for linear denoisers gives the one before up."""

    def __init__(self, view: DenoisingView, window: Window) -> None:
        super().__init__(view)
        self._view, self._document = view, window.document
        self._wish: LinearWish | None = None
        self._kept: _Kept | None = None
        self.task = Task(self)
        self._timer = QTimer(self, singleShot=True, interval=_REST)
        self._timer.timeout.connect(self._begin)
        view.linear_wanted.connect(self._ask)
        view.noise_wanted.connect(self._use)
        window.document.changed.connect(self._show_experiment)
        window.latent.picked.connect(view.pick)
        view.errors.line.cancelled.connect(self.task.cancel)
        self.task.progressed.connect(view.errors.line.show_progress)
        self.task.busy_changed.connect(view.errors.line.show_busy)
        self.task.part_done.connect(self._found)
        self.task.failed.connect(window.session.failed)
        view.show_experiment(window.document.experiment)

    @Slot(object)
    def _use(self, noise: Noise) -> None:
        self._document.edit_all({"noise": noise}, "use the noise shown for training")

    @Slot(object, object)
    def _show_experiment(self, _old: Experiment, new: Experiment) -> None:
        self._view.show_experiment(new)

    @Slot(object)
    def _ask(self, wish: LinearWish | None) -> None:
        self._wish = wish
        self._timer.start()
        if wish is None:  # what is under way is of data that nobody sees any more
            self.task.cancel()

    @Slot()
    def _begin(self) -> None:
        wish = self._wish
        if wish is None:
            self._kept = None
            return
        if not wish.noises:
            self.task.cancel()
            return
        if self._kept is None or self._kept.dataset is not wish.dataset:
            self._kept = _Kept(wish.dataset)
        self.task.start(partial(_fit, wish, self._kept))

    @Slot(object)
    def _found(self, found: Linear) -> None:
        self._view.show_linear(found)


class _Kept:
    """The training samples of a data set, taken when a task needs them for the first time."""

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset
        self._part: TrainingPart | None = None

    def part(self, report: Report) -> TrainingPart:
        """Called in the thread of one task at a time."""
        from aegui.analysis.wiener import TrainingPart

        if self._part is None:
            self._part = TrainingPart.of(self.dataset, report.check)
        return self._part


def _fit(wish: LinearWish, kept: _Kept, report: Report) -> None:
    from aegui.analysis.looking.denoising import linear_denoiser, linear_scores

    for done, noise in enumerate(wish.noises):
        param = strength_param(noise)
        text = f"Wiener, {param.symbol} = {strength(noise):g}"
        report.progress(done / len(wish.noises), text)
        wiener = linear_denoiser(kept.part(report), noise, kept.dataset, report.check)
        scores = linear_scores(wiener, noise, kept.dataset, wish.seed, wish.count)
        report.part(Linear(kept.dataset, wish.seed, noise, wiener, scores))
