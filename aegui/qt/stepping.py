"""Lets a view do single updates of the run, and tells it why it cannot."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from aegui.qt.session import Session, State
from aegui.qt.views.inside.view import InsideView


class Stepping(QObject):
    """Between the session and the view that goes through updates slowly."""

    def __init__(self, session: Session, view: InsideView) -> None:
        super().__init__(view)
        self._session, self._view = session, view
        session.state_changed.connect(self._tell)
        session.snapshot_taken.connect(self._tell)
        view.step_wanted.connect(session.step)
        self._tell()

    @Slot()
    def _tell(self) -> None:
        self._view.slow.hinder(hindrance(self._session))


def hindrance(session: Session) -> str:
    """Why the next update of the run on screen cannot be done now; empty if it can."""
    snapshot = session.snapshot
    if session.state is State.EXAMPLE:
        return "This is a trained example. Reset (R) begins a run of your own, whose updates can be done."
    if session.running:
        return "The run is training. Pause it (Space) to do its updates one by one."
    if session.state is State.STOPPED:
        return "The run was stopped by an error. Reset (R) begins it anew."
    if session.replaying:
        return "This is an earlier moment. Go back to the present to do the next update."
    if session.older:
        return "Settings have changed that this run does not follow. Reset (R) begins one with them."
    if snapshot is not None and snapshot.finished:
        return "The run is over: there is no next update. More epochs let it go on."
    return "" if session.can_start else "There is something to put right first: the panels mark it in red."
