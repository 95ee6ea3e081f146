"""Which page of the manual is about which part of the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from aegui.qt.manual.pages import FIRST
from aegui.qt.workspaces import WORKSPACES

if TYPE_CHECKING:
    from aegui.qt.window import Window

# By the names of classes, most of which have not been imported yet.
TOPICS = {
    "DataPanel": "data",
    "ArchitecturePanel": "network",
    "ObjectivePanel": "types",
    "TrainingPanel": "training",
    "LossView": "training",
    "PicturesView": "training",
    "LatentView": "latent",
    "ReductionView": "reduction",
    "DenoisingView": "denoising",
    "AnomaliesView": "anomalies",
    "FeaturesView": "features",
    "InsideView": "inside",
    "DrawView": "draw",
    "CompareView": "compare",
    "ReplayBar": "runs",
    "Messages": "troubleshooting",
    "ImportDialog": "data",
    "Gallery": "types",
    "ShareDialog": "runs",
    "RecoveryDialog": "runs",
}


def topic_of(widget: QWidget | None, window: Window) -> str:
    """The page on the part that a widget stands in; else on the tab in front."""
    while widget is not None:
        for cls in type(widget).__mro__:
            if cls.__name__ in TOPICS:
                return TOPICS[cls.__name__]
        widget = widget.parentWidget()
    place = window.workspaces.currentIndex()
    return WORKSPACES[place - 1].id if place > 0 else FIRST
