"""One hidden layer: its kind, its options, what it gives, and buttons to move, copy or remove it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QMenu, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from aegui.errors import InvalidExperiment, Problem
from aegui.plan import PlannedLayer
from aegui.plan.layer import shape_text
from aegui.qt.form import Control, Field, control_for, name_control
from aegui.qt.panels.layer_kinds import FOLDED, KINDS, sentence_of
from aegui.qt.widgets.card import paint_card, paint_frame, paint_sign
from aegui.qt.widgets.glyph import GlyphButton, Handle
from aegui.qt.widgets.layer_words import kind_title, shape_words
from aegui.qt.widgets.tint import Tone, tone
from aegui.qt.widgets.words import Elided, smaller
from aegui.spec import Experiment, Param, describe, get, plain

_INLINE = 2  # options that fit into one line with their names
_NOTE = 18  # px before what is wrong, for the sign
_NARROW = {"kernel", "stride", "height", "width", "size", "factor"}  # numbers of few digits
_BUTTONS = (
    ("up", "Move up", "Alt+Up"),
    ("down", "Move down", "Alt+Down"),
    ("copy", "Duplicate", "Ctrl+D"),
    ("cross", "Remove", "Del"),
)
_ALT, _CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
_PLAIN = Qt.KeyboardModifier.NoModifier


class LayerField(Field):
    """A card for one layer of one kind. It can stand at any place of a list, see :meth:`set_place`."""

    moved = Signal(int)  # −1 up, +1 down
    duplicated = Signal()
    removed = Signal()
    kind_asked = Signal()  # another kind is wanted
    insertion_asked = Signal()  # a new layer above is wanted
    left = Signal(int)  # the neighbour's kind is to get the focus, −1 above, +1 beneath

    def __init__(self, kind: str, path: str, number: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.owner = KINDS[kind]
        self.path, self.number = path, 0
        self.options: dict[str, QWidget] = {}  # controls by the name of what they edit
        self._folded = QWidget(self)
        self._build(kind)
        self.set_place(path, number)

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """Everything that takes the focus, in order."""
        return (self.kind, *self.options.values(), *self.buttons.values())

    def set_place(self, path: str, number: int) -> None:
        """Edits the layer at another path from now on."""
        if (path, number) == (self.path, self.number):
            return
        self.path, self.number = path, number
        self.controls = {f"{path}.{name}": control for name, control in self.options.items()}
        self._tips = {f"{path}.{name}": self._tip(name) for name in self.options}
        self._marked = {}
        for name, control in self.options.items():
            control.setAccessibleName(f"Layer {number}: {describe(self.owner, name).label.lower()}")
            control.setToolTip(self._tip(name))
        self.kind.setAccessibleName(f"Layer {number}: kind, {self.kind.text()}")
        for button, (_, text, _keys) in zip(self.buttons.values(), _BUTTONS, strict=False):
            button.setAccessibleName(f"Layer {number}: {text.lower()}")
        self.more.setAccessibleName(f"Layer {number}: more options")

    def set_ends(self, first: bool, last: bool) -> None:
        """Where it stands decides where it can go."""
        self.buttons["up"].setEnabled(not first)
        self.buttons["down"].setEnabled(not last)

    def show_plan(self, layer: PlannedLayer | None) -> None:
        """Says what comes out, and how many parameters that takes."""
        if layer is None:
            self.shape.setText("")
        elif layer.problem:
            self.shape.setText(f"is given {shape_text(layer.input_shape)}")
        else:
            self.shape.setText(shape_words(layer))
        self.shape.setToolTip(_shape_tip(layer))

    def claims(self, path: str) -> str | None:
        return self.path if path == self.path else super().claims(path)

    def applies(self, experiment: Experiment) -> bool:
        try:
            return isinstance(get(experiment, self.path), self.owner)
        except InvalidExperiment:
            return False

    def show_experiment(self, experiment: Experiment) -> None:
        if not self.applies(experiment):
            return
        layer = get(experiment, self.path)
        for name, control in self.options.items():
            cast(Control, control).show_value(getattr(layer, name))

    def unfold_unusual(self, experiment: Experiment) -> None:
        """Shows the rarely changed options if one of them was changed."""
        values = plain(get(experiment, self.path))
        if any(values[name] != describe(self.owner, name).default for name in self.options if name in FOLDED):
            self.more.setChecked(True)

    def mark(self, problems: Sequence[Problem], warnings: Sequence[Problem]) -> bool:
        wrong = super().mark(problems, warnings)
        if any(path.rpartition(".")[2] in FOLDED for path in self._marked):
            self.more.setChecked(True)
        return wrong

    def point(self, pointed: bool) -> None:
        super().point(pointed)
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and self._acts(watched, event)
        ):
            return True
        if event.type() == QEvent.Type.FocusIn:
            self.entered.emit(self.path)
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.kind.setFocus(Qt.FocusReason.MouseFocusReason)
        super().mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        for name, text, keys in _BUTTONS:
            action = menu.addAction(f"{text}\t{keys}", self.buttons[name].click)
            action.setEnabled(self.buttons[name].isEnabled())
        menu.addSeparator()
        menu.addAction("Insert a layer above…", self.insertion_asked.emit)
        menu.addAction("Change its kind…", self.kind_asked.emit)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(event.globalPos())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, palette = QPainter(self), self.palette()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        wrong = self._marked.get(self.path)
        chosen = palette.highlight().color() if self.pointed else None
        paint_card(painter, self, tone(palette, wrong) if wrong else chosen)
        for path, control in self.controls.items():
            if path in self._marked:
                paint_frame(painter, control, self, tone(palette, self._marked[path]))
        if self.note.isVisible():
            middle = QPointF(self.note.x() + 8, self.note.y() + self.note.fontMetrics().height() / 2)
            worst: Tone = "problem" if "problem" in self._marked.values() else "notice"
            paint_sign(painter, middle, tone(palette, worst), palette.base().color())

    def _build(self, kind: str) -> None:
        self.kind = QToolButton(self)
        self.kind.setText(f"{kind_title(kind)} ▾")
        self.kind.setAutoRaise(True)
        self.kind.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.kind.setToolTip(f"{kind_title(kind)}\n{sentence_of(kind)}\n\nPress for another kind.")
        self.kind.clicked.connect(self.kind_asked)
        self.kind.installEventFilter(self)
        self.handle = Handle("Drag to move this layer", self)
        self.shape = Elided("", self, "quiet")
        self.shape.setFont(smaller(self.font()))
        self._build_buttons()
        self._build_options()
        self.note.setContentsMargins(_NOTE, 0, 0, 0)
        layout = cast(QVBoxLayout, self.layout())
        layout.setContentsMargins(5, 3, 4, 5)
        layout.setSpacing(2)
        layout.insertLayout(0, self._head())
        layout.insertWidget(2, self._folded)
        layout.insertWidget(3, self.shape)

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(1)
        head.addWidget(self.handle)
        head.addWidget(self.kind)
        head.addStretch(1)
        head.addWidget(self.more)
        for name, _, _ in _BUTTONS:
            head.addWidget(self.buttons[name])
        return head

    def _build_buttons(self) -> None:
        self.more = GlyphButton("more", "More options of this layer", self, checkable=True)
        self.more.toggled.connect(self._folded.setVisible)
        self.buttons: dict[str, GlyphButton] = {"more": self.more}
        for name, text, keys in _BUTTONS:
            self.buttons[name] = GlyphButton(name, f"{text} this layer ({keys})", self)
        for button in self.buttons.values():
            button.installEventFilter(self)
        self.buttons["up"].clicked.connect(lambda: self.moved.emit(-1))
        self.buttons["down"].clicked.connect(lambda: self.moved.emit(1))
        self.buttons["copy"].clicked.connect(self.duplicated)
        self.buttons["cross"].clicked.connect(self.removed)

    def _build_options(self) -> None:
        names = [name for name in self.owner.model_fields if name != "kind"]
        usual, rare = [n for n in names if n not in FOLDED], [n for n in names if n in FOLDED]
        self.line.setSpacing(5)
        self.line.setContentsMargins(4, 0, 2, 2)
        for name in usual:
            self._add_option(name, self.line, stacked=len(usual) > _INLINE)
        folded = QHBoxLayout(self._folded)
        folded.setContentsMargins(4, 0, 2, 2)
        for name in rare:
            self._add_option(name, folded, stacked=False)
        self._folded.hide()
        self.more.setVisible(bool(rare))

    def _add_option(self, name: str, line: QBoxLayout, stacked: bool) -> None:
        """One option with its name, beside it or above."""
        control, param = control_for(self.owner, name, self), describe(self.owner, name)
        name_control(control, param)
        if name in _NARROW:
            control.setMinimumWidth(self.fontMetrics().horizontalAdvance("00") + 26)
        caption = self._caption(param, control)
        wide = 3 if stacked and name == "activation" else 2
        if stacked:
            box = QVBoxLayout()
            box.setSpacing(0)
            box.addWidget(caption)
            box.addWidget(control)
            line.addLayout(box, wide)
        else:
            caption.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
            caption.setVisible("units" not in self.options)  # beside them, a nonlinearity names itself
            line.addWidget(caption)
            line.addWidget(control, wide)
        self._take(name, control)

    def _caption(self, param: Param, control: QWidget) -> Elided:
        caption = Elided(param.label, self, "quiet")
        caption.setFont(smaller(self.font()))
        caption.setToolTip(param.tooltip)
        caption.setBuddy(control)
        return caption

    def _take(self, name: str, control: QWidget) -> None:
        """As :meth:`add_control`, but for the path that the field has at the time."""
        self.options[name] = control
        control.installEventFilter(self)
        cast(Control, control).edited.connect(lambda value: self.edited.emit(f"{self.path}.{name}", value))
        settled = getattr(control, "settled", None)
        if settled is not None:
            settled.connect(lambda: self.settled.emit(f"{self.path}.{name}"))

    def _tip(self, name: str) -> str:
        return describe(self.owner, name).tooltip

    def _acts(self, watched: QObject, event: QKeyEvent) -> bool:
        """Does what a key stands for; False if it is the control's own."""
        key, held = Qt.Key(event.key()), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(key)
        if step and held == _ALT:
            self.buttons["up" if step < 0 else "down"].click()
        elif key == Qt.Key.Key_D and held == _CTRL:
            self.duplicated.emit()
        elif key == Qt.Key.Key_Delete and held == _PLAIN and isinstance(watched, QToolButton):
            self.removed.emit()
        elif step and held == _PLAIN and watched is self.kind:
            self.left.emit(step)
        else:
            return False
        return True


def _shape_tip(layer: PlannedLayer | None) -> str:
    if layer is None:
        return ""
    if layer.problem:
        return "The layer is left out of the drawing's shapes until it fits."
    return f"From {shape_text(layer.input_shape)} {shape_words(layer)}"
