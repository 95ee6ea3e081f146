"""The large drawing of a network: every layer with its kind, settings, shape and parameters."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property, lru_cache

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPalette, QPen

from aegui.plan.layer import shape_text
from aegui.qt.widgets.hourglass import Bar, Hourglass
from aegui.qt.widgets.layer_words import kind_title, parameter_words
from aegui.qt.widgets.network import Network
from aegui.qt.widgets.strip import largest_of
from aegui.qt.widgets.tint import tone

# In units of the drawing, which is scaled as a whole.
_MARGIN, _HEAD, _GAP = 24.0, 74.0, 18.0
_LOWEST, _HIGHEST = 220.0, 560.0  # of what is drawn
_NARROWEST, _UPRIGHT = 60.0, 1500.0  # of a layer; of a drawing whose words stand beside each other
_TURNED, _TURNED_THIN = 52.0, 40.0  # of a layer whose words are turned
_ROOMY, _CLOSE = 1900.0, 26.0  # of a drawing with two turned lines for each layer; of a layer with one
_TEXT, _LINE = 13, 18.0
_PARTS = (("encoder", "Encoder  g"), ("code", "Code  h"), ("decoder", "Decoder  f"))
_NAMES = {"input": "Input", "code": "Code", "output": "Reconstruction"}


@dataclass(frozen=True)
class Poster:
    """A network with words, in units of its own: scale it to what there is."""

    bars: tuple[Bar, ...]
    caption: str  # what stands above it all
    family: str = ""  # of the font
    tall: float = 300.0  # height of what is drawn

    @cached_property
    def size(self) -> QSizeF:
        """Width and height of the whole."""
        width = max(sum(self._spans), self._advance(self.caption, bold=True))
        return QSizeF(width + 2 * _MARGIN, _MARGIN + _HEAD + self.tall + _GAP + self._foot + _MARGIN)

    def tall_for(self, width: float, height: float) -> float:
        """How high to draw so that the whole has the proportions of a room."""
        wanted = self.size.width() * height / max(1.0, width)
        return min(_HIGHEST, max(_LOWEST, wanted - (self.size.height() - self.tall)))

    @cached_property
    def places(self) -> Hourglass:
        """Where the layers stand."""
        width = sum(self._spans)
        rect = QRectF((self.size.width() - width) / 2, _MARGIN + _HEAD, width, self.tall)
        return Hourglass(rect, self.bars, largest_of(self.bars), 26.0, self._spans)

    def index_at(self, point: QPointF) -> int | None:
        """The layer at a point of the drawing."""
        return self.places.index_at(point.x()) if self.bars else None

    def paint(
        self, painter: QPainter, palette: QPalette, current: int | None = None, lit: Collection[int] = ()
    ) -> None:
        """Everything, in the colours of a palette."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font(bold=True))
        painter.setPen(palette.windowText().color())
        top = QRectF(0, _MARGIN - 8, self.size.width(), 2 * _LINE)
        painter.drawText(top, int(Qt.AlignmentFlag.AlignHCenter), self.caption)
        self._paint_parts(painter, palette)
        network = Network(self.places, palette)
        network.paint(painter, lit)
        if current is not None:
            network.paint_frame(painter, current, solid=True)
        for index in range(len(self.bars)):
            self._paint_words(painter, palette, index)

    @cached_property
    def _turned(self) -> int:
        """Lines of turned words, where there is no room for them side by side; else 0."""
        if sum(self._wide(bar) for bar in self.bars) <= _UPRIGHT:
            return 0
        return 2 if sum(_TURNED_THIN if bar.thin else _TURNED for bar in self.bars) <= _ROOMY else 1

    @cached_property
    def _spans(self) -> tuple[float, ...]:
        match self._turned:
            case 0:
                return tuple(self._wide(bar) for bar in self.bars)
            case 1:
                return tuple(_CLOSE for _ in self.bars)
        return tuple(_TURNED_THIN if bar.thin else _TURNED for bar in self.bars)

    @cached_property
    def _foot(self) -> float:
        """The height of the words."""
        if not self._turned:
            return 4 * _LINE
        lines = [line for bar in self.bars for line in _turned_lines(bar, self._turned)]
        return max(self._advance(line, bold=True) for line in lines) + 4

    def _wide(self, bar: Bar) -> float:
        words = max(self._advance(word, bold=i == 0) for i, word in enumerate(_lines(bar)))
        return max(_NARROWEST, words + _GAP)

    def _font(self, bold: bool = False) -> QFont:
        return _font(self.family, bold)

    def _advance(self, text: str, bold: bool = False) -> float:
        return _advance(text, self.family, bold)

    def _paint_parts(self, painter: QPainter, palette: QPalette) -> None:
        """A bracket above encoder, code and decoder."""
        y = _MARGIN + _HEAD - 22
        painter.setFont(self._font())
        for role, name in _PARTS:
            own = [i for i, bar in enumerate(self.bars) if bar.role == role]
            if role == "decoder":
                own += [i for i, bar in enumerate(self.bars) if bar.role == "output"]
            if not own:
                continue
            left, right = self.places.edges[own[0]] + 4, self.places.edges[own[-1] + 1] - 4
            painter.setPen(QPen(tone(palette, "quiet"), 1))
            painter.drawPolyline(
                [QPointF(left, y + 5), QPointF(left, y), QPointF(right, y), QPointF(right, y + 5)]
            )
            wide = max(right - left, self._advance(name) + 2)
            box = QRectF((left + right - wide) / 2, y - _LINE - 1, wide, _LINE)
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), name)

    def _paint_words(self, painter: QPainter, palette: QPalette, index: int) -> None:
        bar, top = self.bars[index], self.places.rect.bottom() + _GAP
        painter.save()
        if self._turned:
            painter.translate(self.places.middle(index), top)
            painter.rotate(90)
            lines = _turned_lines(bar, self._turned)
            for i, line in enumerate(lines):
                box = QRectF(0, (i - len(lines) / 2) * _LINE, self._foot, _LINE)
                self._paint_line(painter, palette, bar, i, line, box)
        else:
            left, right = self.places.edges[index], self.places.edges[index + 1]
            for i, line in enumerate(_lines(bar)):
                box = QRectF(left, top + i * _LINE, right - left, _LINE)
                self._paint_line(painter, palette, bar, i, line, box)
        painter.restore()

    def _paint_line(
        self, painter: QPainter, palette: QPalette, bar: Bar, number: int, text: str, box: QRectF
    ) -> None:
        painter.setFont(self._font(bold=number == 0 and self._turned != 1))
        kind = "problem" if bar.problem else "plain" if number == 0 else "quiet"
        painter.setPen(tone(palette, kind))  # type: ignore[arg-type]  # one of the tones
        side = Qt.AlignmentFlag.AlignLeft if self._turned else Qt.AlignmentFlag.AlignHCenter
        painter.drawText(box, int(side | Qt.AlignmentFlag.AlignVCenter), text)


