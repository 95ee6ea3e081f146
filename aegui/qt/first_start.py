"""The first start: theme and size of the text, chosen beside a window that is ready to be used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QDialogButtonBox,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QLayout,
    QRadioButton,
    QVBoxLayout,
)

from aegui.qt.appearance import THEMES
from aegui.qt.text_size import TEXT_SIZES
from aegui.qt.widgets.buttons import without_icons
from aegui.qt.widgets.words import Words

if TYPE_CHECKING:
    from aegui.qt.window import Window

_LATER = "Both can be changed at any time, in the menu View."


class FirstStart(QDialog):
    """What is clicked is seen at once, and kept. Closing it by Enter or Escape leaves all as it is seen."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self.setWindowTitle("Welcome")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._look = window.appearance
        self._build()
        self._look.changed.connect(self._show)
        self._show()

    def _build(self) -> None:
        self.themes, themes = self._group("Theme", THEMES)
        self.sizes, sizes = self._group("Size of the text", TEXT_SIZES)
        self.themes.idClicked.connect(lambda at: self._look.set_theme([*THEMES][at]))
        self.sizes.idClicked.connect(lambda at: self._look.set_text_size([*TEXT_SIZES][at]))
        groups = QHBoxLayout()
        groups.addWidget(themes)
        groups.addWidget(sizes)
        self.buttons = QDialogButtonBox(self)
        start = self.buttons.addButton("Start", QDialogButtonBox.ButtonRole.AcceptRole)
        start.setDefault(True)
        without_icons(self.buttons)
        self.buttons.accepted.connect(self.accept)
        later = Words(self)
        later.say(_LATER)
        layout = QVBoxLayout(self)
        layout.setSizeConstraint(QLayout.SizeConstraint.SetFixedSize)  # it grows with the text
        layout.setSpacing(10)
        layout.addWidget(QLabel("How would you like aegui to look?", self))
        layout.addLayout(groups)
        layout.addWidget(later)
        layout.addWidget(self.buttons)

    def _group(self, title: str, choices: dict[Any, str]) -> tuple[QButtonGroup, QGroupBox]:
        box, group = QGroupBox(title, self), QButtonGroup(self)
        layout = QVBoxLayout(box)
        for at, text in enumerate(choices.values()):
            button = QRadioButton(text.replace("&", ""), box)
            group.addButton(button, at)
            layout.addWidget(button)
        layout.addStretch(1)
        return group, box

    @Slot()
    def _show(self) -> None:
        self.themes.button([*THEMES].index(self._look.theme)).setChecked(True)
        self.sizes.button([*TEXT_SIZES].index(self._look.text_size)).setChecked(True)
        for button in (*self.themes.buttons(), *self.sizes.buttons()):  # Tab leads to what is chosen
            policy = Qt.FocusPolicy.StrongFocus if button.isChecked() else Qt.FocusPolicy.ClickFocus
            button.setFocusPolicy(policy)
