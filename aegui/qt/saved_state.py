"""Saves what can be saved when something has gone wrong, and says what of a window's work is where."""

from __future__ import annotations

from aegui.qt.window import Window


def saved_state(window: Window) -> list[str]:
    """Keeps what is on screen; a sentence for the experiment, and one for the run if there is one."""
    return [_of_experiment(window), *_of_run(window)]


def _of_experiment(window: Window) -> str:
    document, failure = window.document, window.autosave.save()
    if not document.modified:
        if document.path is None:
            return "The experiment is as it was opened: there is nothing to save."
        return f"The experiment is saved in {document.path}."
    file = "any file" if document.path is None else document.path
    changes = f"The experiment has changes that are not in {file} yet."
    if failure:
        return f"{changes} A copy of it could not be kept: {failure}."
    return f"{changes} A copy of it was kept just now: should aegui end, the next start offers it."


def _of_run(window: Window) -> list[str]:
    session, recording = window.session, window.session.recording
    if session.starting or not session.has_run or session.present is None or session.present.step == 0:
        return []
    step, saved = session.present.step, recording.saved_step
    folder = recording.folder_of(recording.current)
    if saved == 0 or folder is None:
        return [f"The run, now at step {step:,}, is not on disk yet. Closing aegui writes it."]
    upto = f"The run is saved up to step {saved:,} in {folder}"
    if saved == step:
        return [f"{upto}."]
    return [f"{upto}; it is at step {step:,}. Closing aegui writes the rest."]
