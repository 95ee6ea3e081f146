"""What happens before a window is gone: unsaved changes are asked about, and the run is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEventLoop, Qt
from PySide6.QtWidgets import QApplication, QDialog, QMessageBox

from aegui.errors import AeguiError
from aegui.qt.widgets.buttons import without_icons

if TYPE_CHECKING:
    from aegui.qt.window import Window


def may_close(window: Window) -> bool:
    """Asks what has to be asked, and saves the run; asks again if that fails."""
    # Within its own event close() does nothing: it is for a file that is chosen after it.
    if not window.files.unless_kept(window.close):
        return False
    try:
        window.session.settle()
    except AeguiError as error:
        return _closes_unsaved(window, error)
    return True


def end(window: Window) -> None:
    """Ends everything that works for the window, which is on its way out."""
    window.arrangement.remember()
    window.hide()
    for dialog in window.findChildren(QDialog):
        if not dialog.isModal():  # a modal one may be what closes the window, by its answer
            dialog.close()  # what could be used beside the window would outlive it
    QApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)  # it is gone at once
    window.exporting.wait()
    window.animation.wait()
    window.sharing.end()
    window.session.end()
    window.recovery.end()
    window.autosave.end()
    window.loss.formula.end()


def _closes_unsaved(window: Window, error: AeguiError) -> bool:
    box = QMessageBox(window)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setWindowTitle("The run is not saved")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText("\n".join(error.lines))
    lose = box.addButton("Close without saving", QMessageBox.ButtonRole.DestructiveRole)
    elsewhere = box.addButton("Save to another folder…", QMessageBox.ButtonRole.AcceptRole)
    box.addButton(QMessageBox.StandardButton.Cancel)
    without_icons(box)
    box.exec()
    box.deleteLater()
    if box.clickedButton() is elsewhere:
        window.files.ask_save_run()
    elif box.clickedButton() is lose:
        window.session.recording.give_up()
    return box.clickedButton() is lose
