"""Which test samples are shown."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox, QWidget

from aegui.qt.widgets.choice import enable_entry
from aegui.qt.widgets.tool import Tool

_WORDS = {
    "random": "at random",
    "class": "one per class",
    "worst": "largest error",
    "best": "smallest error",
    "picked": "picked",
}


class SampleChoice(QComboBox):
    """Some of the ways to choose samples, and the tool that draws others at random."""

    def __init__(self, ways: Sequence[str], errors: str, parent: QWidget) -> None:
        """``ways`` are keys, the first is chosen at first; ``errors`` says which ones are meant."""
        super().__init__(parent)
        for key in ways:
            self.addItem(_WORDS[key], key)
        self.setToolTip(f"Which test samples to show; errors are those of {errors}")
        self.setAccessibleName("Test samples")
        self.reshuffle = Tool("Reshuffle", "Show other test samples, drawn at random", parent)

    @property
    def how(self) -> str:
        """The key of what is chosen."""
        return str(self.currentData())

    @property
    def by_error(self) -> bool:
        """Whether errors decide."""
        return self.how in ("worst", "best")

    @property
    def by_chance(self) -> bool:
        """Whether other samples can be drawn."""
        return self.how in ("random", "class")

    def choose(self, how: str) -> None:
        """Chooses a way; only the user activates one."""
        self.setCurrentIndex(self.findData(how))

    def allow(self, how: str, possible: bool) -> None:
        """Whether a way can be chosen; what cannot be and is gives way to samples at random."""
        enable_entry(self, self.findData(how), possible)
        if not possible and self.how == how:
            self.choose("random")
