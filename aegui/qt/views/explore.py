"""Ways through the code, beneath the plot of codes: interpolation, a grid, directions; none at rest."""

from __future__ import annotations

from time import perf_counter

from PySide6.QtCore import QSignalBlocker, QTimer, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSpinBox, QVBoxLayout, QWidget

from aegui.analysis.manifold import Directions, Reference
from aegui.qt.theme import Theme
from aegui.qt.views.asking import Asker
from aegui.qt.views.plates import sheet_plates
from aegui.qt.views.walks import Moment, Walk, directions_of, grid, line, traversal
from aegui.qt.widgets.cells import Cells
from aegui.qt.widgets.tool import Tool
from aegui.qt.widgets.words import Words
from aegui.runs.plates import Cells as CellsPlate
from aegui.training.snapshot import Floats

_TOOLS = {
    "line": (
        "Interpolate",
        "Go from the code of one sample to that of another (Control and click on two points)",
    ),
    "grid": ("Grid", "Decode a grid of codes over the plane that is shown"),
    "walk": ("Traverse", "Change the code along one direction at a time"),
}
_SOONEST, _LATEST = 0.05, 1.0  # seconds between two moments that are shown
_REST = 10  # times what the last one has cost
_SIZE, _SMALLEST, _LARGEST = 8, 3, 20  # cells of a grid along one axis
_PICK = "Click a point for A, and another one for B."
_NO_PLANE = "t-SNE has no inverse: a grid needs PCA or two units."


