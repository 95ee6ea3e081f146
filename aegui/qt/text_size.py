"""How large the text is: a share of the system's size, which every widget that there is takes on at once."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication, QWidget

NORMAL = 100  # percent of the system's size
TEXT_SIZES = {85: "&Small", NORMAL: "&Normal", 125: "&Large", 150: "&Very large, for a projector"}

_SCALED = "text-is-scaled"  # a property of the application


def scale_text(application: QApplication, percent: int) -> None:
    """Gives all text so many percent of the system's size, now and in what is made later."""
    if percent == NORMAL and not application.property(_SCALED):
        return  # the system's font, which may change while the program runs
    application.setProperty(_SCALED, True)
    system = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    wanted = _with_size(system, _size(system) * percent / 100)
    ratio = _size(wanted) / _size(application.font())
    if ratio == 1:
        return
    windows = application.topLevelWidgets()
    sizes = [_sizes(window) for window in windows]
    application.setFont(wanted)
    for _ in range(2):  # first the application is told, then every window is
        QCoreApplication.sendPostedEvents(None, QEvent.Type.ApplicationFontChange.value)
    for window, before in zip(windows, sizes, strict=True):
        _scale(window, before, ratio)


Sizes = tuple[float, list["Sizes"]]  # of a widget, and of each that lies in it


def _sizes(widget: QWidget) -> Sizes:
    return _size(widget.font()), [_sizes(inner) for inner in _inside(widget)]


def _scale(widget: QWidget, before: Sizes, ratio: float) -> None:
    """A widget with a size of its own does not follow the application."""
    size, inner = before
    if abs(_size(widget.font()) - size * ratio) > 0.01:
        widget.setFont(_with_size(widget.font(), size * ratio))
    for child, sizes in zip(_inside(widget), inner, strict=True):
        _scale(child, sizes, ratio)


def _inside(widget: QWidget) -> list[QWidget]:
    return widget.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)


def _size(font: QFont) -> float:
    """In points, or in pixels where it has none."""
    return font.pointSizeF() if font.pointSizeF() > 0 else float(font.pixelSize())


def _with_size(font: QFont, size: float) -> QFont:
    made = QFont(font)
    if font.pointSizeF() > 0:
        made.setPointSizeF(size)
    else:
        made.setPixelSize(max(1, round(size)))
    return made
