"""The network's drawing in a window of its own, for a projector or a slide."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QEvent,
    QIODevice,
    QObject,
    QPointF,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QGuiApplication,
    QImage,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShortcut,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from aegui.errors import OperationFailed
from aegui.plan import Plan
from aegui.qt.choosing import when_chosen
from aegui.qt.widgets.hourglass import bars_of
from aegui.qt.widgets.poster import Poster
from aegui.qt.widgets.tint import tone
from aegui.qt.widgets.tips import shows_tip
from aegui.qt.widgets.tool import Tool
from aegui.qt.widgets.words import Words
from aegui.writing import write_atomic

_ZOOM = 1.25
_SMALLEST, _LARGEST = 0.05, 8.0
_FILTER = "Picture (*.png);;Drawing (*.svg)"
_SHARP = 2.0  # pixels of a saved picture for a unit of the drawing


class NetworkWindow(QWidget):
    """A large drawing that follows the plan; it is fitted, zoomed, copied and saved."""

    selected = Signal(int)  # number of a layer of the plan, −1 for the input

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle("Network")
        self._plan: Plan | None = None
        self.canvas = Canvas(self)
        self.view = _Scroll(self.canvas, self)
        self.message = Words(self)
        self._build()
        self._connect()
        self.resize(1120, 640)

    def show_plan(self, plan: Plan | None) -> None:
        """Draws a plan, or says that the data are still loading."""
        self._plan = plan
        if not self.isVisible():
            return  # it is drawn when it is shown
        poster = None
        if plan is not None:
            caption = f"{plan.type[:1].upper()}{plan.type[1:]} · {plan.parameters:,} parameters"
            tall = self.canvas.poster.tall if self.canvas.poster else Poster.tall
            poster = Poster(bars_of(plan), caption, self.font().family(), tall)
        if poster != self.canvas.poster or poster is None:
            self.canvas.show_poster(poster)
            self.view.settle()

    def select(self, number: int) -> None:
        """Marks a layer by its number in the plan."""
        self.canvas.select(number + 1)

    def image(self) -> QImage:
        """The whole drawing, sharp enough for a slide."""
        size = self.canvas.natural_size() * _SHARP
        image = QImage(size, QImage.Format.Format_RGB32)
        image.fill(self.palette().window().color())
        painter = QPainter(image)
        painter.scale(_SHARP, _SHARP)
        self.canvas.paint(painter)
        painter.end()
        return image

    def save(self, path: Path) -> None:
        """Writes the drawing, as SVG or PNG by the file's ending. Raises OperationFailed."""
        write_atomic(path, self._svg() if path.suffix.lower() == ".svg" else self._png())

    @Slot()
    def copy(self) -> None:
        """Puts the drawing on the clipboard."""
        QGuiApplication.clipboard().setImage(self.image())
        self.message.say("Copied as a picture", "quiet")

    @Slot()
    def ask_save(self) -> None:
        """Asks for a file and saves."""
        dialog = QFileDialog(self, "Save the drawing", "", _FILTER)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("png")
        dialog.filterSelected.connect(
            lambda chosen: dialog.setDefaultSuffix("svg" if "svg" in chosen else "png")
        )
        dialog.selectFile("network")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        when_chosen(dialog, lambda chosen: self._save(Path(chosen)))
        dialog.open()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if (owner := self._owner()) is not None:
            owner.installEventFilter(self)
        self.show_plan(self._plan)
        self.canvas.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Hide and not event.spontaneous() and watched is self._owner():
            self.close()  # it does not outlive the main window
        return False

    def _owner(self) -> QWidget | None:
        """The main window, also where the panel floats beside it."""
        here, owner = self.parentWidget(), None
        while here is not None:
            owner = here.window()
            here = owner.parentWidget()
        return owner

    def _build(self) -> None:
        keys = {"fit": "Ctrl+0", "out": "Ctrl+-", "in": "Ctrl++", "copy": "Ctrl+C", "save": "Ctrl+S"}
        self.fit = Tool("Fit", f"Show the whole drawing ({keys['fit']})", self)
        self.out = Tool("−", f"Smaller ({keys['out']})", self)
        self.larger = Tool("+", f"Larger ({keys['in']})", self)
        self.copier = Tool("Copy", f"Copy the drawing as a picture ({keys['copy']})", self)
        self.saver = Tool("Save as…", f"Save the drawing as PNG or SVG ({keys['save']})", self)
        self.out.setAccessibleName("Smaller")
        self.larger.setAccessibleName("Larger")
        line = QHBoxLayout()
        line.setContentsMargins(8, 6, 8, 6)
        line.setSpacing(6)
        for tool in (self.fit, self.out, self.larger):
            line.addWidget(tool)
        line.addWidget(self.message, 1)
        line.addStretch()
        for tool in (self.copier, self.saver):
            line.addWidget(tool)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(line)
        layout.addWidget(self.view, 1)
        for tool, key in zip(
            (self.fit, self.out, self.larger, self.copier, self.saver), keys.values(), strict=True
        ):
            QShortcut(QKeySequence(key), self, tool.click)
        QShortcut(QKeySequence("Ctrl+="), self, self.larger.click)  # plus without Shift
        QShortcut(QKeySequence("Esc"), self, self.close)

    def _connect(self) -> None:
        self.fit.clicked.connect(self.view.fit)
        self.out.clicked.connect(lambda: self.view.zoom(1 / _ZOOM))
        self.larger.clicked.connect(lambda: self.view.zoom(_ZOOM))
        self.copier.clicked.connect(self.copy)
        self.saver.clicked.connect(self.ask_save)
        self.canvas.selected.connect(lambda index: self.selected.emit(index - 1))

    def _save(self, path: Path) -> None:
        try:
            self.save(path)
        except OperationFailed as error:
            self.message.say(str(error), "problem")
        else:
            self.message.say(f"Saved {path}", "quiet")

    def _png(self) -> bytes:
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        self.image().save(buffer, "PNG")  # type: ignore[call-overload]  # takes the format as text
        return bytes(buffer.data().data())

    def _svg(self) -> bytes:
        data = QByteArray()
        buffer = QBuffer(data)
        generator = QSvgGenerator()
        generator.setOutputDevice(buffer)
        size = self.canvas.natural_size()
        generator.setSize(size)
        generator.setViewBox(QRectF(0, 0, size.width(), size.height()))
        generator.setTitle("Network")
        painter = QPainter(generator)
        painter.fillRect(QRectF(0, 0, size.width(), size.height()), self.palette().window())
        self.canvas.paint(painter)
        painter.end()
        return bytes(data.data())