class Explorer(QWidget):
    """One way at a time. The owner answers ``asked`` with :meth:`show_decoded`.

    ``tools`` are buttons for a row of the owner's.
    """

    asked = Signal(object)  # codes (m, d) float32
    letters_changed = Signal(object)  # ((letter, test sample), ...) to be marked in the plot
    opened = Signal()  # another way, or none any more

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._moment: Moment | None = None
        self._late = False  # whether what is shown is of an earlier moment
        self._ends: tuple[int, ...] = ()  # test samples A and B
        self._through: int | None = None  # the test sample whose code is changed
        self._directions: Directions | None = None
        self._reference: tuple[object, Reference] | None = None
        self._walk: Walk | None = None  # wanted
        self._open: Walk | None = None  # asked for
        self._asker = Asker(self)
        self._rest = QTimer(self, singleShot=True)
        self._build()
        self._connect()
        self.hide()

    def _build(self) -> None:
        self.tools = {
            key: Tool(text, tip, self.parentWidget(), checkable=True) for key, (text, tip) in _TOOLS.items()
        }
        self.words = Words(self)
        self.size_ = QSpinBox(self, minimum=_SMALLEST, maximum=_LARGEST, value=_SIZE, suffix=" cells")
        self.size_.setAccessibleName("Cells of the grid along one axis")
        self.size_.setToolTip("Cells of the grid along one axis")
        self.kind = QComboBox(self)
        self.kind.addItem("PCA of the code")
        self.kind.addItem("units")
        self.kind.setToolTip("Principal axes of the test codes, or single units; the four with most variance")
        self.kind.setAccessibleName("Directions")
        self.cells = Cells(self)
        top = QHBoxLayout()
        top.addWidget(self.words, 1)
        top.addWidget(self.size_)
        top.addWidget(self.kind)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 2, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(top)
        layout.addWidget(self.cells)

    def _connect(self) -> None:
        for tool in self.tools.values():
            tool.clicked.connect(self._choose)
        self.size_.valueChanged.connect(self._renew)
        self.kind.currentIndexChanged.connect(self._turn)
        self._asker.asked.connect(self._ask)
        self._rest.timeout.connect(self._catch_up)

    @property
    def mode(self) -> str:
        """Which way is open: "line", "grid", "walk", or "" for none."""
        return next((key for key, tool in self.tools.items() if tool.isChecked()), "")

    @property
    def letters(self) -> tuple[tuple[str, int], ...]:
        """Test samples to be marked in the plot."""
        return tuple(zip("AB", self._ends, strict=False)) if self.mode == "line" else ()

    def forget(self) -> None:
        """Another data set, whose samples are others."""
        self._ends, self._through, self._directions = (), None, None
        self.show_moment(None)

    def show_moment(self, moment: Moment | None) -> None:
        """The codes and the plane as they are now."""
        self._moment, self._late = moment, True
        if self.isVisible() and not self._rest.isActive():
            self._catch_up()

    def open(self, mode: str) -> None:
        """Shows one of the ways, or with "" none."""
        for key, tool in self.tools.items():
            with QSignalBlocker(tool):
                tool.setChecked(key == mode)
        self.setVisible(bool(mode))
        self.size_.setVisible(mode == "grid")
        self.kind.setVisible(mode == "walk")
        self.cells.setAccessibleName(_TOOLS[mode][0] if mode else "")
        self._drop()
        self._renew()
        self.opened.emit()

    def pick(self, sample: int) -> None:
        """An end of the line: A, then B, then A of another one."""
        if self.mode != "line":
            self.open("line")
        self._ends = (*self._ends, sample) if len(self._ends) == 1 and sample not in self._ends else (sample,)
        self._renew()

    def take_hit(self, sample: int) -> None:
        """A click on a point means something to the way that is open."""
        if self.mode == "line":
            self.pick(sample)
        elif self.mode == "walk":
            self.go_through(sample)

    def go_through(self, sample: int | None) -> None:
        """Which test sample's code is changed; None: the mean code."""
        if sample != self._through:
            self._through = sample
            self._renew()

    def clear(self) -> None:
        """Forgets the samples that were picked."""
        self._ends, self._through = (), None
        self._renew()

    def show_decoded(self, codes: Floats, features: Floats) -> None:
        """Shows what was decoded (m, k) of codes (m, d), if they are those asked for."""
        if not self._asker.takes(codes) or self._moment is None or self._open is None:
            return
        walk, dataset = self._open, self._moment.dataset
        if walk.columns and features.shape[1] == dataset.features:
            self.cells.show_sheet(walk.sheet(features, dataset), walk.far, walk.tips)

    def plates(self) -> tuple[CellsPlate, ...]:
        """What is decoded for paper; none while no way is open."""
        return (
            sheet_plates(self.cells.sheet, _LARGEST, self.words.text(), self.cells.marked)
            if self.mode
            else ()
        )

    @Slot()
    def _choose(self) -> None:
        pressed = next(key for key, tool in self.tools.items() if tool is self.sender())
        self.open(pressed if self.tools[pressed].isChecked() else "")

    @Slot()
    def _turn(self) -> None:
        self._directions = None
        self._renew()

    @Slot()
    def _catch_up(self) -> None:
        """Follows the run, but not for more than a small share of the time."""
        if self._late:
            started = perf_counter()
            self._renew()
            self._rest.start(round(1000 * min(max(_SOONEST, _REST * (perf_counter() - started)), _LATEST)))

    @Slot()
    def _renew(self) -> None:
        """Wants what the way that is open leads to now."""
        self._late = False
        self.letters_changed.emit(self.letters)
        if not self.mode:
            return
        moment = self._moment
        if moment is None or not len(moment.finite):
            self._say("There are no codes to decode yet.")
            return
        self._walk, missing = self._found(moment)
        if self._walk is None:
            self._say(missing)
            return
        self.words.say(self._walk.said_of(moment.dataset))
        self.words.setToolTip(self._walk.tip)
        self._asker.want(self._walk.codes)

    def _found(self, moment: Moment) -> tuple[Walk | None, str]:
        """The way, or what it needs."""
        match self.mode:
            case "line":
                ends = [sample for sample in self._ends if moment.has_code(sample)]
                return (line(moment, *ends), "") if len(ends) == 2 else (None, _PICK)
            case "grid":
                return grid(moment, self.size_.value(), self._known(moment.finite)), _NO_PLANE
            case _:
                units = self.kind.currentIndex() == 1
                self._directions = directions_of(moment, units, self._directions)
                through = (
                    self._through if self._through is not None and moment.has_code(self._through) else None
                )
                return traversal(moment, self._directions, through), ""

    def _known(self, codes: Floats) -> Reference:
        """The distances between codes, measured once."""
        if self._reference is None or self._reference[0] is not codes:
            self._reference = codes, Reference.of(codes)
        return self._reference[1]

    def _say(self, words: str) -> None:
        self.words.say(words)
        self.words.setToolTip("")
        self._drop()

    def _drop(self) -> None:
        self._walk = None
        self._asker.forget()
        self.cells.show_sheet(None)

    @Slot(object)
    def _ask(self, codes: Floats) -> None:
        self._open = self._walk
        self.asked.emit(codes)
