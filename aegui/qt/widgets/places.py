"""Where a grid of pictures puts its rows and columns: the size that makes most of a given room."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF

GAP = 6  # least number of pixels between cells
MOST = 16  # columns
_FEWEST = 4  # columns, where that many can be read
_LOOSE = 12  # pixels that rows may move apart
_SMALLEST = 8.0  # pixels, height of a picture
_CURVE = 1.3  # least width of a curve, by its height
_SHARP = 1.1  # how much more room a picture is worth whose features are whole pixels


@dataclass(frozen=True)
class Room:
    """What a grid has to fill, in pixels."""

    width: float  # of all columns
    height: float  # from the first row's top
    rows: int
    notes: int  # rows with a line of text beneath
    line: float  # height of a line
    text: float  # width of the longest text beneath a picture
    ratio: float = 1.0  # screen pixels per pixel
    whole: bool = False  # whether as many samples as fit are wanted, however small

    @property
    def highest(self) -> float:
        """The most that every row can have."""
        return max(_SMALLEST, (self.height - self.notes * self.line) / self.rows - GAP)

    def columns(self, samples: int) -> range:
        """The numbers of columns whose texts do not run into each other."""
        most = max(1, min(samples, MOST, int(self.width // (self.text + GAP))))
        return range(most if self.whole else min(_FEWEST, most), most + 1)


@dataclass(frozen=True)
class Places:
    """Where a grid puts its pictures, in pixels."""

    wide: float
    high: float
    columns: int
    left: float  # of the first column
    pitch: float  # from one column to the next
    tops: tuple[float, ...]  # of the rows

    def cell(self, row: int, column: int) -> QRectF:
        """One picture."""
        return QRectF(self.left + column * self.pitch, self.tops[row], self.wide, self.high)

    def column_at(self, x: float) -> int:
        """The column under a place, −1 for none."""
        column, inside = divmod(x - self.left, self.pitch)
        return int(column) if 0 <= column < self.columns and inside <= self.wide else -1

    def row_at(self, y: float) -> int:
        """The row under a place, −1 for none."""
        return next((i for i, top in enumerate(self.tops) if top <= y < top + self.high), -1)


def picture_size(room: Room, shape: tuple[int, ...], samples: int) -> tuple[int, float, float]:
    """(columns, width, height) that cover most of the room; sizes of whole pixels are worth a bit more."""
    tall, wide = shape[-2:]
    aspect = wide / tall
    found = []
    for columns in room.columns(samples):
        high = max(_SMALLEST, min(room.highest, (room.width / columns - GAP) / aspect))
        found.append((columns * float(int(high)) ** 2, columns, float(int(high))))
        per_feature = int(high * room.ratio / tall)
        if per_feature >= 2:
            sharp = per_feature * tall / room.ratio
            found.append((_SHARP * columns * sharp**2, columns, sharp))
    _, columns, high = max(found)
    return columns, high * aspect, high


def curve_size(room: Room, samples: int, least: float = 0.0) -> tuple[int, float, float]:
    """(columns, width, height) of curves, which can be stretched; ``least`` pixels wide if that fits."""
    fits, most = room.columns(samples), max(1, int(room.width / (least + GAP)))
    fits = range(min(fits[0], most), min(fits[-1], most) + 1)
    high = float(int(min(room.highest, (room.width / fits[0] - GAP) / _CURVE)))
    high = max(_SMALLEST, high)
    columns = max(n for n in fits if n == fits[0] or room.width / n - GAP >= _CURVE * high)
    return columns, float(int(room.width / columns - GAP)), high


def place(
    room: Room, size: tuple[int, float, float], left: float, top: float, noted: tuple[bool, ...]
) -> Places:
    """Cells of that size, with what is left over between them; ``noted`` are the rows with a text beneath."""
    columns, wide, high = size
    pitch, wider = (
        max(wide, room.text) + GAP,
        max(0.0, room.text - wide),
    )  # by how much a text stands out of its picture
    left += wider / 2
    if columns > 1:
        even = float(int((room.width - wide - wider) / (columns - 1)))
        pitch = max(pitch, min(even, 1.5 * max(wide, room.text)))
    spare = room.height - room.notes * room.line - room.rows * (high + GAP)
    loose = float(int(min(_LOOSE, max(0.0, spare) / room.rows)))
    tops = []
    for note in noted:
        tops.append(top)
        top += high + GAP + loose + (room.line if note else 0)
    return Places(wide, high, columns, left, pitch, tuple(tops))
