"""PCA and the other baselines of a data set, found once, in a thread."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from aegui.analysis.pca import Pca, baselines, fit_pca
from aegui.data.dataset import Dataset
from aegui.qt.background import Background


class Baselining(QObject):
    """Knows the baselines of the last data set that it was asked for."""

    found = Signal(object, object, object)  # Dataset, PCA error by code size (k + 1,), Baselines
    failed = Signal(object, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = Background(self)
        self._wanted: Dataset | None = None
        self._known: tuple[Dataset, Pca, object, object] | None = None

    def prepare(self, dataset: Dataset) -> None:
        """Starts to find them out, unless that was done or is under way."""
        if dataset is not self._wanted:
            self._wanted = dataset
            self._background.run(lambda: _measure(dataset), self._arrive, self.failed.emit)

    def give_again(self, dataset: Dataset) -> None:
        """Emits ``found`` once more if they are known, for a run that has just begun."""
        if self._known is not None and self._known[0] is dataset:
            _, _, curve, values = self._known
            self.found.emit(dataset, curve, values)

    def pca_of(self, dataset: Dataset) -> Pca | None:
        """The principal components of a data set, if they are known."""
        return self._known[1] if self._known is not None and self._known[0] is dataset else None

    def _arrive(self, known: tuple[Dataset, Pca, object, object]) -> None:
        dataset, _, curve, values = known
        if dataset is self._wanted:
            self._known = known
        self.found.emit(dataset, curve, values)  # a run may be on data that are no longer wanted


def _measure(dataset: Dataset) -> tuple[Dataset, Pca, object, object]:
    pca = fit_pca(dataset)
    return dataset, pca, pca.error_curve(dataset.test), baselines(dataset, 0)
