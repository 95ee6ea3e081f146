"""What the File menu does: experiment files, and the folder of the run."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QMenu, QMessageBox

from aegui.errors import AeguiError, InvalidInput
from aegui.qt.choosing import NewFolderDialog, when_chosen
from aegui.qt.helping import open_dialog
from aegui.qt.messages import Message
from aegui.qt.sharing import is_package
from aegui.qt.titles import shown_title
from aegui.qt.widgets.buttons import without_icons
from aegui.runs.names import runs_folder
from aegui.runs.package.contents import SUFFIX
from aegui.spec import Experiment, foreign_paths
from aegui.spec.presets import preset, presets

if TYPE_CHECKING:
    from aegui.qt.window import Window

_SAVING = "Experiments (*.toml);;All files (*)"
_OPENING = f"Experiments (*.toml *{SUFFIX});;All files (*)"


class Files(QObject):
    """Opens and saves, and never lets unsaved changes go without asking."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._awaited: tuple[Experiment, bytes, bytes | None] | None = None  # a run that waits for its data
        # Queued: the session has to have the data before.
        window.document.dataset_changed.connect(self._take_up, Qt.ConnectionType.QueuedConnection)
        self.recent_menu = QMenu("Open &recent", window)
        self.recent_menu.aboutToShow.connect(self._fill_recent)

    def new(self) -> None:
        """An experiment to start from."""
        self.unless_kept(lambda: self._window.document.new(preset("undercomplete").experiment))

    def ask_preset(self) -> None:
        """Lists the presets to start from."""
        from aegui.qt.gallery import Gallery

        gallery = Gallery(presets(), self._window)
        gallery.chosen.connect(
            lambda chosen: self.unless_kept(lambda: self._window.document.new(chosen.experiment))
        )
        open_dialog(gallery, self._window)

    def ask_open(self) -> None:
        """Asks for a file, unless there are changes that the user wants to keep."""
        self.unless_kept(self._ask_open)

    def open(self, path: Path) -> bool:
        """Opens an experiment file, or a package, which takes a while; a wrong one changes nothing."""
        if is_package(path):
            self._window.sharing.open(path)
            return True
        try:
            self._window.document.open(path)
        except AeguiError as error:
            self._window.tell_error(error, key="file")
            if isinstance(error, InvalidInput) and not os.path.exists(path):
                self._window.settings.forget(path)
            return False
        self._window.messages.withdraw("file")
        self._window.settings.remember(path)
        return True

    def save(self, then: Callable[[], object] | None = None) -> None:
        """Saves to the file that it came from, or asks for one."""
        path = self._window.document.path
        if path is None:
            self.ask_save(then)
        elif self._save(path) and then is not None:
            then()

    def ask_save(self, then: Callable[[], object] | None = None) -> None:
        """Asks for a file and saves."""
        document = self._window.document
        suggested = document.path or Path(f"{shown_title(document.experiment)}.toml")
        dialog = self._dialog("Save experiment", QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("toml")
        dialog.selectFile(str(suggested))
        when_chosen(dialog, lambda chosen: self._save(Path(chosen)) and then and then())
        dialog.open()

    def ask_save_run(self) -> None:
        """Asks for a folder and writes the run there."""
        dialog = NewFolderDialog(self._window, "Write the run to an empty or new folder")
        when_chosen(dialog, lambda chosen: self._window.session.save_run(Path(chosen)))
        dialog.open()

    def ask_open_run(self) -> None:
        """Asks for the folder of a run, unless there are changes that the user wants to keep."""
        self.unless_kept(self._ask_open_run)

    def open_run(self, path: Path) -> bool:
        """Takes up a run on disk, its network and its moments; a wrong folder changes nothing."""
        from aegui.runs.reading import read_state

        window = self._window
        try:
            experiment, checkpoint, frames = read_state(path)
        except AeguiError as error:
            window.tell_error(error, key="file")
            return False
        window.messages.withdraw("file")
        window.document.new(experiment)
        self._awaited = experiment, checkpoint, frames
        if not window.loading.busy:
            self._take_up()
        return True

    @Slot()
    def _take_up(self) -> None:
        """Puts the run that was opened on screen once its data are there, wherever they were found."""
        document = self._window.document
        if self._awaited is None or document.dataset is None:
            return
        (experiment, checkpoint, frames), self._awaited = self._awaited, None
        if not foreign_paths(experiment, document.experiment):
            self._window.session.take_up(checkpoint, frames)

    def show_runs(self) -> None:
        """Opens the runs folder in the desktop's file browser."""
        folder = runs_folder()
        self._window.messages.say(Message("note", f"Runs are kept in {folder}", "runs"))
        if folder.is_dir():
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def unless_kept(self, then: Callable[[], object]) -> bool:
        """Goes on unless there are unsaved changes that the user does not want to lose."""
        document = self._window.document
        if not document.modified:
            then()
            return True
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle("Unsaved changes")
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(f"Save the changes to “{shown_title(document.experiment)}”?")
        buttons = QMessageBox.StandardButton
        box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
        box.setDefaultButton(buttons.Save)
        without_icons(box)
        answer = box.exec()
        box.deleteLater()
        if answer == buttons.Save:
            self.save(then)
        elif answer == buttons.Discard:
            then()
        return answer == buttons.Discard or (answer == buttons.Save and not document.modified)

    def _ask_open(self) -> None:
        dialog = self._dialog("Open experiment", QFileDialog.AcceptMode.AcceptOpen)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        when_chosen(dialog, lambda chosen: self.open(Path(chosen)))
        dialog.open()

    def _ask_open_run(self) -> None:
        dialog = QFileDialog(self._window, "Open the folder of a run", str(runs_folder()))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        when_chosen(dialog, lambda chosen: self.open_run(Path(chosen)))
        dialog.open()

    def _dialog(self, title: str, mode: QFileDialog.AcceptMode) -> QFileDialog:
        recent = self._window.settings.recent
        path = self._window.document.path or (recent[0] if recent else None)
        dialog = QFileDialog(self._window, title, str(path.parent) if path else "")
        dialog.setNameFilter(_OPENING if mode is QFileDialog.AcceptMode.AcceptOpen else _SAVING)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(mode)
        return dialog

    def _save(self, path: Path) -> bool:
        try:
            self._window.document.save(path)
        except AeguiError as error:
            self._window.tell_error(error, key="file", action="Save as…", run=self.ask_save)
            return False
        self._window.settings.remember(path)
        self._window.messages.withdraw("file")
        self._window.messages.say(Message("note", f"Saved {path}", "saved"))
        return True

    @Slot()
    def _fill_recent(self) -> None:
        self.recent_menu.clear()
        for path in self._window.settings.recent:
            action = self.recent_menu.addAction(f"{path.name}  —  {path.parent}")
            action.triggered.connect(lambda _=False, p=path: self.unless_kept(lambda: self.open(p)))
        if self.recent_menu.isEmpty():
            self.recent_menu.addAction("No files yet").setEnabled(False)
