"""Reads the run of a left session, to go on with it where it is if that can be."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from aegui.errors import AeguiError, OperationFailed
from aegui.spec import Experiment

if TYPE_CHECKING:
    from aegui.runs.folder import RunFolder


@dataclass(frozen=True, eq=False)
class Taken:
    """What a run can be taken up from.

    ``folder`` is claimed; None if that cannot be, for the reason in ``hindrance``.
    """

    experiment: Experiment
    checkpoint: bytes
    frames: bytes | None
    folder: RunFolder | None
    hindrance: OperationFailed | None

    def leave(self) -> None:
        """Lets others go on with it."""
        if self.folder is not None:
            self.folder.release()


def take(run: Path) -> Taken:
    """In a thread. Raises InvalidInput if the run is not there, or damaged."""
    from aegui.runs.folder import RunFolder  # brings torch
    from aegui.runs.reading import read_state

    folder, hindrance = RunFolder.open(run), None
    try:
        folder.claim()
    except OperationFailed as error:  # it is read-only, or somebody else goes on with it
        hindrance = error
    try:
        return Taken(*read_state(run), None if hindrance else folder, hindrance)
    except AeguiError:
        folder.release()
        raise
