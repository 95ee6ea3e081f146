"""One place of the plane and what is decoded from it: a cross, and a card beside it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QPointF, Signal, Slot
from PySide6.QtWidgets import QWidget

from aegui.analysis.latent import Projection
from aegui.data.dataset import Dataset
from aegui.qt.theme import Theme
from aegui.qt.views.asking import Asker
from aegui.qt.views.card import Card
from aegui.qt.views.plates import sample_cell
from aegui.qt.views.scatter_plot import ScatterPlot
from aegui.runs.plates import Cells
from aegui.training.snapshot import Floats


class DecodedPlace(QObject):
    """Follows the place that was pressed last, until it is dismissed; ``asked`` wants it decoded."""

    asked = Signal(object)  # codes (1, d) float32

    def __init__(self, canvas: ScatterPlot, theme: Theme, above: QWidget) -> None:
        """``above`` is what the card must not cover."""
        super().__init__(canvas)
        self._canvas, self._theme, self._above = canvas, theme, above
        self._code: Floats | None = None  # (1, d)
        self._projection: Projection | None = None
        self._decoded: tuple[str, Floats] | None = None  # from where, and the sample (k,)
        self._asker = Asker(self)
        self.card = Card(canvas)
        self._asker.asked.connect(self.asked)
        canvas.pane.sigRangeChanged.connect(self.stand)
        canvas.pane.sigResized.connect(self.stand)

    @property
    def code(self) -> Floats | None:
        """The code (1, d) of the place, None if there is none."""
        return self._code

    def show_at(self, place: NDArray[np.float64]) -> None:
        """Another place (2,)."""
        if self._projection is not None:
            self._code = self._projection.lift(place[None].astype(np.float32))
            self._asker.want(self._code)
            self.stand()

    def set_projection(self, projection: Projection | None) -> None:
        """The plane as it is now, under a decoder that may have changed."""
        self._projection = projection
        if self._code is not None and projection is not None:
            if self._code.shape[1] == len(projection.origin):
                self._asker.want(self._code)
            else:
                self.dismiss()
        self.stand()

    def dismiss(self) -> None:
        """Takes the decoded picture away."""
        self._code = None
        self._asker.forget()
        self._decoded = None
        self._canvas.set_cross(None)
        self.card.hide()

    def show_decoded(self, codes: Floats, features: Floats, dataset: Dataset) -> None:
        """Shows the picture (1, k) of the code (1, d) that was asked for; leaves answers to anything else."""
        if not self._asker.takes(codes) or features.shape[1] != dataset.features:
            return
        place = self._place_of(codes)
        if place is not None:
            where = f"({place[0]:.2f}, {place[1]:.2f})".replace("-", "−")
            self._decoded = f"decoded from {where}", features[0]
            self.card.show_sample(features[0], dataset, [self._decoded[0]], self._theme.colours)
            self.card.show()
            self.stand()

    def plates(self, dataset: Dataset) -> tuple[Cells, ...]:
        """What is decoded for paper; none while nothing is."""
        if self._decoded is None:
            return ()
        name, sample = self._decoded
        return (Cells(((name.replace(" (", "\n("), (sample_cell(sample, dataset),)),)),)

    @Slot()
    def stand(self) -> None:
        """Puts the cross and the card where the place is on screen."""
        place = self._place_of(self._code)
        self._canvas.set_cross(place)
        if place is not None and not self.card.isHidden():
            pixels = QPointF(*self._canvas.to_pixels(place[None])[0])
            self.card.stand_at(self._canvas.widget_position(pixels))
            self.card.stackUnder(self._above)

    def _place_of(self, code: Floats | None) -> NDArray[np.float64] | None:
        """A code (1, d) as a place in the plane (2,)."""
        projection = self._projection
        if code is None or projection is None or code.shape[1] != len(projection.origin):
            return None  # asked for before the code had this size
        return np.asarray(projection.place(code)[0], np.float64)
