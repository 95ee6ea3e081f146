"""What an experiment is called on screen."""

from __future__ import annotations

from aegui.spec import Experiment


def shown_title(experiment: Experiment) -> str:
    """Its title, or "Untitled"."""
    return experiment.title.strip() or "Untitled"
