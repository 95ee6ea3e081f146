"""Leads the eye to the control of one part, wherever in the column it is."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from aegui.qt.form import Field
from aegui.qt.panels.panel import Panel
from aegui.qt.widgets.section import Section


def reveal(panels: Iterable[Panel], *paths: str) -> Field | None:
    """Unfolds, scrolls to and points at the first of the paths that has a control; None if none has."""
    panels = tuple(panels)
    for panel in panels:
        panel.point_out("")
    for path in paths:
        for panel in panels:
            if path in _shown(panel):
                panel.point_out(path)
                field = panel.field(path)
                _bring_into_view(field)
                field.controls[path].setFocus()
                return field
    return None


def _shown(panel: Panel) -> set[str]:
    """Paths that have a control for the experiment as it is."""
    experiment = panel.document.experiment
    return {path for field in panel.fields if field.applies(experiment) for path in field.controls}


def _bring_into_view(field: Field) -> None:
    above: list[QWidget] = []
    while (parent := (above[-1] if above else field).parentWidget()) is not None:
        above.append(parent)
    for widget in reversed(above):
        if isinstance(widget, Section):
            widget.set_expanded(True)
    QApplication.sendPostedEvents()  # what was unfolded has its place only then
    for widget in above:
        if isinstance(widget, QScrollArea):
            widget.ensureWidgetVisible(field, 0, field.height())
