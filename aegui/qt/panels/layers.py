"""A list of hidden layers: added, moved, copied, removed, and changed in kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from PySide6.QtCore import QPointF, QRect, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from aegui.plan import PlannedLayer, Shape
from aegui.qt.form import Field
from aegui.qt.panels.layer_field import LayerField
from aegui.qt.panels.layer_kinds import Place, changed_kind, new_layer
from aegui.qt.panels.layer_menu import KindMenu
from aegui.qt.widgets.layer_words import kind_title
from aegui.spec import Experiment, Layer

_EDGE = 40  # px at the column's ends that scroll it while a layer is dragged


class LayerList(QWidget):
    """The hidden layers at ``path``; ``wanted`` carries another list of layers and what was done."""

    wanted = Signal(object, str)

    def __init__(
        self,
        path: str,
        adopt: Callable[[Field], None],
        drop: Callable[[Field], None],
        after: QWidget,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._after = after  # what has the focus before the first layer
        self.path, self.part = path, path.rpartition(".")[2]
        self.fields: list[LayerField] = []
        self.menu: KindMenu | None = None  # the one that was opened last
        self._adopt, self._drop = adopt, drop
        self._layers: tuple[Layer, ...] = ()
        self._given: Shape | None = None
        self._planned: Sequence[PlannedLayer] = ()
        self._along = False
        self._narrow = 1
        self._build()

    def show_layers(self, layers: tuple[Layer, ...], experiment: Experiment) -> None:
        """Makes room for these layers; those that stay keep their controls."""
        self._narrow = experiment.code.size
        old, self._layers = self._layers, layers
        kinds = [field.owner.model_fields["kind"].default for field in self.fields]
        if kinds != [layer.kind for layer in layers] or (old != layers and sorted_alike(old, layers)):
            self._rearrange(old, layers, experiment)

    def show_planned(self, planned: Sequence[PlannedLayer], given: Shape | None, along: bool) -> None:
        """Shapes and parameters; ``given`` is the shape before the first layer, None if not known."""
        self._planned, self._given, self._along = planned, given, along
        for i, field in enumerate(self.fields):
            field.show_plan(planned[i] if i < len(planned) else None)

    def place(self, index: int) -> Place:
        """What is known about the place of a layer."""
        given = self._given
        if given is not None and 0 < index <= len(self._planned):
            given = self._planned[index - 1].output_shape
        return Place(self.part, self._layers[:index], given, self._along, self._narrow)

    @Slot()
    def ask_new(self) -> None:
        """Opens the menu of what can be added behind the last layer."""
        self._ask(self.add, len(self._layers), self.insert)

    def insert(self, index: int, kind: str) -> None:
        """Asks for one more layer in front of the ``index``-th."""
        new = new_layer(kind, self.place(index))
        self._want((*self._layers[:index], new, *self._layers[index:]), "add", kind)
        self._focus(index)

    def change_kind(self, index: int, kind: str) -> None:
        """Asks for another kind of layer at a place."""
        layer = self._layers[index]
        if kind != layer.kind:
            fits = kind == "reshape"  # whose numbers have to be those that it is given
            new = new_layer(kind, self.place(index)) if fits else changed_kind(layer, kind)
            self._want((*self._layers[:index], new, *self._layers[index + 1 :]), "change", kind)
        self._focus(index)

    def move_layer(self, index: int, to: int) -> None:
        """Asks for the layer to stand elsewhere, at place ``to`` of the list without it."""
        if index == to:
            return
        layers = list(self._layers)
        layers.insert(to, layers.pop(index))
        self._want(tuple(layers), "move", self._layers[index].kind)

    def _build(self) -> None:
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(4)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.add = QPushButton("+ Layer ▾", self)
        self.add.setToolTip(f"Adds a hidden layer to the {self.part}, behind the last one")
        self.add.setAccessibleName(f"Add a layer to the {self.part}")
        self.add.clicked.connect(self.ask_new)
        line = QHBoxLayout()
        line.addWidget(self.add)
        line.addStretch(1)
        self._box.addLayout(line)
        self._mark = _DropMark(self)

    def _rearrange(self, old: tuple[Layer, ...], new: tuple[Layer, ...], experiment: Experiment) -> None:
        """Gives each layer the field that it had, or one of its kind, or a new one."""
        focus = QApplication.focusWidget()
        focused = next((f for f in self.fields if focus is not None and f.isAncestorOf(focus)), None)
        taken = matched(old, new)
        before, self.fields = self.fields, []
        for i, (layer, source) in enumerate(zip(new, taken, strict=True)):
            field = before[source] if source is not None else self._made(layer.kind, i, experiment)
            field.set_place(f"{self.path}[{i}]", i + 1)
            field.set_ends(i == 0, i == len(new) - 1)
            self.fields.append(field)
            if self._box.indexOf(field) != i:
                self._box.removeWidget(field)
                self._box.insertWidget(i, field)
        self._order_stops()
        if focused is not None and focused not in self.fields:
            self._focus(min(before.index(focused), len(self.fields) - 1))
        for field in before:
            if field not in self.fields:
                self._discard(field)

    def _made(self, kind: str, index: int, experiment: Experiment) -> LayerField:
        field = LayerField(kind, f"{self.path}[{index}]", index + 1, self)
        field.unfold_unusual(experiment)
        field.moved.connect(lambda step: self._step(field, step))
        field.duplicated.connect(lambda: self._duplicate(self.fields.index(field)))
        field.removed.connect(lambda: self._remove(self.fields.index(field)))
        field.left.connect(lambda step: self._focus(self.fields.index(field) + step))
        field.kind_asked.connect(
            lambda: self._ask(field.kind, self.fields.index(field), self.change_kind, field)
        )
        field.insertion_asked.connect(lambda: self._ask(field, self.fields.index(field), self.insert))
        field.handle.dragged.connect(lambda point: self._drag(field, point))
        field.handle.dropped.connect(lambda: self._drop_at(field))
        field.handle.cancelled.connect(self._mark.hide)
        self._adopt(field)
        return field

    def _discard(self, field: LayerField) -> None:
        for heard in (field, field.handle):  # until Qt has deleted it, keys may still reach it
            heard.blockSignals(True)
        self._drop(field)
        self._box.removeWidget(field)
        field.hide()
        field.deleteLater()

    def _order_stops(self) -> None:
        """The tabulator goes through the layers as they stand, and on to the button beneath them."""
        stops = [self._after, *(stop for field in self.fields for stop in field.stops), self.add]
        for one, other in pairwise(stops):
            QWidget.setTabOrder(one, other)

    def _ask(
        self,
        button: QWidget,
        index: int,
        then: Callable[[int, str], None],
        field: LayerField | None = None,
    ) -> None:
        current = self._layers[index].kind if field is not None else ""
        self.menu = KindMenu(self.place(index), self, current)
        self.menu.chosen.connect(lambda kind: then(index, kind))
        self.menu.open_beneath(button)

    def _want(self, layers: tuple[Layer, ...], verb: str, kind: str) -> None:
        noun = f"the layer to {kind_title(kind).lower()}" if verb == "change" else kind_title(kind).lower()
        self.wanted.emit(layers, f"{verb} {noun}")

    def _step(self, field: LayerField, step: int) -> None:
        index = self.fields.index(field)
        self.move_layer(index, index + step)
        self._focus(index + step, "up" if step < 0 else "down")

    def _duplicate(self, index: int) -> None:
        layer = self._layers[index]
        self._want((*self._layers[:index], layer, *self._layers[index:]), "duplicate", layer.kind)
        self._focus(index + 1)

    def _remove(self, index: int) -> None:
        layers = (*self._layers[:index], *self._layers[index + 1 :])
        self._want(layers, "remove", self._layers[index].kind)
        self._focus(min(index, len(self.fields) - 1))

    def _focus(self, index: int, button: str = "") -> None:
        """Gives the focus to a layer's kind, or to one of its buttons if that can be pressed."""
        if not 0 <= index < len(self.fields):
            if not self.fields:
                self.add.setFocus()
            return
        field = self.fields[index]
        pressed = field.buttons.get(button)
        (pressed if pressed is not None and pressed.isEnabled() else field.kind).setFocus()

    def _drag(self, field: LayerField, point: QPointF) -> None:
        """Shows where a dragged layer would come to stand."""
        self._scroll_to(point)
        y = self.mapFromGlobal(point).y()
        gap = sum(y > other.geometry().center().y() for other in self.fields)
        self._mark.show_at(gap, [other.geometry() for other in self.fields])

    def _drop_at(self, field: LayerField) -> None:
        self._mark.hide()
        index, gap = self.fields.index(field), self._mark.gap
        to = gap - (gap > index)
        self.move_layer(index, to)
        self._focus(to)

    def _scroll_to(self, point: QPointF) -> None:
        """Lets the column follow a layer that is dragged to its end."""
        here: QWidget | None = self.parentWidget()
        while here is not None and not isinstance(here, QScrollArea):
            here = here.parentWidget()
        if here is not None:
            y, bar = here.viewport().mapFromGlobal(point).y(), here.verticalScrollBar()
            beyond = min(0, int(y) - _EDGE) + max(0, int(y) - here.viewport().height() + _EDGE)
            bar.setValue(bar.value() + beyond // 2)


class _DropMark(QWidget):
    """A line between two layers: where the dragged one is to stand."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.gap = 0
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_at(self, gap: int, places: Sequence[QRect]) -> None:
        """``gap``: how many layers stand above it."""
        self.gap = gap
        y = places[gap].top() - 4 if gap < len(places) else places[-1].bottom() + 1
        self.setGeometry(0, max(0, y), places[0].width(), 4)
        self.raise_()
        self.show()

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), self.palette().highlight())


def sorted_alike(old: Sequence[Layer], new: Sequence[Layer]) -> bool:
    """Whether the layers are the same ones in another order."""
    left = list(old)
    for layer in new:
        if layer not in left:
            return False
        left.remove(layer)
    return not left


def matched(old: Sequence[Layer], new: Sequence[Layer]) -> list[int | None]:
    """For each new layer the old one whose controls it takes over: the same one, else one of its kind."""
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    free = list(range(start, len(old) - end))
    wanted = range(start, len(new) - end)
    taken = {i: i for i in range(start)} | {len(new) - i: len(old) - i for i in range(1, end + 1)}
    for same in (True, False):
        for i in (i for i in wanted if i not in taken):
            alike = (j for j in free if (old[j] == new[i] if same else old[j].kind == new[i].kind))
            source = next(alike, None)
            if source is not None:
                taken[i] = source
                free.remove(source)
    return [taken.get(i) for i in range(len(new))]
