"""Where the tabulator stops: widgets that are made later stand where they are seen."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def put_stops(place: QWidget, stops: Sequence[QWidget]) -> None:
    """Lets the tabulator go through these in this order, behind what it passes before ``place``."""
    for one, other in pairwise((stop_before(place, stops), *stops)):
        if one is not None and other is not None:
            QWidget.setTabOrder(one, other)


def stop_before(place: QWidget, ignored: Sequence[QWidget] = ()) -> QWidget | None:
    """The nearest widget in front of a place at which the tabulator stops; None if there is none."""
    before = place.previousInFocusChain()
    while before is not None and before is not place:
        if before.focusPolicy() & Qt.FocusPolicy.TabFocus and before not in ignored:
            return before
        before = before.previousInFocusChain()
    return None
