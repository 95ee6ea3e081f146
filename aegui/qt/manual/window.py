"""The manual in a window of its own: contents at the left, the page at the right, a search over all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QUrl, Slot
from PySide6.QtGui import QCloseEvent, QColor, QKeySequence, QPalette, QShortcut, QTextCursor, QTextDocument
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QSplitter,
    QTextEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from aegui.qt.manual.history import History
from aegui.qt.manual.pages import CONTENTS, FIRST, PAGES, found, page_of, page_text, title_of
from aegui.qt.widgets.prose import Prose
from aegui.qt.widgets.room import resize_within_screen
from aegui.qt.widgets.tool import Tool
from aegui.qt.widgets.words import Words

if TYPE_CHECKING:
    from aegui.qt.window import Window

_NAME = "manual"  # of its place on the screen, in the settings
_SIDE, _TEXT = 17, 54  # of contents and page, in heights of a letter
_PAGE = Qt.ItemDataRole.UserRole


class ManualWindow(QWidget):
    """One for a main window, which it does not outlive."""

    def __init__(self, owner: Window) -> None:
        super().__init__(owner, Qt.WindowType.Window)
        self.setWindowTitle("Manual of aegui")
        self._settings = owner.settings
        self._history = History()
        self._build()
        self._fill()
        self._connect()
        owner.installEventFilter(self)
        place = self._settings.bytes(_NAME)
        if place is None or not self.restoreGeometry(place):
            line = self.fontMetrics().height()
            resize_within_screen(self, QSize(_SIDE + _TEXT, 50) * line)
        self._show(FIRST)

    @property
    def page(self) -> str:
        """The page on screen, by its name."""
        return self._history.page

    def open_page(self, name: str) -> None:
        """Goes to a page."""
        if name != self.page:
            self._history.go(name, self.text.verticalScrollBar().value())
            self._show(name)

    @Slot()
    def back(self) -> None:
        """To the page before, where it was left."""
        self._go_to(self._history.back(self.text.verticalScrollBar().value()))

    @Slot()
    def forward(self) -> None:
        """To the page that was left by going back."""
        self._go_to(self._history.forward(self.text.verticalScrollBar().value()))

    def stand_before(self, owner: QWidget) -> None:
        """Stays before a window, and can be read where that is a dialog which blocks all others.

        To be called once it is shown, which puts it before the main window.
        """
        self.windowHandle().setTransientParent(owner.windowHandle())

    def _build(self) -> None:
        self.back_button = Tool("←", "The page before (Alt+←)", self)
        self.back_button.setAccessibleName("Back")
        self.forward_button = Tool("→", "The page after (Alt+→)", self)
        self.forward_button.setAccessibleName("Forward")
        self.search = QLineEdit(self)
        self.search.setPlaceholderText("Search (Ctrl+F)")
        self.search.setToolTip("Keeps the pages that have all of these words; Enter goes to the next place")
        self.search.setAccessibleName("Search the manual")
        self.search.setClearButtonEnabled(True)
        self.tree = QTreeWidget(self)
        self.tree.setHeaderHidden(True)
        self.tree.setAccessibleName("Contents")
        self.tree.setIndentation(12)
        self.nothing = Words(self)
        self.text = Prose(self)
        self.text.setAccessibleName("Page")
        self._lay_out()

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.addWidget(self.back_button)
        line.addWidget(self.forward_button)
        line.addWidget(self.search, 1)
        side = QWidget(self)
        left = QVBoxLayout(side)
        left.setContentsMargins(0, 0, 0, 0)
        left.addLayout(line)
        left.addWidget(self.nothing)
        left.addWidget(self.tree, 1)
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self.splitter.addWidget(side)
        self.splitter.addWidget(self.text)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([_SIDE * self.fontMetrics().height(), 10 * _TEXT])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addWidget(self.splitter)

    def _fill(self) -> None:
        for group, names in CONTENTS:
            heading = QTreeWidgetItem(self.tree, [group])
            heading.setFlags(Qt.ItemFlag.ItemIsEnabled)
            for name in names:
                QTreeWidgetItem(heading, [title_of(name)]).setData(0, _PAGE, name)
        self.tree.expandAll()

    def _connect(self) -> None:
        self.text.anchorClicked.connect(self._follow)
        self.text.rendered.connect(self._mark)
        self.tree.currentItemChanged.connect(self._choose)
        self.search.textChanged.connect(self._filter)
        self.search.returnPressed.connect(self.find_next)
        self.back_button.clicked.connect(self.back)
        self.forward_button.clicked.connect(self.forward)
        for keys, act in (
            ("Alt+Left", self.back),
            ("Alt+Right", self.forward),
            ("Ctrl+F", self._start_search),
            ("F3", self.find_next),
            ("Esc", self._leave),
        ):
            QShortcut(QKeySequence(keys), self, act)

    @Slot()
    def find_next(self) -> None:
        """The next place with the first word of the search; after the last one the next page that has it."""
        words = self.search.text().split()
        if not words or self.text.find(words[0]):
            return
        pages = [name for name in PAGES if name in found(self.search.text())]
        if pages:
            after = [name for name in pages if PAGES.index(name) > PAGES.index(self.page)]
            self.open_page((after or pages)[0])
            self.text.moveCursor(QTextCursor.MoveOperation.Start)
            self.text.find(words[0])

    @Slot(QUrl)
    def _follow(self, url: QUrl) -> None:
        if (name := page_of(url.toString())) is not None:
            self.open_page(name)

    @Slot(object, object)
    def _choose(self, item: QTreeWidgetItem | None, _before: QTreeWidgetItem | None) -> None:
        if item is not None and (name := item.data(0, _PAGE)):
            self.open_page(name)

    @Slot(str)
    def _filter(self, text: str) -> None:
        """Hides the pages that have not all of the words, and shows the best of those that have."""
        pages = found(text) if text.strip() else PAGES
        for at in range(self.tree.topLevelItemCount()):
            if (group := self.tree.topLevelItem(at)) is not None:
                children = [group.child(place) for place in range(group.childCount())]
                for child in children:
                    child.setHidden(child.data(0, _PAGE) not in pages)
                group.setHidden(all(child.isHidden() for child in children))
        self.nothing.say("" if pages else "No page has all of these words")
        if pages and self.page not in pages:
            self.open_page(pages[0])
        self._mark()

    @Slot()
    def _mark(self) -> None:
        """Every place on the page that has a word of the search."""
        ground = QColor(self.palette().color(QPalette.ColorRole.Highlight))
        ground.setAlphaF(0.3)
        marks = []
        for word in self.search.text().split():
            at = self.text.document().find(word)
            while not at.isNull():
                mark = QTextEdit.ExtraSelection()
                mark.cursor = at  # type: ignore[attr-defined]
                mark.format.setBackground(ground)  # type: ignore[attr-defined]
                marks.append(mark)
                at = self.text.document().find(word, at, QTextDocument.FindFlag(0))
        self.text.setExtraSelections(marks)

    @Slot()
    def _start_search(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    @Slot()
    def _leave(self) -> None:
        if self.search.text():
            self.search.clear()
        else:
            self.close()

    def _go_to(self, at: int | None) -> None:
        if at is not None:
            self._show(self.page)
            self.text.verticalScrollBar().setValue(at)

    def _show(self, name: str) -> None:
        self.text.show_markdown(page_text(name))
        self.back_button.setEnabled(self._history.has_back)
        self.forward_button.setEnabled(self._history.has_forward)
        flags = Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive
        for item in self.tree.findItems(title_of(name), flags):
            if item.data(0, _PAGE) == name:
                self.tree.setCurrentItem(item)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Hide and not event.spontaneous():
            self.close()
        return False

    def closeEvent(self, event: QCloseEvent) -> None:
        self._settings.set_bytes(_NAME, self.saveGeometry())
        super().closeEvent(event)
