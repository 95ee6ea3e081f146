"""Which data: the named sets in groups, what was used before, a file of one's own, and what is in the way."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from aegui.data.catalog import catalog
from aegui.data.entry import Entry
from aegui.qt.loading import Loaded
from aegui.qt.sources import file_sentences, shown_size, title_of_source, words_of_source
from aegui.qt.widgets.choice import Choice, enable_entry
from aegui.qt.widgets.path import PathLabel
from aegui.qt.widgets.tool import Tool
from aegui.qt.widgets.words import Elided, Words
from aegui.spec import Source

_OPEN = "…"  # stands for the file chooser; no data set is called like that
_GRAIN = 1000


class SourceChoice(Choice):
    """The named data sets, the sources that were used before, and a way to any other."""

    open_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._current: Any = None
        self._recent: tuple[Source, ...] = ()
        self._absent: frozenset[str] = frozenset()
        self.setMaxVisibleItems(30)
        self._fill()

    def offer_recent(self, sources: tuple[Source, ...]) -> None:
        """The sources of one's own that were used before, the last first."""
        self._recent = sources
        self._fill()

    def mark_absent(self, names: frozenset[str]) -> None:
        """The sets that have to be downloaded first."""
        self._absent = names
        self._fill()

    def show_value(self, value: Any) -> None:
        """Shows a set or a source, which is added if it is not among them."""
        known = self._current == value or any(self.itemData(i) == value for i in range(self.count()))
        self._current = value
        if known:
            super().show_value(value)
        else:
            self._fill()

    @Slot(int)
    def _activated(self, index: int) -> None:
        value = self.itemData(index)
        super().show_value(self._current)  # what was chosen is shown once it is so
        if value == _OPEN:
            self.open_asked.emit()
        elif value is not None and value != self._current:
            self.edited.emit(value)

    def _fill(self) -> None:
        self.clear()
        fixed = [entry for entry in catalog() if not entry.files]
        fetched = [entry for entry in catalog() if entry.files]
        self._caption("Comes with aegui")
        for entry in fixed:
            self.offer(entry.name, entry.title, entry.about)
        if fetched:
            self._caption("From the internet, once")
        for entry in fetched:
            self._offer_fetched(entry)
        self._caption("Your own")
        for source in self._own():
            self.offer(source, title_of_source(source), f"{words_of_source(source)}: {source.path}")
        self.offer(_OPEN, "Your own data…", "Opens a file or folder of your own")
        if self._current is not None:
            super().show_value(self._current)

    def _own(self) -> list[Source]:
        current = self._current
        if current is None or isinstance(current, str) or current in self._recent:
            return list(self._recent)
        return [current, *(s for s in self._recent if s.path != current.path)]

    def _offer_fetched(self, entry: Entry) -> None:
        absent = entry.name in self._absent
        title = " · ".join(part for part in (f"↓ {entry.title}", shown_size(entry.size)) if part)
        title = title if absent else entry.title
        tip = f"{entry.about} Has to be downloaded first." if absent else entry.about
        self.offer(entry.name, title, tip)

    def _caption(self, text: str) -> None:
        """A heading, which nobody can choose."""
        self.addItem(text)
        font = QFont(self.font())
        font.setBold(True)
        self.setItemData(self.count() - 1, font, Qt.ItemDataRole.FontRole)
        enable_entry(self, self.count() - 1, False)


