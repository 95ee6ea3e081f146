"""Tooltips of widgets that have several, by place."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QToolTip, QWidget


def shows_tip(event: QEvent, widget: QWidget, tip_at: Callable[[QPointF], str | None]) -> bool:
    """Shows the tip of the place that an event asks about; returns whether it was such an event.

    An empty tip takes the present one away; None leaves the event to the widget.
    """
    if not isinstance(event, QHelpEvent) or event.type() != QEvent.Type.ToolTip:
        return False
    tip = tip_at(QPointF(event.pos()))
    if tip is None:
        return False
    QToolTip.showText(event.globalPos(), tip, widget)
    return True
