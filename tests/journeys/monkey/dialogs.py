"""What the monkey does with menus and dialogs that are open."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from hands import Hands
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit, QMenu, QMessageBox, QProgressDialog, QWidget
from shiboken6 import isValid
from things import Things

_SUFFIXES = {"Save experiment": ".toml", "Save the sweep": ".csv", "Animate": ".gif", "Write": ""}


class Dialogs:
    """Chooses, fills in, accepts, cancels. ``waits`` lets milliseconds pass, ``asked`` answers questions."""

    def __init__(self, hands: Hands, things: Things, waits: Callable[[int], str]) -> None:
        self._hands, self._things, self._waits = hands, things, waits
        self.asked = Random(0)

    def uses_popup(self, popup: QWidget) -> str:
        """A menu: an entry of it, or away with it."""
        rng = self._hands.rng
        if isinstance(popup, QMenu) and rng.random() < 0.6:
            entries = [
                a for a in popup.actions() if a.isEnabled() and not a.isSeparator() and not _leaves(a.text())
            ]
            if entries:
                entry = rng.choice(entries)
                text = entry.text()
                self._hands.clicks_at(popup, popup.actionGeometry(entry).center())
                return f"clicks the entry {text}"
        keys = rng.choice(("Esc", "Esc", "Down", "Up"))
        self._hands.presses(popup, keys)
        if keys == "Esc" and isValid(popup) and popup.isVisible():
            popup.close()
        return f"presses {keys} in a popup"

    def uses(self, dialog: QWidget) -> str:
        """A control of a dialog, a file for it, or an answer."""
        rng, kind = self._hands.rng, type(dialog).__name__
        if isinstance(dialog, QFileDialog):
            return self._names_file(dialog)
        if isinstance(dialog, QMessageBox):
            return self._hands.clicks_middle(self.asked.choice(dialog.buttons()))
        if isinstance(dialog, QProgressDialog) and rng.random() < 0.8:
            return self._waits(rng.choice((20, 200)))
        if rng.random() < 0.1:
            return f"{self._hands.presses(dialog, 'Esc')} in {kind}"
        return f"{self._hands.uses_any(dialog)} in {kind}"

    def _names_file(self, dialog: QFileDialog) -> str:
        title = dialog.windowTitle()
        if dialog.acceptMode() == QFileDialog.AcceptMode.AcceptSave or title.startswith("Write"):
            beginnings = (suffix for start, suffix in _SUFFIXES.items() if title.startswith(start))
            path = self._things.to_write(next(beginnings, "." + dialog.defaultSuffix()), self._hands.rng)
            if title.startswith("Write") and path.parent.is_dir() and not path.exists():
                path.mkdir()
        else:
            path = self._things.to_open(title, self._hands.rng)
        line = dialog.findChild(QLineEdit, "fileNameEdit")
        if path is None or line is None or self._hands.rng.random() < 0.25:
            dialog.reject()
            return f"cancels “{title}”"
        line.setText(str(path))
        QTest.keyClick(line, Qt.Key.Key_Return)
        if dialog.isVisible():  # it was still reading its folder, or has no such file
            dialog.reject()
        return f"names {path.name} in “{title}”"


def _leaves(text: str) -> bool:
    """Whether an entry ends the program or leads out of it."""
    return text.replace("&", "").lower() in ("quit", "open runs folder")
