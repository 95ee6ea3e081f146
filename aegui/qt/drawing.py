"""What the draw workspace asks of the window: a colour, and the clipboard's picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtWidgets import QColorDialog

from aegui.qt.views.draw import DrawView

if TYPE_CHECKING:
    from aegui.qt.window import Window


class Drawing(QObject):
    """Answers what a draw view asks for; samples that are picked among the codes go onto its pad."""

    def __init__(self, view: DrawView, window: Window) -> None:
        super().__init__(view)
        self._view, self._window = view, window
        view.colour_asked.connect(self._ask_colour)
        view.paste_asked.connect(self._paste)
        window.latent.picked.connect(self._put)

    @Slot(object)
    def _ask_colour(self, colour: QColor) -> None:
        dialog = QColorDialog(colour, self._window)
        dialog.setWindowTitle("Colour of the brush")
        dialog.colorSelected.connect(self._view.set_ink)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot()
    def _paste(self) -> None:
        self._view.put_picture(QGuiApplication.clipboard().image())

    @Slot(int)
    def _put(self, sample: int) -> None:
        if self._view.isVisible():
            self._view.put_test_sample(sample)
