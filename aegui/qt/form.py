"""Forms that follow from the experiment: a row per part, made from what ``spec`` declares of it."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Sequence
from typing import Any, Literal, Protocol, cast, get_args, get_origin

from PySide6.QtCore import QRectF, Qt, Signal, SignalInstance, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from aegui.errors import InvalidExperiment, Problem
from aegui.qt.widgets.choice import Check, Choice
from aegui.qt.widgets.number import FloatBox, IntBox, SlidingNumber
from aegui.qt.widgets.steps import Scale, nice_step
from aegui.qt.widgets.tint import tone
from aegui.qt.widgets.titles import title_of
from aegui.qt.widgets.words import Elided, Words
from aegui.spec import Experiment, Param, Value, describe, get, split_path, variants

LABEL_SHARE, CONTROL_SHARE = 9, 11  # of a row's width
_SIZES = {"units", "channels", "size", "batch"}  # numbers that people take from powers of two
_PLAIN = {"seed"}  # a number that is a name: no separators


class Control(Protocol):
    """What every control of a row can do, beside being a widget."""

    @property
    def edited(self) -> SignalInstance: ...

    def value(self) -> Any: ...

    def show_value(self, value: Any) -> None: ...


def control_for(owner: type[Value], name: str, parent: QWidget | None = None) -> QWidget:
    """The control for one part of a value, by its declared type."""
    annotation = owner.model_fields[name].annotation
    param = describe(owner, name)
    if kinds := variants(annotation):
        return _kind_choice(kinds, parent)
    if get_origin(annotation) is Literal:
        choice = Choice(parent)
        choice.offer_words(get_args(annotation))
        return choice
    if annotation is bool:
        return Check(parent)
    if annotation is float:
        return _number(param, param.above_low, parent)
    if annotation is int or _is_optional_int(annotation):
        return _whole_number(param, annotation is not int, parent)
    raise TypeError(f"no control is known for {owner.__name__}.{name}: {annotation}")


def name_control(control: QWidget, param: Param) -> None:
    """Gives a control its name, sentence and tooltip."""
    control.setAccessibleName(param.label)
    control.setAccessibleDescription(param.doc)
    control.setToolTip(param.tooltip)


class Field(QWidget):
    """Controls for parts of the experiment, with a place beneath them for what is wrong."""

    edited = Signal(str, object)  # path and the value that the user wants
    settled = Signal(str)  # a rejected text has been dropped
    entered = Signal(str)  # the first path of the field one of whose controls has got the focus

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.controls: dict[str, QWidget] = {}
        self._tips: dict[str, str] = {}
        self._marked: dict[str, Literal["problem", "notice"]] = {}
        self._pointed = False
        self.line: QBoxLayout = QHBoxLayout()
        self.line.setContentsMargins(0, 2, 2, 2)
        self.line.setSpacing(6)
        self.note = Words(self, "problem")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(1)
        layout.addLayout(self.line)
        layout.addWidget(self.note)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        cast(QApplication, QApplication.instance()).focusChanged.connect(self._follow_focus)

    def add_control(self, path: str, control: QWidget) -> None:
        """Ties a control to a path of the experiment."""
        self.controls[path] = control
        self._tips[path] = control.toolTip()
        cast(Control, control).edited.connect(lambda value: self.edited.emit(path, value))
        settled = getattr(control, "settled", None)
        if settled is not None:
            settled.connect(lambda: self.settled.emit(path))

    def point(self, pointed: bool) -> None:
        """Points at the field by a frame around its controls."""
        if pointed != self._pointed:
            self._pointed = pointed
            self.update()

    @property
    def pointed(self) -> bool:
        """Whether it is pointed at."""
        return self._pointed

    @Slot(QWidget, QWidget)
    def _follow_focus(self, _old: QWidget | None, now: QWidget | None) -> None:
        """A signal rather than a filter, which would see every event of every control."""
        if now is not None and any(now is control for control in self.controls.values()):
            self.entered.emit(next(iter(self.controls)))

    def claims(self, path: str) -> str | None:
        """The own path under which a problem at ``path`` is shown."""
        return next((own for own in self.controls if path in (own, own.removesuffix(".kind"))), None)

    def applies(self, experiment: Experiment) -> bool:
        """Whether the experiment has these parts."""
        return all(_part(experiment, path) is not _ABSENT for path in self.controls)

    def show_experiment(self, experiment: Experiment) -> None:
        """Shows the parts of an experiment, or hides if it has none of them."""
        applies = self.applies(experiment)
        self.setVisible(applies)
        for path, control in self.controls.items() if applies else ():
            cast(Control, control).show_value(get(experiment, path))

    def mark(self, problems: Sequence[Problem], warnings: Sequence[Problem]) -> bool:
        """Marks what is wrong and clears the rest; True if there is a problem."""
        before, self._marked = self._marked, {}
        told: dict[str, str] = {}
        for kind, found in (("notice", warnings), ("problem", problems)):
            for problem in found:
                path = self.claims(problem.path)
                if path is not None:
                    self._marked[path] = kind  # type: ignore[assignment]  # one of the two words above
                    told[path] = problem.message
        if before or self._marked:
            self._tell(told)
        return "problem" in self._marked.values()

    def problem(self, path: str) -> str:
        """What is said to be wrong at a path, empty if nothing."""
        return self.note.text() if self._marked.get(path) == "problem" else ""

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for path, control in self.controls.items():
            kind = self._marked.get(path)
            if kind is None and not self._pointed:
                continue
            colour = tone(self.palette(), kind) if kind else self.palette().highlight().color()
            painter.setPen(QPen(colour, 1.6))
            corner = control.mapTo(self, control.rect().topLeft())
            rect = QRectF(corner.x(), corner.y(), control.width(), control.height())
            painter.drawRoundedRect(rect.adjusted(-1, -1, 1, 1), 3.5, 3.5)

    def _tell(self, told: dict[str, str]) -> None:
        for path, control in self.controls.items():
            text = sentence(told[path]) + "\n\n" if path in told else ""
            if control.toolTip() != text + self._tips[path]:
                control.setToolTip(text + self._tips[path])
        worst: Literal["problem", "notice"] = "problem" if "problem" in self._marked.values() else "notice"
        texts = [sentence(text) for path, text in told.items() if self._marked[path] == worst]
        self.note.say("\n".join(texts), worst)
        self.update()


class Row(Field):
    """A label and one control for the part at ``path``, declared by ``owner``."""

    def __init__(
        self,
        path: str,
        owner: type[Value],
        parent: QWidget | None = None,
        control: QWidget | None = None,
        stacked: bool = False,
    ) -> None:
        super().__init__(parent)
        self.path, self.owner = path, owner
        name = _field_name(path)
        self.param = describe(owner, name)
        self.control = control or control_for(owner, name, self)
        self.label = Elided(_capital(self.param.label), self, symbol=self.param.symbol)
        self._fix: QPushButton | None = None
        self._fix_when: Callable[[str], bool] = bool
        name_control(self.control, self.param)
        self.label.setToolTip(self.param.tooltip)
        self.label.setBuddy(self.control)
        if stacked:
            self.line.setDirection(QBoxLayout.Direction.TopToBottom)
            self.line.setSpacing(3)
        self.line.addWidget(self.label, 0 if stacked else LABEL_SHARE)
        self.line.addWidget(self.control, 0 if stacked else CONTROL_SHARE)
        self.add_control(path, self.control)

    def applies(self, experiment: Experiment) -> bool:
        parent, _, name = self.path.rpartition(".")
        owner = _part(experiment, parent) if parent else experiment
        if name == "kind" and owner is not _ABSENT:
            return True
        return isinstance(owner, self.owner) and super().applies(experiment)

    def offer_fix(self, text: str, action: Callable[[], object], when: Callable[[str], bool]) -> None:
        """A button beneath the problem that puts it right, for messages that ``when`` accepts."""
        self._fix, self._fix_when = QPushButton(text, self), when
        self._fix.setToolTip(text)
        self._fix.setAccessibleName(text)
        self._fix.clicked.connect(action)
        self._fix.hide()
        cast(QVBoxLayout, self.layout()).addWidget(self._fix)

    @property
    def fix(self) -> QPushButton | None:
        """The button that puts a problem right."""
        return self._fix

    def mark(self, problems: Sequence[Problem], warnings: Sequence[Problem]) -> bool:
        wrong = super().mark(problems, warnings)
        if self._fix is not None:
            self._fix.setVisible(wrong and self._fix_when(self.note.text()))
        return wrong


_ABSENT = object()


def _part(experiment: Experiment, path: str) -> Any:
    try:
        return get(experiment, path)
    except InvalidExperiment:
        return _ABSENT


def _field_name(path: str) -> str:
    """``noise.kind`` is about the part ``noise``."""
    return str(split_path(path.removesuffix(".kind"))[-1])


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def sentence(message: str) -> str:
    """A problem's message with a capital letter and a full stop."""
    first, space, rest = message.partition(" ")
    return title_of(first) + space + rest + ("" if message.endswith((".", "!", "?")) else ".")


