"""What the menu Help does. Each window of it is imported when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog

import aegui
from aegui.qt.messages import Message
from aegui.qt.widgets.shortcuts import on_key
from aegui.resources import resource

if TYPE_CHECKING:
    from aegui.qt.window import Window


def show_manual(window: Window, dialog: QDialog | None = None) -> None:
    """The manual, at the page on what has the focus, which may be in a dialog before the window."""
    from aegui.qt.manual.topics import topic_of
    from aegui.qt.manual.window import ManualWindow

    manual = window.findChild(ManualWindow) or ManualWindow(window)
    manual.open_page(topic_of(QApplication.focusWidget(), window))
    manual.show()
    manual.stand_before(dialog or window)
    if dialog is not None:
        dialog.finished.connect(lambda: manual.stand_before(window))
    manual.raise_()
    manual.activateWindow()
    manual.text.setFocus()


def open_dialog(dialog: QDialog, window: Window) -> None:
    """Opens a dialog before a window, until it is closed; F1 opens the manual as it does in the window."""
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    on_key(dialog, Qt.Key.Key_F1, lambda: show_manual(window, dialog))
    dialog.open()


def show_keys(window: Window) -> None:
    """Lists every key."""
    from aegui.qt.keys import keys_table
    from aegui.qt.widgets.page_dialog import PageDialog

    open_dialog(PageDialog("Keyboard shortcuts", keys_table(), window), window)


def show_news(window: Window) -> None:
    """What changed from version to version."""
    from aegui.qt.widgets.page_dialog import PageDialog

    changelog = resource("changelog.md").read_text(encoding="utf-8")
    open_dialog(PageDialog("What is new", changelog, window), window)


def show_about(window: Window) -> None:
    """Says what this is, and whose work is in it."""
    from aegui.qt.about import AboutDialog

    open_dialog(AboutDialog(window), window)


def tell_update(window: Window) -> None:
    """Says once after an update that there is something new; at the very first start everything is."""
    before = window.settings.version
    if before == aegui.__version__:
        return
    window.settings.version = aegui.__version__
    if before:
        text = f"This is aegui {aegui.__version__}; the last start was of {before}."
        window.messages.say(Message("notice", text, "update", "What is new", lambda: show_news(window)))
