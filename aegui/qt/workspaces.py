"""The centre of the window: training, and a tab for each thing that one can do with what was learned."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from aegui.qt.views.view import View
from aegui.qt.widgets.words import smaller

if TYPE_CHECKING:
    from aegui.qt.window import Window


@dataclass(frozen=True)
class Workspace:
    """One tab. ``make`` imports what it needs, so that the start need not wait for it."""

    id: str
    title: str
    tip: str
    make: Callable[[Window], View]


def _make_reduction(window: Window) -> View:
    from aegui.qt.sweeping import Sweeping
    from aegui.qt.views.reduction import ReductionView

    view = ReductionView(window.theme, window)
    Sweeping(view, window)
    return view


def _make_anomalies(window: Window) -> View:
    from aegui.qt.detecting import Detecting
    from aegui.qt.views.anomalies import AnomaliesView

    view = AnomaliesView(window.theme, window)
    Detecting(view, window)
    return view


def _make_features(window: Window) -> View:
    from aegui.qt.featuring import Featuring
    from aegui.qt.views.features import FeaturesView

    view = FeaturesView(window.theme, window)
    Featuring(view, window)
    return view


def _make_inside(window: Window) -> View:
    from aegui.qt.stepping import Stepping
    from aegui.qt.views.inside.view import InsideView

    view = InsideView(window.theme, window)
    Stepping(window.session, view)
    window.latent.picked.connect(view.pick)
    window.pictures.picked.connect(view.pick)
    if window.pictures.followed is not None:
        view.pick(window.pictures.followed)
    return view


def _make_draw(window: Window) -> View:
    from aegui.qt.drawing import Drawing
    from aegui.qt.views.draw import DrawView

    view = DrawView(window.theme, window)
    Drawing(view, window)
    return view


def _make_compare(window: Window) -> View:
    from aegui.qt.comparing import Comparing
    from aegui.qt.views.compare import CompareView

    view = CompareView(window.theme, window)
    Comparing(view, window)
    return view


def _make_denoising(window: Window) -> View:
    from aegui.qt.denoising import Denoisers
    from aegui.qt.views.denoising import DenoisingView

    view = DenoisingView(window.theme, window)
    Denoisers(view, window)
    return view


WORKSPACES: tuple[Workspace, ...] = (
    Workspace("reduction", "Reduction", "Dimension reduction: the autoencoder against PCA", _make_reduction),
    Workspace("denoising", "Denoising", "Noise reduction: any noise on any test sample", _make_denoising),
    Workspace("anomalies", "Anomalies", "Anomaly detection: the error as a detector", _make_anomalies),
    Workspace("features", "Features", "Feature extraction: what the code is good for", _make_features),
    Workspace("inside", "Inside", "Inside the network: weights, activations, gradients", _make_inside),
    Workspace("draw", "Draw", "Draw a sample, and see what the network makes of it", _make_draw),
    Workspace("compare", "Runs", "The runs on disk beside each other", _make_compare),
)


class Workspaces(QTabWidget):
    """The tabs. A workspace is made when it is shown for the first time."""

    changed = Signal()  # another tab, with other wishes
    made = Signal(object)  # the View of a workspace

    def __init__(self, window: Window, training: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._views: dict[str, View] = {}
        self.tabBar().setFont(smaller(self.font()))
        self.setDocumentMode(True)
        self.setUsesScrollButtons(True)
        self.addTab(training, "Training")
        self.setTabToolTip(0, "Loss and pictures while the network learns (Ctrl+1)")
        for number, workspace in enumerate(WORKSPACES, 2):
            self.addTab(QWidget(self), workspace.title)
            self.setTabToolTip(self.count() - 1, f"{workspace.tip} (Ctrl+{number})")
        self.currentChanged.connect(self._show)

    @property
    def views(self) -> tuple[View, ...]:
        """The workspaces that were shown before, made and ready."""
        return tuple(self._views.values())

    @property
    def title(self) -> str:
        """What is on screen."""
        return self.tabText(self.currentIndex())

    def view(self, name: str) -> View:
        """A workspace, made if need be."""
        if name not in self._views:
            self._make(next(i for i, w in enumerate(WORKSPACES) if w.id == name))
        return self._views[name]

    def show_workspace(self, name: str) -> View:
        """Brings a workspace to the front."""
        self.setCurrentIndex(1 + next(i for i, w in enumerate(WORKSPACES) if w.id == name))
        return self.view(name)

    def _make(self, number: int) -> None:
        workspace = WORKSPACES[number]
        view = workspace.make(self._window)
        self._views[workspace.id] = view
        page = self.widget(number + 1)
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(view)
        view.show()  # at once, not when the layout gets to it: only what is visible may wish
        self.made.emit(view)

    @Slot(int)
    def _show(self, place: int) -> None:
        if place > 0 and WORKSPACES[place - 1].id not in self._views:
            self._make(place - 1)
        self.changed.emit()
