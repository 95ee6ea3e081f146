"""``aegui FILE`` where a window is open already: the file is opened there, and this process ends."""

from __future__ import annotations

from pathlib import Path

from aegui.handover import hand_over, is_any_window_open


def opened_elsewhere(path: Path) -> bool:
    """Whether a window that is open has taken a file. Raises InvalidInput if the file cannot be used."""
    if not is_any_window_open():
        return False
    _check(path)
    return hand_over(path.absolute())


def _check(path: Path) -> None:
    from aegui.runs.package.contents import SUFFIX

    if path.suffix.lower() == SUFFIX:
        from aegui.runs.package.unpacking import experiment_of  # brings torch

        experiment_of(path)
    else:
        from aegui.spec import load

        load(path)
