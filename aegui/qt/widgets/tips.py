"""Tooltips: as they are written, and of widgets that have several, by place."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF
from PySide6.QtGui import QHelpEvent, Qt
from PySide6.QtWidgets import QToolTip, QWidget

_LONGEST = 160  # characters of a line, beyond which it is wrapped


def plain(tip: str) -> str:
    """A tip that is shown as it is written: names may look like HTML, or be longer than a screen is wide."""
    long = any(len(line) > _LONGEST for line in tip.split("\n"))
    return Qt.convertFromPlainText(tip) if long or Qt.mightBeRichText(tip) else tip


def shows_tip(event: QEvent, widget: QWidget, tip_at: Callable[[QPointF], str | None]) -> bool:
    """Shows the tip of the place that an event asks about; returns whether it was such an event.

    An empty tip takes the present one away; None leaves the event to the widget.
    """
    if not isinstance(event, QHelpEvent) or event.type() != QEvent.Type.ToolTip:
        return False
    tip = tip_at(QPointF(event.pos()))
    if tip is None:
        return False
    QToolTip.showText(event.globalPos(), plain(tip), widget)
    return True
