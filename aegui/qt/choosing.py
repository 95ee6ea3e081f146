"""The file that a file dialog was closed with, and a dialog for a folder that need not be there yet."""

from __future__ import annotations

import os
from collections.abc import Callable

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QDialogButtonBox, QFileDialog, QLineEdit, QWidget


def when_chosen(dialog: QFileDialog, take: Callable[[str], object]) -> None:
    """Calls ``take`` with the path.

    Where one is typed while another is marked in the list, Qt's own dialog gives both, the typed one
    first, and does not emit ``fileSelected``.
    """
    dialog.filesSelected.connect(lambda paths: take(paths[0]))


class NewFolderDialog(QFileDialog):
    """Asks for a folder, also for one that is made afterwards: its name may be typed.

    Qt's own dialog takes only folders that exist. The desktop's have a button that makes one.
    """

    def __init__(self, parent: QWidget, title: str) -> None:
        super().__init__(parent, title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFileMode(QFileDialog.FileMode.Directory)
        self.setOption(QFileDialog.Option.ShowDirsOnly)
        field = self.findChild(QLineEdit, "fileNameEdit")
        if isinstance(field, QLineEdit):  # not in a dialog of the desktop
            field.textChanged.connect(self._allow_new)  # after Qt, which forbids them

    def accept(self) -> None:
        path = self._new_folder()
        if path is None:
            super().accept()
        else:
            self.done(QFileDialog.DialogCode.Accepted)
            self.filesSelected.emit([path])

    @Slot()
    def _allow_new(self) -> None:
        buttons = self.findChild(QDialogButtonBox, "buttonBox")
        if self._new_folder() is not None and isinstance(buttons, QDialogButtonBox):
            buttons.button(QDialogButtonBox.StandardButton.Open).setEnabled(True)

    def _new_folder(self) -> str | None:
        """The path that is typed, if there is nothing of that name."""
        chosen = self.selectedFiles()
        return chosen[0] if chosen and not os.path.lexists(chosen[0]) else None
