"""The file that a file dialog was closed with."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFileDialog


def when_chosen(dialog: QFileDialog, take: Callable[[str], object]) -> None:
    """Calls ``take`` with the path.

    Where one is typed while another is marked in the list, Qt's own dialog gives both, the typed one
    first, and does not emit ``fileSelected``.
    """
    dialog.filesSelected.connect(lambda paths: take(paths[0]))