def _kind_choice(kinds: dict[str, type[Value]], parent: QWidget | None) -> Choice:
    choice = Choice(parent)
    choice.offer_words(list(kinds))
    for index, cls in enumerate(kinds.values()):
        choice.setItemData(index, cls.__doc__, Qt.ItemDataRole.ToolTipRole)
    return choice


def _number(param: Param, excludes_low: bool, parent: QWidget | None) -> QWidget:
    span = param.usual or (param.low or 0.0, param.high or 1.0)
    zero = param.log and param.low == 0 and not excludes_low
    step = nice_step(span[1] - span[0], 20)
    box = FloatBox(parent, log=param.log, zero=zero, smallest=span[0], step=step)
    box.low = span[0] if excludes_low and not param.log else None if excludes_low else param.low
    box.high = param.high
    box.outside = tuple(
        limit for limit, is_out in ((param.low, param.above_low), (param.high, param.below_high)) if is_out
    )
    return SlidingNumber(box, Scale(*span, log=param.log, zero=zero), parent) if param.live else box


def _whole_number(param: Param, optional: bool, parent: QWidget | None) -> IntBox:
    box = IntBox(
        parent,
        grouped=param.name not in _PLAIN,
        sizes=param.name in _SIZES,
        nothing="all" if optional else "",
        tracking=not optional,
    )
    box.low, box.high = param.low, param.high
    return box


def _is_optional_int(annotation: Any) -> bool:
    return get_origin(annotation) in (types.UnionType, typing.Union) and set(get_args(annotation)) == {
        int,
        type(None),
    }
