"""The presets to choose from, by data set, with the reason for their values."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from aegui.data.catalog import entry
from aegui.qt.widgets.buttons import without_icons
from aegui.qt.widgets.room import resize_within_screen
from aegui.qt.widgets.titles import title_of
from aegui.spec import Architecture, Experiment, NoNoise, NoPenalty
from aegui.spec.presets import Preset

_MISTAKES = "Mistakes to learn from"


class Gallery(QDialog):
    """Lists presets; ``chosen`` gives the one that is to be opened."""

    chosen = Signal(object)  # Preset

    def __init__(self, presets: tuple[Preset, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("New from a preset")
        self._presets = presets
        self._build()
        self._fill()
        self._connect()
        self.search.setFocus()
        resize_within_screen(self)

    @property
    def selected(self) -> Preset | None:
        """The preset under the cursor; none on a heading."""
        current = self.tree.currentItem()
        return next((preset for item, preset in self._items if item is current), None)

    def sizeHint(self) -> QSize:
        line = self.fontMetrics().height()
        return QSize(58 * line, 36 * line)

    def _build(self) -> None:
        self.search = QLineEdit(self)
        self.search.setPlaceholderText("Search: wine, sparse, blur …")
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName("Search the presets")
        self.search.setToolTip("Shows the presets whose name or reason has all of these words")
        self.tree = QTreeWidget(self)
        self.tree.setHeaderHidden(True)
        self.tree.setAccessibleName("Presets")
        self.title, self.why = QLabel(self), QLabel(self)
        self.title.setWordWrap(True)
        font = self.title.font()
        font.setBold(True)
        self.title.setFont(font)
        self.why.setWordWrap(True)
        self.why.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.facts = QGridLayout()
        self.facts.setColumnStretch(1, 1)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self.open_button = QPushButton("&Open", self)
        self.open_button.setToolTip("Starts from this preset, with its data; unsaved changes are asked about")
        self.buttons.addButton(self.open_button, QDialogButtonBox.ButtonRole.AcceptRole)
        self.open_button.setDefault(True)
        without_icons(self.buttons)
        self._lay_out()

    def _lay_out(self) -> None:
        right = QVBoxLayout()
        for part in (self.title, self.why):
            right.addWidget(part)
        right.addSpacing(8)
        right.addLayout(self.facts)
        right.addStretch(1)
        middle = QHBoxLayout()
        middle.addWidget(self.tree, 5)
        middle.addLayout(right, 6)
        layout = QVBoxLayout(self)
        layout.addWidget(self.search)
        layout.addLayout(middle, 1)
        layout.addWidget(self.buttons)

    def _connect(self) -> None:
        self.search.textChanged.connect(self._filter)
        self.tree.currentItemChanged.connect(self._show)
        self.tree.itemActivated.connect(self._open)
        self.buttons.accepted.connect(self._open)
        self.buttons.rejected.connect(self.reject)
        self.tree.setCurrentItem(self._items[0][0])

    def _fill(self) -> None:
        self._groups: dict[str, QTreeWidgetItem] = {}
        self._items: list[tuple[QTreeWidgetItem, Preset]] = []
        for preset in self._presets:
            heading = _heading(preset)
            if heading not in self._groups:
                self._groups[heading] = QTreeWidgetItem(self.tree, [heading])
                self._groups[heading].setFlags(Qt.ItemFlag.ItemIsEnabled)
            item = QTreeWidgetItem(self._groups[heading], [_short(preset)])
            item.setToolTip(0, preset.name)
            self._items.append((item, preset))
        self.tree.expandAll()

    @Slot(str)
    def _filter(self, text: str) -> None:
        """Hides what has not all of the words, and puts the cursor on the first that has."""
        words = text.lower().split()
        found = [item for item, preset in self._items if _has(preset, words)]
        for item, preset in self._items:
            item.setHidden(not _has(preset, words))
        headings = {_heading(preset) for _, preset in self._items if _has(preset, words)}
        for heading, group in self._groups.items():
            group.setHidden(heading not in headings)
        self.tree.setCurrentItem(found[0] if found else None)  # type: ignore[arg-type]  # None is none
        self._show()

    @Slot()
    def _show(self) -> None:
        preset = self.selected
        self.open_button.setEnabled(preset is not None)
        nothing = self.tree.currentItem() is None
        self.title.setText(preset.title if preset else "No preset has these words" if nothing else "")
        self.why.setText(preset.why if preset else "")
        while (item := self.facts.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for row, (name, text) in enumerate(_facts(preset.experiment) if preset else ()):
            label, value = QLabel(name, self), QLabel(text, self)
            label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
            value.setWordWrap(True)
            self.facts.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
            self.facts.addWidget(value, row, 1)

    @Slot()
    def _open(self) -> None:
        preset = self.selected
        if preset is not None:
            self.accept()
            self.chosen.emit(preset)


def _short(preset: Preset) -> str:
    """The title without what its heading says already."""
    own = preset.mistake or preset.name == preset.type
    title = preset.title if own else preset.title.rpartition(",")[0] or preset.title
    return title.replace(" autoencoder", "")


def _heading(preset: Preset) -> str:
    return _MISTAKES if preset.mistake else entry(preset.source).title


def _has(preset: Preset, words: list[str]) -> bool:
    text = f"{preset.name} {preset.title} {preset.why} {_heading(preset)}".lower()
    return all(word in text for word in words)


def _facts(experiment: Experiment) -> list[tuple[str, str]]:
    """What makes an experiment, a line each."""
    training, penalty = experiment.training, experiment.penalty
    code = f"{experiment.code.size}, {title_of(experiment.code.activation).lower()}"
    code += f", variational, β {experiment.code.beta:g}" if experiment.code.variational else ""
    lines = [
        ("Encoder", _layers(experiment.architecture)),
        ("Code", code),
    ]
    if not isinstance(penalty.code, NoPenalty):
        lines.append(("Penalty", f"{title_of(penalty.code.kind)} {penalty.code.weight:g} on the code"))
    if penalty.jacobian:
        lines.append(("Penalty", f"contractive {penalty.jacobian:g}"))
    if not isinstance(experiment.noise, NoNoise):
        strength = ", ".join(
            f"{value:g}" for name, value in experiment.noise if name != "clip" and isinstance(value, float)
        )
        lines.append(("Noise", f"{title_of(experiment.noise.kind).lower()} {strength}"))
    optimizer = f"{title_of(training.optimizer.kind)}, rate {training.rate:g}"
    lines.append(("Training", f"{title_of(training.loss)}, {optimizer}, {training.epochs} epochs"))
    return lines


def _layers(architecture: Architecture) -> str:
    if not architecture.encoder:
        return "no hidden layer"
    names = [
        str(getattr(layer, "units", None) or title_of(layer.kind).lower()) for layer in architecture.encoder
    ]
    return " → ".join(names)
