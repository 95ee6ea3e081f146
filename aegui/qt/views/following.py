"""The principal plane of a run's codes, the same in every view of a window."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt

from aegui.analysis.latent import Floats, How, Projection, project, usual_axes
from aegui.training.snapshot import Codes, Snapshot


class Following(QObject):
    """Keeps the direction of the principal axes from one moment to the next, for all views at once.

    Each view on its own would keep the axes that it saw first, and show the mirror image of another.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._codes: Codes | None = None
        self._plane: Projection | None = None  # of these codes, by their principal axes
        self._run = 0

    @classmethod
    def of(cls, view: QObject) -> Following:
        """The one of the window that a view is in."""
        root = view
        while (above := root.parent()) is not None:
            root = above
        found = root.findChild(cls, options=Qt.FindChildOption.FindDirectChildrenOnly)
        return cls(root) if found is None else found

    def usual(self, codes: Codes, snapshot: Snapshot | None) -> Projection:
        """The finite codes of a snapshot in the axes that are usual for their size."""
        how, run = usual_axes(codes.values.shape[1]), snapshot.run if snapshot is not None else 0
        return self.project(codes, codes.values[codes.finite], how, run)

    def project(self, codes: Codes, finite: Floats, how: How, run: int) -> Projection:
        """The finite ones (n, d) of a moment's codes in a plane; ``run`` is the number of their run."""
        if how != "pca":
            return project(finite, how)
        if self._plane is None or codes is not self._codes:
            before = self._plane if run == self._run else None
            self._codes, self._plane, self._run = codes, project(finite, how, before), run
        return self._plane
