"""What a view looks like on paper: a figure of matplotlib, which is drawn in another thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aegui.runs.plates import LossLines
from aegui.training.snapshot import Snapshot

if TYPE_CHECKING:  # matplotlib takes most of a second to load, which the drawing's thread does
    from matplotlib.figure import Figure


@dataclass(frozen=True, eq=False)
class Paper:
    """One figure. ``draw`` holds values alone and nothing of Qt, since another thread calls it."""

    name: str  # of the file
    title: str  # what it shows, for the facts in the file
    draw: Callable[[], Figure]
    about: str = ""  # what it shows, where that is not the run on screen


def loss_paper(snapshot: Snapshot, shown: LossLines, *, log: bool) -> Paper:
    """The curves of a run."""

    def draw() -> Figure:
        from aegui.runs.loss_figure import loss_figure

        return loss_figure(snapshot, shown, log=log)

    return Paper("loss", "loss", draw)
