"""The dialog that opens data of one's own: what a file is, how it is read, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from aegui.data.importing.report import Report
from aegui.errors import AeguiError, InvalidExperiment, Problem
from aegui.qt.importing.options import Options
from aegui.qt.importing.preview import Preview
from aegui.qt.importing.reading import Reader, Reading
from aegui.qt.importing.report import ReportView, gap_words
from aegui.qt.sources import file_sentences
from aegui.qt.widgets.buttons import without_icons
from aegui.qt.widgets.path import PathLabel
from aegui.qt.widgets.room import resize_within_screen
from aegui.qt.widgets.tool import Tool
from aegui.qt.widgets.words import Words
from aegui.spec import Data, Experiment, Source, replace_all

_PAUSE = 250  # ms without another change before the file is read again


class ImportDialog(QDialog):
    """Reads a file as its options say, shows what comes of it, and offers it as the data."""

    chosen = Signal(object)  # Data, with the source and the scaling on screen
    other_asked = Signal()  # another file, please

    def __init__(self, data: Data, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._experiment = Experiment(data=data)  # what is edited here; the document has its own
        self._path = Path()
        self._before: Report | None = None  # of the last reading of the same file
        self._reading: Reading | None = None
        self.reader = Reader(self)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._build()
        self._connect()
        self._show_reading(None)
        resize_within_screen(self)

    @property
    def source(self) -> Source | None:
        """What would be used."""
        source = self._experiment.data.source
        return None if isinstance(source, str) else source

    @property
    def reading(self) -> Reading | None:
        """What came of it, None until the options on screen have been read."""
        return self._reading

    @property
    def waiting(self) -> bool:
        """Whether something is being read, or is about to be."""
        return self.reader.busy or self._pause.isActive()

    def open_path(self, path: Path) -> None:
        """Finds out what a file or folder is, and reads it."""
        self._start(path)
        self.options.setEnabled(False)
        self.say_state("Looking at the file …")
        self.reader.guess(path)

    def open_source(self, source: Source) -> None:
        """Reads a source as it says."""
        self._start(Path(source.path))
        self._put({"data.source": source})

    def say_state(self, text: str) -> None:
        """What is being done."""
        self.state.setText(text)

    def _start(self, path: Path) -> None:
        self._path, self._reading, self._before = path, None, None
        self.path.show_path(str(path))
        self._show_reading(None)
        self._say_error("")
        self.options.mark(())

    def _put(self, changes: dict[str, Any]) -> None:
        """Other options: what is on screen does not follow them until they have been read."""
        try:
            self._experiment = replace_all(self._experiment, changes)
        except InvalidExperiment as error:
            self.options.mark(error.problems)
            return
        self.options.show_experiment(self._experiment)
        self.use.setEnabled(False)
        self._pause.start(0 if self._reading is None else _PAUSE)

    @Slot(str, object)
    def _edit(self, path: str, value: Any) -> None:
        if path == "data.source.kind":
            self._put({"data.source": {"kind": value, "path": str(self._path)}})
        else:
            self._put({path: value})

    @Slot()
    def _read(self) -> None:
        if self.source is not None:
            self.use.setEnabled(False)
            self.say_state("Reading …")
            self.reader.ask(self.source, self._experiment.data.scaling, self._reading)

    @Slot(object)
    def _take_guess(self, source: Source) -> None:
        self._path = Path(source.path)  # of a folder with MNIST's files, the first of them
        self.path.show_path(source.path)
        self._put({"data.source": source})

    @Slot(object)
    def _take_names(self, names: Mapping[str, Sequence[str]]) -> None:
        for name in ("label", "array"):
            self.options.offer_names(name, names.get(name, ()))

    @Slot(object)
    def _take_reading(self, reading: Reading) -> None:
        self._say_error("")
        self.options.mark(())
        self.options.show_experiment(self._experiment)
        self._show_reading(reading)
        self.say_state("")
        if self.focusWidget() in (None, self.other):
            self.use.setFocus()

    @Slot(object, str)
    def _take_failure(self, error: Exception, trace: str) -> None:
        self._show_reading(None)
        self.say_state("")
        if not isinstance(error, AeguiError):
            self._say_error("Could not be read, by a fault in aegui.")
            raise error
        if self.source is None:
            self.options.show_kind_alone()
        problems = error.problems if isinstance(error, InvalidExperiment) else ()
        self.options.mark([Problem(p.path, p.message.removeprefix(f"{self._path}: ")) for p in problems])
        self._say_error("\n".join(file_sentences(error, str(self._path))))

    @Slot()
    def _stop(self) -> None:
        """Gives the reading up, or begins it again."""
        if self.reader.busy:
            self._pause.stop()
            self.reader.stop()
            self.say_state("Stopped.")
        elif self.source is None:
            self.open_path(self._path)
        else:
            self._reading = None  # the file may have changed
            self._read()

    @Slot()
    def _accept(self) -> None:
        reading = self._reading
        if reading is not None and reading.source == self.source:
            self.chosen.emit(self._experiment.data)
            self.accept()

    def done(self, result: int) -> None:
        self._pause.stop()
        self.reader.stop()
        super().done(result)

    def _show_reading(self, reading: Reading | None) -> None:
        self._reading = reading
        self.preview.show_reading(reading)
        self.report.show_report(None if reading is None else reading.report, self._before)
        if reading is not None:
            self._before = reading.report
        self.options.gaps.say(gap_words(reading.report) if reading is not None else "")
        self.use.setEnabled(reading is not None and reading.source == self.source)

    def _say_error(self, text: str) -> None:
        self.error.say(text)
        self.error_frame.setVisible(bool(text))

    @Slot(int, int)
    def _show_progress(self, done: int, total: int) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self.say_state(f"Reading … {100 * done / total:.0f} %")

    @Slot(bool)
    def _show_busy(self, busy: bool) -> None:
        self.bar.setVisible(busy)
        if busy:
            self.bar.setRange(0, 0)
        self.stop.setText("Stop" if busy else "Read again")
        self.stop.setToolTip("Gives up reading" if busy else "Reads the file again, as it is now")
        self.stop.setAccessibleName(self.stop.text())

    def sizeHint(self) -> QSize:
        return QSize(70, 40) * self.fontMetrics().height()

    def _build(self) -> None:
        self.setWindowTitle("Open data")
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setMinimumSize(640, 380)
        self.setSizeGripEnabled(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.setSpacing(8)
        layout.addLayout(self._build_top())
        middle = QHBoxLayout()
        middle.setSpacing(12)
        self.options, self.preview, self.report = Options(self), Preview(self), ReportView(self)
        middle.addWidget(_scrolled(self.options), 2)
        middle.addWidget(_scrolled(self._build_right()), 3)
        layout.addLayout(middle, 1)
        layout.addLayout(self._build_bottom())

    def _build_top(self) -> QHBoxLayout:
        line = QHBoxLayout()
        self.path = PathLabel("", self)
        self.path.setAccessibleName("Path")
        self.other = Tool("Other file…", "Asks for another file or folder", self)
        line.addWidget(QLabel("Data from", self))
        line.addWidget(self.path, 1)
        line.addWidget(self.other)
        return line

    def _build_right(self) -> QWidget:
        right = QWidget(self)
        layout = QVBoxLayout(right)
        layout.setContentsMargins(0, 0, 6, 0)
        layout.setSpacing(8)
        self.error_frame = QWidget(right)
        self.error = Words(self.error_frame, "problem", small=False)
        self.error.setAccessibleName("What is wrong")
        inside = QVBoxLayout(self.error_frame)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.error)
        for widget in (self.error_frame, self.preview, self.report):
            layout.addWidget(widget)
        layout.addStretch(1)
        return right

    def _build_bottom(self) -> QHBoxLayout:
        line = QHBoxLayout()
        self.bar = QProgressBar(self, textVisible=False)
        self.bar.setFixedSize(140, 10)
        self.bar.setAccessibleName("Progress of the reading")
        self.state = QLabel(self)
        self.stop = Tool("Stop", "Gives up reading", self)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self.use = QPushButton("Use these data", self)
        self.use.setToolTip("Makes these the data of the experiment; undo takes it back")
        self.use.setDefault(True)
        self.buttons.addButton(self.use, QDialogButtonBox.ButtonRole.AcceptRole)
        without_icons(self.buttons)
        line.addWidget(self.bar)
        line.addWidget(self.stop)
        line.addWidget(self.state, 1)
        line.addWidget(self.buttons)
        return line

    def _connect(self) -> None:
        self.options.edited.connect(self._edit)
        self._pause.timeout.connect(self._read)
        self.reader.guessed.connect(self._take_guess)
        self.reader.named.connect(self._take_names)
        self.reader.read.connect(self._take_reading)
        self.reader.failed.connect(self._take_failure)
        self.reader.progressed.connect(self._show_progress)
        self.reader.busy_changed.connect(self._show_busy)
        self.other.clicked.connect(self.other_asked)
        self.stop.clicked.connect(self._stop)
        self.buttons.accepted.connect(self._accept)
        self.buttons.rejected.connect(self.reject)
        self._show_busy(False)


def _scrolled(widget: QWidget) -> QScrollArea:
    area = QScrollArea(widget.parentWidget())
    area.setWidget(widget)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area
