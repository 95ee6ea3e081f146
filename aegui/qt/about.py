"""What this program is, in which versions, whose work is in it, and under which licences."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QFontDatabase, QGuiApplication, QIcon
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QTabWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

import aegui
from aegui.data.catalog import catalog
from aegui.data.entry import Entry
from aegui.errors import OperationFailed
from aegui.parts import Part, parts
from aegui.qt.facts import facts
from aegui.qt.widgets.buttons import without_icons
from aegui.qt.widgets.prose import Prose
from aegui.qt.widgets.room import resize_within_screen
from aegui.resources import resource

_ICON = 64  # pixels
_WHAT = (
    "An autoencoder laboratory for the desktop: choose data, draw a network, press Play, watch it learn."
    " It works without a network connection and sends nothing anywhere. Free software under the MIT licence."
)
# Two sets that scikit-learn draws by formulas share a file; what has none is drawn by the program itself.
_FILES = {"swiss-roll": "manifolds", "s-curve": "manifolds"}


class AboutDialog(QDialog):
    """Versions to copy, libraries with their licences, and the data sets that come along."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("About aegui")
        self._parts = parts()
        self._sets = [entry for entry in catalog() if not entry.files]
        self._build()
        self.buttons.rejected.connect(self.reject)
        self.copy_button.clicked.connect(self._copy)
        self.libraries.list.currentItemChanged.connect(self._show_part)
        self.data.list.currentItemChanged.connect(self._show_set)
        for pane in (self.libraries, self.data):
            pane.list.setCurrentIndex(pane.list.model().index(0, 0))
        resize_within_screen(self)

    def sizeHint(self) -> QSize:
        return QSize(50, 36) * self.fontMetrics().height()

    def _build(self) -> None:
        self.versions = _fixed_text("Versions", self)
        self.versions.setPlainText(versions(self._parts))
        self.libraries = _Pane(
            "Libraries", ("Part", "Version", "Licence"), _fixed_text("Licence", self), self
        )
        self.libraries.fill([(p.name, p.version, p.licence) for p in self._parts])
        self.data = _Pane("Data sets", ("Data set", "Name", "Licence"), Prose(self), self)
        self.data.fill([(e.title, e.name, e.licence) for e in self._sets])
        self.tabs = QTabWidget(self)
        self.tabs.addTab(self.libraries, "&Libraries and licences")
        self.tabs.addTab(self.data, "&Data sets")
        self.tabs.addTab(self.versions, "&Versions")
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        self.copy_button = QPushButton("&Copy versions", self)
        self.copy_button.setToolTip("Puts versions, system and screens on the clipboard")
        self.copy_button.setAutoDefault(False)
        self.buttons.addButton(self.copy_button, QDialogButtonBox.ButtonRole.ActionRole)
        without_icons(self.buttons)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addLayout(self._heading())
        layout.addWidget(self.tabs, 1)
        layout.addWidget(self.buttons)

    def _heading(self) -> QHBoxLayout:
        picture, name, what = QLabel(self), QLabel(f"aegui {aegui.__version__}", self), QLabel(_WHAT, self)
        icon = QIcon(str(resource("icons", "aegui.svg")))
        picture.setPixmap(icon.pixmap(QSize(_ICON, _ICON), self.devicePixelRatioF()))
        font = name.font()
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * 1.6)
        name.setFont(font)
        what.setWordWrap(True)
        words = QVBoxLayout()
        words.addWidget(name)
        words.addWidget(what)
        layout = QHBoxLayout()
        layout.setSpacing(14)
        layout.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)
        return layout

    @Slot()
    def _show_part(self) -> None:
        part = self._parts[self.libraries.row]
        text = self.libraries.text
        assert isinstance(text, QPlainTextEdit)
        text.setPlainText(licence_text(part))

    @Slot()
    def _show_set(self) -> None:
        text = self.data.text
        assert isinstance(text, Prose)
        text.show_markdown(set_text(self._sets[self.data.row]))

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.versions.toPlainText())
        self.copy_button.setText("Copied")


class _Pane(QSplitter):
    """A list, and what there is to read about the row under the cursor."""

    def __init__(self, name: str, columns: tuple[str, ...], text: QWidget, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self.list = QTreeWidget(self)
        self.list.setAccessibleName(name)
        self.list.setHeaderLabels(list(columns))
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.text = text
        self.addWidget(self.list)
        self.addWidget(text)
        self.setChildrenCollapsible(False)
        self.setSizes([1000, 1000])

    @property
    def row(self) -> int:
        """Which row the cursor is on."""
        return self.list.indexOfTopLevelItem(self.list.currentItem())

    def fill(self, rows: list[tuple[str, ...]]) -> None:
        """The rows of the list."""
        for cells in rows:
            item = QTreeWidgetItem(self.list, list(cells))
            item.setToolTip(len(cells) - 1, cells[-1])
        for column in range(self.list.columnCount() - 1):
            self.list.resizeColumnToContents(column)


def versions(known: list[Part]) -> str:
    """Program, system and screens, and then every library with its version, a line each."""
    lines = (f"{part.name} {part.version}" for part in known if part.name != "aegui")
    return "\n".join((*facts(), "", *lines))


def licence_text(part: Part) -> str:
    """What a part is licensed under, and the texts of it; or where they are, if it has none with it."""
    named = f"{part.name} {part.version}: {part.licence or 'licence not named'}"
    head = "\n".join(line for line in (named, part.homepage) if line)
    texts = [(name, _read(path)) for path, name in part.texts]
    if not texts:
        return f"{head}\n\nThe text of the licence is not in this installation."
    if len(texts) == 1:
        return f"{head}\n\n{texts[0][1]}"
    return "\n\n\n".join((head, *(f"── {name} ──\n\n{text}" for name, text in texts)))


def set_text(entry: Entry) -> str:
    """A data set's source and licence, in Markdown."""
    try:
        file = resource("licences", f"{_FILES.get(entry.name, entry.name)}.md")
    except OperationFailed:
        return f"# {entry.title}\n\n{entry.source}"
    return f"{_read(file)}\n\n{entry.source}"


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip("\n")
    except OSError as error:
        return f"{path.name} cannot be read: {error.strerror}"


def _fixed_text(name: str, parent: QWidget) -> QPlainTextEdit:
    text = QPlainTextEdit(parent)
    text.setReadOnly(True)
    text.setAccessibleName(name)
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPointSizeF(parent.font().pointSizeF())
    text.setFont(font)
    text.setTabChangesFocus(True)
    return text
