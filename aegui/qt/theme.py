"""What the program looks like: palettes, class colours and colour maps, light and dark."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QToolTip

from aegui.colours import CATEGORY, CATEGORY_ON_DARK
from aegui.qt.text_size import NORMAL, TEXT_SIZES, scale_text

Bytes = NDArray[np.uint8]

MODES = ("system", "light", "dark")

# Share of white (+) or black (−) mixed into each further ten classes.
_CYCLE = (0.0, 0.45, -0.4, 0.7, -0.65)


@dataclass(frozen=True)
class Colours:
    """The colours of one theme, as hex strings."""

    dark: bool
    window: str  # behind the controls
    base: str  # behind text, plots and pictures
    raised: str  # buttons and cards
    text: str
    muted: str  # captions, ticks, what is not the point
    line: str  # grids and borders
    accent: str
    alert: str


LIGHT = Colours(
    dark=False,
    window="#f3f4f6",
    base="#ffffff",
    raised="#fbfbfc",
    text="#1b1f24",
    muted="#5c6670",
    line="#d3d8de",
    accent="#2457c5",
    alert="#b42318",
)
DARK = Colours(
    dark=True,
    window="#25282d",
    base="#1b1d21",
    raised="#30343a",
    text="#e7e9ec",
    muted="#a0a8b2",
    line="#41474f",
    accent="#7aa8ff",
    alert="#ff8f85",
)


# Blue, zero, red: zero is the background, so that what does not differ is not seen. Lightness goes
# from 11 to 85 (dark) and from 100 to 24 (light), half of it at a bit over half the way.
_DIVERGING_DARK = ("#a9d6ff", "#2f6fe0", "#1b1d21", "#d9482f", "#ffc9ae")
_SEQUENTIAL_LIGHT, _SEQUENTIAL_DARK = "CET-L18", "inferno"
_DIVERGING_LIGHT = ("#14307d", "#4a7df0", "#ffffff", "#e8553a", "#7d1010")


class Theme(QObject):
    """The look of the whole application; ``changed`` when it turns light or dark, or text has another size.

    ``mode`` is "system" (follow the desktop), "light" or "dark"; ``text_size`` percent of the system's.
    """

    changed = Signal()

    def __init__(self, mode: str = "system", parent: QObject | None = None, text_size: int = NORMAL) -> None:
        super().__init__(parent)
        self._application().setStyle("Fusion")
        self._hints = self._application().styleHints()
        self._mode = mode
        self.text_size: int = text_size
        self.colours = self._wanted()
        scale_text(self._application(), text_size)
        self._apply()
        self._hints.colorSchemeChanged.connect(self._follow)

    @property
    def mode(self) -> str:
        """ "system", "light" or "dark"."""
        return self._mode

    def set_mode(self, mode: str) -> None:
        """Chooses a mode and restyles at once. Raises ValueError for any other word."""
        if mode not in MODES:
            raise ValueError(f"theme: must be one of {', '.join(MODES)}, got {mode}")
        self._mode = mode
        self._follow()

    def set_text_size(self, percent: int) -> None:
        """Chooses a size and restyles at once. Raises ValueError for any other number."""
        if percent not in TEXT_SIZES:
            sizes = ", ".join(map(str, TEXT_SIZES))
            raise ValueError(f"text size: must be one of {sizes} percent, got {percent}")
        if percent != self.text_size:
            self.text_size = percent
            scale_text(self._application(), percent)
            self.changed.emit()

    @property
    def dark(self) -> bool:
        """Whether the background is dark."""
        return self.colours.dark

    @property
    def sequential(self) -> Bytes:
        """The map for errors, (256, 3): from the background's end to the far end."""
        return colour_map(_SEQUENTIAL_DARK if self.dark else _SEQUENTIAL_LIGHT)

    @property
    def diverging(self) -> Bytes:
        """The map for weights and differences, (256, 3): blue is negative, red positive."""
        return diverging_map(*(_DIVERGING_DARK if self.dark else _DIVERGING_LIGHT))

    def _follow(self, _scheme: Qt.ColorScheme | None = None) -> None:
        wanted = self._wanted()
        if wanted != self.colours:
            self.colours = wanted
            self._apply()
            self.changed.emit()

    def _wanted(self) -> Colours:
        if self._mode == "system":
            return DARK if self._hints.colorScheme() == Qt.ColorScheme.Dark else LIGHT
        return DARK if self._mode == "dark" else LIGHT

    def _apply(self) -> None:
        colours = self.colours
        self._application().setPalette(palette(colours))
        QToolTip.setPalette(palette(colours))
        pg.setConfigOptions(antialias=False, background=colours.base, foreground=colours.muted)

    @staticmethod
    def _application() -> QApplication:
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        return application


