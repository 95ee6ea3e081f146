"""The inside of a network: weights, activations, gradients, and an update in slow motion."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from aegui.data.dataset import Dataset
from aegui.plan import resolve
from aegui.qt.theme import Theme
from aegui.qt.views.inside.activations import ActivationsPage
from aegui.qt.views.inside.gradients import GradientsPage
from aegui.qt.views.inside.ground import Ground
from aegui.qt.views.inside.page import Page
from aegui.qt.views.inside.slow import SlowPage
from aegui.qt.views.inside.weights import WeightsPage
from aegui.qt.views.paper import Paper
from aegui.qt.views.plates import plates_paper
from aegui.qt.views.view import View
from aegui.qt.widgets.tool import Tool
from aegui.training.snapshot import Snapshot, Wishes

_ON_ITS_WAY = "The next look is on its way."
_TIPS = {
    "Weights": "The weights of a layer, one picture for each unit",
    "Activations": "One test sample on its way through every layer",
    "Gradients": "How strongly the objective pulls at each layer",
    "Slow motion": "One update in five phases: corrupt, encode, decode, compare, update",
}


class InsideView(View):
    """Four pages. Only the one on screen is asked for."""

    step_wanted = Signal()  # one real update

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._ground: Ground | None = None
        self._build()
        self._connect()

    def _build(self) -> None:
        self.weights = WeightsPage(self.theme, self)
        self.activations = ActivationsPage(self.theme, self)
        self.gradients = GradientsPage(self.theme, self)
        self.slow = SlowPage(self.theme, self)
        self.pages: tuple[Page, ...] = (self.weights, self.activations, self.gradients, self.slow)
        self.stack, self.choice = QStackedWidget(self), QButtonGroup(self)
        self.tools: list[Tool] = []
        top = QHBoxLayout()
        for number, (page, (title, tip)) in enumerate(zip(self.pages, _TIPS.items(), strict=True)):
            self.stack.addWidget(page)
            tool = Tool(title, tip, self, checkable=True)
            self.choice.addButton(tool, number)
            self.tools.append(tool)
            top.addWidget(tool)
        top.addStretch(1)
        self.tools[0].setChecked(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 2)
        layout.setSpacing(4)
        layout.addLayout(top)
        layout.addWidget(self.stack, 1)

    def _connect(self) -> None:
        self.choice.idClicked.connect(self.show_page)
        self.slow.step_wanted.connect(self.step_wanted)
        for page in self.pages:
            page.asked.connect(self._ask)
            page.painted.connect(self.painted)

    @property
    def page(self) -> Page:
        """What is on screen."""
        return self.pages[self.stack.currentIndex()]

    @Slot(int)
    def show_page(self, number: int) -> None:
        """Brings a page to the front, and asks for what it shows."""
        self.tools[number].setChecked(True)
        self.stack.setCurrentIndex(number)
        self.slow.auto.setChecked(False)
        self.show_snapshot(self.snapshot)
        self._ask()
        if self.page is self.slow:
            self.slow.setFocus()

    def pick(self, sample: int) -> None:
        """Chooses the test sample whose activations are shown."""
        self.activations.pick(sample)

    def set_dataset(self, dataset: Dataset | None) -> None:
        """The data of the run."""
        self.dataset = dataset
        self._stand(self.snapshot)
        super().set_dataset(dataset)
        self._ask()

    def wishes(self) -> Wishes:
        """What the page on screen asks."""
        look = self.page.look()
        return Wishes(codes=False, looks=() if look is None else (look,))

    def show_snapshot(self, snapshot: Snapshot | None) -> None:
        before = self.page.look()
        self._stand(snapshot)
        page = self.page
        look = page.look()
        seen = snapshot.looks.get(look) if snapshot is not None and look is not None else None
        if snapshot is None or self._ground is None:
            page.show_message(self.waiting)
        elif seen is not None and seen.value is not None:
            page.show_seen(seen, snapshot)
        elif page.seen is None:
            page.show_message(_ON_ITS_WAY)
        if look != before:
            self._ask()

    def on_paper(self) -> Paper | None:
        return plates_paper("inside", "the inside of the network", *self.page.plates())

    def restyle(self) -> None:
        for page in self.pages:
            page.seen = None
        self.show_snapshot(self.snapshot)

    def _stand(self, snapshot: Snapshot | None) -> None:
        """Tells the pages of another network or other data."""
        ground = self._ground
        dataset = self.dataset
        if snapshot is None or dataset is None:
            if ground is not None:
                self._tell(None)
        elif ground is None or ground.dataset is not dataset or ground.experiment != snapshot.experiment:
            plan = resolve(snapshot.experiment, dataset.facts())
            # The data may be of another run than the snapshot: then the next one brings both together.
            self._tell(None if plan.problems else Ground(snapshot.experiment, dataset, plan))

    def _tell(self, ground: Ground | None) -> None:
        old, self._ground = self._ground, ground
        same = ground is not None and old is not None and ground.plan == old.plan
        same = same and ground is not None and old is not None and ground.dataset is old.dataset
        for page in self.pages:
            if not same:
                page.seen = None
            page.stand_on(ground)

    @Slot()
    def _ask(self) -> None:
        self.wishes_changed.emit(self.wishes())