class Canvas(QWidget):
    """The drawing at a scale. ``selected``: the bar that was clicked."""

    selected = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.poster: Poster | None = None
        self.scale = 1.0
        self._current: int | None = None
        self._hovered: int | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Large drawing of the network")
        self.setToolTip(
            "Click a layer or go to it by ← and → to find its settings; turn the wheel with Ctrl to zoom"
        )

    def show_poster(self, poster: Poster | None) -> None:
        """Draws another network."""
        self.poster = poster
        if poster is None or (self._current is not None and self._current >= len(poster.bars)):
            self._current = None
        self._hovered = None
        words = [bar.tip.replace("\n", ", ") for bar in poster.bars[:20]] if poster else []
        self.setAccessibleDescription("; ".join(words))
        self.set_scale(self.scale)

    def select(self, index: int) -> None:
        """Marks one bar."""
        self._current = index if self.poster and 0 <= index < len(self.poster.bars) else None
        self.update()

    def stretch(self, room: QSize) -> None:
        """Makes the drawing as high as suits a room."""
        if self.poster is not None:
            tall = self.poster.tall_for(room.width(), room.height())
            self.poster = self.poster if tall == self.poster.tall else replace(self.poster, tall=tall)

    def natural_size(self) -> QSize:
        """At scale 1."""
        return self.poster.size.toSize() if self.poster else QSize(400, 200)

    def set_scale(self, scale: float) -> None:
        """Draws larger or smaller."""
        self.scale = scale
        self.resize(self.natural_size() * scale)
        self.update()

    def paint(self, painter: QPainter) -> None:
        """The drawing at scale 1, without a choice."""
        if self.poster is not None:
            self.poster.paint(painter, self.palette())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.poster is None:
            painter.setPen(tone(self.palette(), "quiet"))
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), "Waiting for the data …")
            return
        painter.scale(self.scale, self.scale)
        lit = () if self._hovered is None else (self._hovered,)
        self.poster.paint(painter, self.palette(), self._current, lit)

    def event(self, event: QEvent) -> bool:
        return shows_tip(event, self, self.tip_at) or super().event(event)

    def tip_at(self, place: QPointF) -> str:
        """What is known of the layer at a place."""
        index = self._index_at(place)
        return self.poster.bars[index].tip if self.poster and index is not None else ""

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        hovered = self._index_at(event.position())
        if hovered != self._hovered:
            self._hovered = hovered
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self._index_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and index is not None:
            self.select(index)
            self.selected.emit(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None or self.poster is None:
            super().keyPressEvent(event)
            return
        start = self._current if self._current is not None else 0
        self.select(min(len(self.poster.bars) - 1, max(0, start + step)))
        self.selected.emit(self._current)

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = None
        self.update()
        super().leaveEvent(event)

    def _index_at(self, point: QPointF) -> int | None:
        return self.poster.index_at(point * (1 / self.scale)) if self.poster else None


class _Scroll(QScrollArea):
    """Fits the drawing into the window until it is zoomed by hand."""

    def __init__(self, canvas: Canvas, parent: QWidget) -> None:
        super().__init__(parent)
        self._canvas, self._fits = canvas, True
        self.setWidget(canvas)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFrameShape(QFrame.Shape.NoFrame)

    @Slot()
    def fit(self) -> None:
        """Shows the whole drawing, also when the window or the network changes its size."""
        self._fits = True
        self.settle()

    def settle(self) -> None:
        """Fits again after a change."""
        if self._fits:
            room = self.maximumViewportSize()
            self._canvas.stretch(room)
            natural = self._canvas.natural_size()
            scale = min(room.width() / natural.width(), room.height() / natural.height())
            self._canvas.set_scale(_within(scale))

    def zoom(self, factor: float) -> None:
        """Larger or smaller, about the middle of what is seen."""
        bars = (self.horizontalScrollBar(), self.verticalScrollBar())
        middles = [(bar.value() + bar.pageStep() / 2) / self._canvas.scale for bar in bars]
        self._fits = False
        self._canvas.set_scale(_within(self._canvas.scale * factor))
        for bar, middle in zip(bars, middles, strict=True):
            bar.setValue(round(middle * self._canvas.scale - bar.pageStep() / 2))

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(_ZOOM if event.angleDelta().y() > 0 else 1 / _ZOOM)
            event.accept()
        else:
            super().wheelEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.settle()


def _within(scale: float) -> float:
    return min(_LARGEST, max(_SMALLEST, scale))