def _font(family: str, bold: bool) -> QFont:
    font = QFont(family) if family else QFont()
    font.setPixelSize(_TEXT)
    font.setBold(bold)
    return font


@lru_cache(4096)
def _advance(text: str, family: str, bold: bool) -> float:
    """The width of a text, which is dear to measure."""
    return QFontMetricsF(_font(family, bold)).horizontalAdvance(text)


def _name(bar: Bar) -> str:
    return _NAMES.get(bar.role) or kind_title(bar.kind, short=True)


def _lines(bar: Bar) -> tuple[str, ...]:
    """Kind, shape, settings and parameters."""
    if bar.role == "input":
        return (_name(bar), shape_text(bar.shape))
    if bar.problem:
        return (_name(bar), "impossible")
    return tuple(line for line in (_name(bar), shape_text(bar.shape), bar.setting, _cost(bar)) if line)


def _turned_lines(bar: Bar, count: int) -> tuple[str, ...]:
    name, shape, *rest = (*_lines(bar), "")
    head, more = f"{name}  {shape}", ", ".join(line for line in rest if line)
    if count == 1:
        return (" · ".join(word for word in (head, _cost(bar)) if word),)
    return (head, more)


def _cost(bar: Bar) -> str:
    return parameter_words(bar.parameters) if bar.parameters else ""
