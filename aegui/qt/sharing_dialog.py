"""Asks what is to be packed: the run or the experiment alone, and whether data of one's own go along."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from aegui.errors import AeguiError
from aegui.qt.background import Background
from aegui.qt.sources import file_sentences, shown_size, title_of_source
from aegui.qt.widgets.buttons import without_icons
from aegui.qt.widgets.words import Words
from aegui.spec import Experiment

_RUN = (
    "The network as it is now, with its history, its moments for replay, your tags and notes."
    " Whoever opens it can go on with it."
)
_NO_RUN = "There is no run yet: train first."
_ALONE = "What is set in the panels. Whoever opens it trains it anew."
_WITHOUT = "Without them, whoever opens it has to have the same data."
_WIDTH = 30  # lines of text
_INDENT = 22  # pixels: beneath the words of a choice


@dataclass(frozen=True)
class Wanted:
    """What is to be packed; of a run the experiment as well is the run's."""

    experiment: Experiment
    run: bool
    data: bool


class ShareDialog(QDialog):
    """``chosen`` brings a Wanted."""

    chosen = Signal(object)

    def __init__(self, alone: Experiment, of_run: Experiment | None, parent: QWidget) -> None:
        super().__init__(parent)
        self._alone, self._of_run = alone, of_run
        self._background = Background(self)
        self._sizes: dict[Experiment, int | AeguiError] = {}
        self.setWindowTitle("Share")
        self._build()
        self._connect()
        (self.run if of_run is not None else self.alone).setChecked(True)
        self._measure()
        self._show()

    @property
    def wanted(self) -> Wanted:
        """What is chosen."""
        with_data = self.data.isEnabled() and self.data.isChecked()
        return Wanted(self._experiment, self.run.isChecked(), with_data)

    def sizeHint(self) -> QSize:
        width = _WIDTH * self.fontMetrics().height()
        layout = self.layout()
        return QSize(width, layout.totalHeightForWidth(width) if layout is not None else 0)

    def _build(self) -> None:
        self.run = QRadioButton("This &run", self)
        self.alone = QRadioButton("The &experiment alone", self)
        self.data = QCheckBox(self)
        self.about_data = Words(self, lines=2)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self.pack = QPushButton("Choose a &file…", self)
        self.pack.setDefault(True)
        self.buttons.addButton(self.pack, QDialogButtonBox.ButtonRole.AcceptRole)
        without_icons(self.buttons)
        layout = QVBoxLayout(self)
        self.run.setEnabled(self._of_run is not None)
        for choice, text in (
            (self.run, _NO_RUN if self._of_run is None else _RUN),
            (self.alone, _ALONE),
            (self.data, ""),
        ):
            about = Words(self) if text else self.about_data
            about.say(text)
            about.setContentsMargins(_INDENT, 0, 0, 0)
            about.setAlignment(Qt.AlignmentFlag.AlignTop)
            choice.setAccessibleDescription(text)
            layout.addWidget(choice)
            layout.addWidget(about)
            layout.addSpacing(self.fontMetrics().height() // 2)
        layout.addStretch(1)
        layout.addWidget(self.buttons)

    def _connect(self) -> None:
        self.run.toggled.connect(self._show)
        self.buttons.accepted.connect(self._choose)
        self.buttons.rejected.connect(self.reject)

    @property
    def _experiment(self) -> Experiment:
        if self.run.isChecked() and self._of_run is not None:
            return self._of_run
        return self._alone

    def _measure(self) -> None:
        """How much the data are, in a thread: folders may hold many thousands of pictures."""
        for experiment in {self._alone, self._of_run or self._alone}:
            if not isinstance(experiment.data.source, str):
                self._background.run(
                    lambda experiment=experiment: _measured(experiment),  # type: ignore[misc]
                    lambda size, experiment=experiment: self._take_size(experiment, size),  # type: ignore[misc]
                    lambda error, _trace: self._fail(error),
                )

    def _take_size(self, experiment: Experiment, size: int | AeguiError) -> None:
        self._sizes[experiment] = size
        self._show()

    def _fail(self, error: Exception) -> None:
        raise error

    @Slot()
    def _show(self) -> None:
        source = self._experiment.data.source
        if isinstance(source, str):
            self.data.setText("With its &data")
            self.about_data.say(
                f"Every aegui knows the data set “{source}” by its name: it need not go along."
            )
            self.data.setEnabled(False)
            return
        found = self._sizes.get(self._experiment)
        size = f", {shown_size(found) or 'empty'}" if isinstance(found, int) else ""
        self.data.setText(f"With its &data: {title_of_source(source).replace('&', '&&')}{size}")
        self.data.setEnabled(isinstance(found, int))
        told = file_sentences(found, source.path) if isinstance(found, AeguiError) else [_WITHOUT]
        self.about_data.say(" ".join(told))

    @Slot()
    def _choose(self) -> None:
        wanted = self.wanted
        self.accept()
        self.chosen.emit(wanted)


def _measured(experiment: Experiment) -> int | AeguiError:
    """Bytes, or why the data cannot go along."""
    from aegui.runs.package.packing import data_size  # brings torch

    try:
        return data_size(experiment)
    except AeguiError as error:
        return error