def palette(colours: Colours) -> QPalette:
    """Colours as a palette for the Fusion style, with its disabled group."""
    made = QPalette()
    role = QPalette.ColorRole
    roles = {
        role.Window: colours.window,
        role.WindowText: colours.text,
        role.Base: colours.base,
        role.AlternateBase: mix(colours.base, colours.window, 0.5),
        role.Text: colours.text,
        role.Button: colours.raised,
        role.ButtonText: colours.text,
        role.BrightText: colours.alert,
        role.ToolTipBase: colours.raised,
        role.ToolTipText: colours.text,
        role.PlaceholderText: colours.muted,
        role.Highlight: colours.accent,
        role.HighlightedText: colours.base,
        role.Accent: colours.accent,
        role.Link: colours.accent,
        role.LinkVisited: colours.accent,
        role.Light: mix(colours.raised, "#ffffff", 0.06 if colours.dark else 0.8),
        role.Midlight: mix(colours.raised, colours.line, 0.3),
        role.Mid: colours.line,
        role.Dark: mix(colours.line, "#000000", 0.25),
        role.Shadow: mix(colours.window, "#000000", 0.5),
    }
    for which, colour in roles.items():
        made.setColor(which, QColor(colour))
    faint = QColor(mix(colours.text, colours.window, 0.6))
    for which in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        made.setColor(QPalette.ColorGroup.Disabled, which, faint)
    made.setColor(QPalette.ColorGroup.Disabled, role.Highlight, QColor(colours.line))
    return made


def mix(colour: str, other: str, share: float) -> str:
    """A hex colour with a share of another one in it."""
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def category_colours(count: int, dark: bool = False) -> Bytes:
    """Colours of classes 0 to count − 1, (count, 3). Beyond ten the ten return lighter, then darker."""
    return np.array([_channels(category(i, dark)) for i in range(count)], np.uint8).reshape(count, 3)


def category(index: int, dark: bool = False) -> str:
    """The colour of one class, as hex; ``dark`` is that on a dark ground."""
    round_, place = divmod(index, len(CATEGORY))
    share = _CYCLE[round_ % len(_CYCLE)]
    colour = (CATEGORY_ON_DARK if dark else CATEGORY)[place]
    return mix(colour, "#ffffff" if share > 0 else "#000000", abs(share))


def vivid(index: int, dark: bool) -> str:
    """The colour of one class for lines and words: brighter on a dark ground, where they are thin."""
    return mix(category(index), "#ffffff", 0.25 if dark else 0.0)


def paper_colours(table: Bytes) -> Bytes:
    """Colours (m, 3) of classes, or from the sequential map, on a dark ground as those on white.

    Any others are left as they are.
    """
    count = len(table)
    if np.array_equal(table, category_colours(count, dark=True)):
        return category_colours(count)
    on_dark, on_white = (colour_map(name)[-count:] for name in (_SEQUENTIAL_DARK, _SEQUENTIAL_LIGHT))
    return on_white if np.array_equal(table, on_dark) else table


@cache
def diverging_map(far_negative: str, negative: str, zero: str, positive: str, far_positive: str) -> Bytes:
    """A map through five colours, (256, 3), zero in the middle and even in lightness to both sides."""
    colours = [_channels(c) for c in (far_negative, negative, zero, positive, far_positive)]
    places, at = (0.0, 0.22, 0.5, 0.78, 1.0), np.linspace(0, 1, 256)
    channels = [np.interp(at, places, [colour[i] for colour in colours]) for i in range(3)]
    return np.rint(np.stack(channels, axis=1)).astype(np.uint8)


@cache
def colour_map(name: str) -> Bytes:
    """A perceptually uniform map by its name (Kovesi's CET maps or matplotlib's), (256, 3)."""
    table = pg.colormap.get(name).getLookupTable(0.0, 1.0, 256, alpha=False)
    return np.ascontiguousarray(table[:, :3], dtype=np.uint8)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
