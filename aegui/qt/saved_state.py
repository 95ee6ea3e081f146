"""What of a window's work is on disk, and where: told when something has gone wrong."""

from __future__ import annotations

from aegui.qt.journal import Journal
from aegui.qt.window import Window


def saved_state(window: Window) -> list[str]:
    """A sentence for the experiment, and one for the run if there is one."""
    run = _of_run(window)
    return [_of_experiment(window), *([run] if run else [])]


def _of_experiment(window: Window) -> str:
    document = window.document
    if document.path is None:
        return (
            "The experiment has changes that are in no file yet."
            if document.modified
            else "The experiment is as it was opened: there is nothing to save."
        )
    if document.modified:
        return f"The experiment has changes that are not in its file yet, {document.path}."
    return f"The experiment is saved in {document.path}."


def _of_run(window: Window) -> str:
    session, journal = window.session, window.findChild(Journal)
    if session.starting or not session.has_run or session.present is None:
        return ""
    step, saved = session.present.step, session.recording.saved_step
    if step == 0:
        return ""
    if saved == 0:
        return f"The run, now at step {step:,}, is not on disk yet. Closing aegui writes it."
    folder = journal.run_folder if isinstance(journal, Journal) else None
    where = f" in {folder}" if folder is not None else ""
    upto = f"The run is saved up to step {saved:,}{where}"
    return f"{upto}." if saved == step else f"{upto}; it is at step {step:,}. Closing aegui writes the rest."
