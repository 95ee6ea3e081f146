"""The options of a source as controls, made from its spec; labels, limits and tooltips follow from there."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from aegui.errors import Problem
from aegui.qt.form import Row, control_for
from aegui.qt.widgets.choice import Choice
from aegui.qt.widgets.number import IntBox
from aegui.qt.widgets.path import PathField
from aegui.qt.widgets.tint import mix, tone
from aegui.qt.widgets.words import Words
from aegui.spec import (
    ArraySource,
    Data,
    Experiment,
    IdxSource,
    ImagesSource,
    Source,
    TableSource,
    Value,
    describe,
)

KINDS: dict[str, tuple[type[Source], str]] = {
    "images": (ImagesSource, "Folder of pictures"),
    "csv": (TableSource, "Table: CSV or TSV"),
    "npz": (ArraySource, "NumPy: NPY or NPZ"),
    "idx": (IdxSource, "IDX, as MNIST has it"),
}
_FILES = ("labels", "test", "test_labels")
_GAPS = ("missing", "text")  # the choices about what cannot be used as it stands
_FIRST = {
    (TableSource, "label"): (("auto", "Auto"), ("", "None")),
    (ArraySource, "array"): (("", "Auto"),),
    (ArraySource, "label"): (("", "Auto"),),
}  # what a name may be beside the names that are in the file


_WORDS = {
    "missing": {
        "mean": "Fill with the mean",
        "median": "Fill with the median",
        "zero": "Fill with zero",
        "drop-rows": "Drop these rows",
        "drop-columns": "Drop these columns",
        "refuse": "Refuse the file",
    },
    "text": {"drop": "Drop these columns", "one-hot": "One column per word", "refuse": "Refuse the file"},
}  # what is done, where the words of the file alone do not say it


class NameChoice(Choice):
    """One of the names that a file has, or one of a few words; shows a name that is not there as well."""

    def __init__(self, first: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._first = tuple(first)
        self._names: tuple[str, ...] = ()
        self._fill("")

    def offer_names(self, names: Sequence[str]) -> None:
        """The names that the file has."""
        if tuple(names) != self._names:
            self._names = tuple(names)
            self._fill(self.value())

    def show_value(self, value: str) -> None:
        if self.findData(value) < 0:
            self.offer(value, value)
        super().show_value(value)

    def _fill(self, value: str | None) -> None:
        self.clear()
        for word, title in self._first:
            self.offer(word, title)
        words = {word for word, _ in self._first}
        for name in self._names:
            if name not in words:
                self.offer(name, name)
        if value is not None:
            self.show_value(value)


class Gaps(QWidget):
    """What cannot be used as it stands, with the choices about it; framed while there is something."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = Words(self, "notice", small=False)
        self.body = QVBoxLayout(self)
        self.body.setSpacing(3)
        self.body.addWidget(self.words)
        self.say("")

    def say(self, text: str) -> None:
        """What there is, empty for nothing."""
        self.words.say(text)
        margin = 7 if text else 0
        self.body.setContentsMargins(margin, margin, margin, margin)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self.words.text():
            painter, colour = QPainter(self), tone(self.palette(), "notice")
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(colour, 1.2))
            painter.setBrush(mix(colour, self.palette().window().color(), 0.1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)


class Options(QWidget):
    """Kind, options and scaling of the source of an experiment."""

    edited = Signal(str, object)  # path in the experiment and the value that the user wants

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: dict[str, list[Row]] = {}
        self.gaps = Gaps(self)
        self._build()

    def show_experiment(self, experiment: Experiment) -> None:
        """Shows the options of the experiment's source; a named set has none."""
        source = experiment.data.source
        if isinstance(source, str):
            self.show_kind_alone()
            self.setEnabled(False)
            return
        self.setEnabled(True)
        for row in self._all_rows():
            row.show_experiment(experiment)
        self.gaps.setVisible(isinstance(source, TableSource))
        for field in self.findChildren(PathField):
            field.beside = source.path

    def show_kind_alone(self) -> None:
        """For a file of which nobody knows what it is: only its kind can be said."""
        self.setEnabled(True)
        for row in self._all_rows():
            row.setVisible(row is self.kind)
        self.kind.control.setCurrentIndex(-1)  # type: ignore[attr-defined]  # a Choice
        self.gaps.hide()

    def offer_names(self, name: str, names: Sequence[str]) -> None:
        """The names in the file that the option ``name`` may be."""
        for row in self._all_rows():
            if row.path.endswith(f".{name}") and isinstance(row.control, NameChoice):
                row.control.offer_names(names)

    def mark(self, problems: Sequence[Problem]) -> bool:
        """Marks the options that are wrong; True if any of them shows a problem."""
        marked = [row.mark(problems, ()) for row in self._all_rows() if row.isVisibleTo(self)]
        return any(marked)

    def row(self, path: str) -> Row:
        """The row on screen of one path. Raises KeyError if there is none."""
        for row in self._all_rows():
            if row.path == path and row.isVisibleTo(self):
                return row
        raise KeyError(path)

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 6, 0)
        layout.setSpacing(3)
        kind = Choice(self)
        kind.setPlaceholderText("not known")
        for word, (cls, title) in KINDS.items():
            kind.offer(word, title, cls.__doc__ or "")
        self.kind = self._take(Row("data.source.kind", Data, self, control=kind))
        self.kind.label.setText("Kind")
        kind.setAccessibleName("Kind of file")
        kind.setToolTip("What the file is, and so how it is read")
        layout.addWidget(self.kind)
        layout.addWidget(self.gaps)
        for cls, _ in KINDS.values():
            self._build_kind(cls, layout)
        self.scaling = self._take(Row("data.scaling", Data, self))
        layout.addWidget(self.scaling)
        layout.addStretch(1)

    def _build_kind(self, cls: type[Source], layout: QVBoxLayout) -> None:
        for name in cls.model_fields:
            if name in ("kind", "path"):
                continue
            row = self._take(Row(f"data.source.{name}", cls, self, control=_control(cls, name, self)))
            place = self.gaps.body if cls is TableSource and name in _GAPS else layout
            place.addWidget(row)

    def _take(self, row: Row) -> Row:
        self.rows.setdefault(row.path, []).append(row)
        row.edited.connect(self._edit)
        return row

    def _all_rows(self) -> list[Row]:
        return [row for rows in self.rows.values() for row in rows]

    @Slot(str, object)
    def _edit(self, path: str, value: object) -> None:
        self.edited.emit(path, value)


def _control(cls: type[Value], name: str, parent: QWidget) -> QWidget:
    if first := _FIRST.get((cls, name)):
        return NameChoice(first, parent)
    if name in _FILES:
        return PathField(parent)
    if name in _WORDS:
        choice = Choice(parent)
        for word, title in _WORDS[name].items():
            choice.offer(word, title)
        return choice
    if cls is ImagesSource and name in ("height", "width"):
        param = describe(cls, name)
        box = IntBox(parent, grouped=False, sizes=True, nothing="auto", tracking=False)
        box.low, box.high = param.low, param.high
        return box
    return control_for(cls, name, parent)
