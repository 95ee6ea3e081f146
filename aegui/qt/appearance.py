"""What the user decides about the look of a window: the theme and the size of the text."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

from aegui.qt.text_size import TEXT_SIZES
from aegui.qt.theme import MODES

if TYPE_CHECKING:
    from aegui.qt.window import Window

THEMES = {mode: "As the &system" if mode == "system" else f"&{mode.capitalize()}" for mode in MODES}


class Appearance(QObject):
    """Changes the look at once, and keeps it for the next start; the View menu shows what it is."""

    changed = Signal()

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._theme, self._settings = window.theme, window.settings
        self.theme_menu = self._menu("&Theme", THEMES, self.set_theme)
        self.text_menu = self._menu("Text si&ze", TEXT_SIZES, self.set_text_size)
        self._show()

    def _menu(self, title: str, choices: dict[Any, str], choose: Callable[[Any], None]) -> QMenu:
        menu, group = QMenu(title, self._window), QActionGroup(self)
        for value, text in choices.items():
            action = menu.addAction(text)
            action.setCheckable(True)
            action.setData(value)
            action.triggered.connect(lambda _=False, v=value: choose(v))
            group.addAction(action)
        return menu

    @property
    def theme(self) -> str:
        """ "system", "light" or "dark"."""
        return self._theme.mode

    @property
    def text_size(self) -> int:
        """Percent of the system's size."""
        return self._theme.text_size

    def set_theme(self, mode: str) -> None:
        """Light, dark or as the desktop."""
        self._settings.theme = mode
        self._theme.set_mode(mode)
        self._show()

    def set_text_size(self, percent: int) -> None:
        """One of the sizes in ``TEXT_SIZES``."""
        grows = percent > self.text_size
        self._settings.text_size = percent
        self._theme.set_text_size(percent)
        if grows:
            self._window.arrangement.make_room()
        self._show()

    def resize_text(self, steps: int) -> None:
        """A size or more up or down, as far as there are any."""
        sizes = [*TEXT_SIZES]
        place = sizes.index(self.text_size) + steps
        self.set_text_size(sizes[max(0, min(place, len(sizes) - 1))])

    def _show(self) -> None:
        for menu, value in ((self.theme_menu, self.theme), (self.text_menu, self.text_size)):
            for action in menu.actions():
                action.setChecked(action.data() == value)
        self.changed.emit()