class SourceNotes(QWidget):
    """What there is to know and to do about the data set that is chosen."""

    change_asked = Signal()
    find_asked = Signal()
    download_asked = Signal(str)  # name of the set
    cancel_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source: str | Source | None = None
        self._absent: frozenset[str] = frozenset()
        self._active = ""
        self._build()
        self._connect()
        self._show()

    def show_source(self, source: str | Source) -> None:
        """Another choice; what was in its way is not known yet."""
        if source != self._source:
            self._source = source
            self.obstacle.say("")
            self.locate.hide()
            self._show()

    def show_loaded(self, loaded: Loaded) -> None:
        """Whether the data are there."""
        missing = loaded.obstacle == "missing"
        self.obstacle.say(self._obstacle_words(loaded))
        self.locate.setVisible(missing)

    def _obstacle_words(self, loaded: Loaded) -> str:
        if loaded.obstacle == "missing":
            return "It is not there any more, or never was on this machine."
        if loaded.error is None or self._source is None or isinstance(self._source, str):
            return ""
        return "\n".join(file_sentences(loaded.error, self._source.path))

    def mark_absent(self, names: frozenset[str]) -> None:
        """The sets that have to be downloaded first."""
        self._absent = names
        self._show()

    def show_active(self, name: str) -> None:
        """The set that is being downloaded, empty for none."""
        self._active = name
        self.show_progress(0, 0)
        self._show()

    def show_progress(self, done: int, total: int) -> None:
        """Bytes of the download; of an unknown number, a bar that only moves."""
        self.bar.setRange(0, _GRAIN if total else 0)
        self.bar.setValue(round(_GRAIN * min(1.0, done / total)) if total else 0)
        self.bar.setToolTip(f"{shown_size(done) or '0 MB'} of {shown_size(total) or 'an unknown size'}")
        self.amount.setText(self.bar.toolTip() if done else "Connecting …")

    def _build(self) -> None:
        self.about = Words(self)
        self.about.setContentsMargins(0, 0, 0, 4)
        self.obstacle = Words(self, "problem")
        self.path = PathLabel("", self, "quiet")
        self.path.setAccessibleName("Path of the data")
        self.change = Tool("Change…", "Shows the file and how it is read, to change that", self)
        self.locate = Tool("Find…", "Asks where the file is now", self)
        self.download = Tool("Download", "Fetches this data set from its official address, once", self)
        self.amount = Elided("", self, "quiet")
        self.bar = QProgressBar(self, textVisible=False)
        self.bar.setFixedHeight(10)
        self.bar.setAccessibleName("Progress of the download")
        self.cancel = Tool("Cancel", "Ends the download; what has come is kept for the next time", self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        layout.addLayout(_line(self.path, self.locate, self.change))
        layout.addWidget(self.obstacle)
        layout.addWidget(self.about)
        layout.addLayout(_line(self.amount, self.bar, self.download, self.cancel))

    def _connect(self) -> None:
        self.change.clicked.connect(self.change_asked)
        self.locate.clicked.connect(self.find_asked)
        self.download.clicked.connect(self._ask_download)
        self.cancel.clicked.connect(self.cancel_asked)

    @Slot()
    def _ask_download(self) -> None:
        if isinstance(self._source, str):
            self.download_asked.emit(self._source)

    def _show(self) -> None:
        source = self._source
        own = source is not None and not isinstance(source, str)
        self.path.setVisible(own)
        self.change.setVisible(own)
        if source is not None and not isinstance(source, str):
            self.path.show_path(source.path)
            self.about.say(words_of_source(source) + ".")
        else:
            entry = next((e for e in catalog() if e.name == source), None)
            self.about.say(entry.about if entry else "")
            self._show_download(entry)
        if own:
            self._show_download(None)

    def _show_download(self, entry: Entry | None) -> None:
        absent = entry is not None and entry.name in self._absent
        running = absent and entry is not None and self._active == entry.name
        self.download.setVisible(absent and not running)
        self.download.setEnabled(not self._active)
        size = shown_size(entry.size) if entry is not None else ""
        self.download.setText(f"Download {size}".rstrip())
        for widget in (self.bar, self.cancel):
            widget.setVisible(running)
        self.amount.setVisible(absent)
        if absent and not running:
            self.amount.setText("Another download is running" if self._active else "Not on this machine yet")


def _line(first: QWidget, *others: QWidget) -> QHBoxLayout:
    line = QHBoxLayout()
    line.setSpacing(4)
    line.addWidget(first, 1)
    for widget in others:
        line.addWidget(widget)
    return line
