"""Every key of the window: those of the actions, and those that a view knows while it has the focus."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence

from aegui.qt.actions import ACTIONS

_LETTERS = (
    "Single letters do nothing while a field or a list has the focus: there they are typed. "
    "The space bar presses what Tab has reached, where that can be pressed."
)

# What views do with keys and the mouse, where it is no action of the window.
IN_VIEWS: tuple[tuple[str, str], ...] = (
    ("L", "Loss, Reduction, Denoising: logarithmic scale"),
    ("0 or double click", "every plot: all of it again"),
    ("wheel, drag", "every plot: zoom and move"),
    ("Esc", "latent space: take the decoded picture and the selection away"),
    ("Shift+drag", "latent space: a loop around samples"),
    ("Ctrl+click", "latent space: the two ends of an interpolation"),
    ("arrows, Enter", "latent space, Draw, Runs: from point to point, far with Shift, and click it"),
    ("arrows", "latent space while a drag decodes: move the place that is decoded"),
    ("← →, Enter", "Pictures, selected samples: from one to another, and follow it"),
    ("← →", "Denoising: the strength that was measured before or behind"),
    ("B, X", "Draw: brush and eraser; the right button rubs out too"),
    ("arrows, Space, Backspace", "Draw: move on the pad, draw, rub out"),
    ("arrows, Page Up, Page Down", "Anomalies: move the threshold; Esc goes back to the rule"),
    ("M", "Features: measure"),
    ("arrows", "Features: another unit of the code"),
    ("← →", "Inside, slow motion: the phase before and the next one; 1 to 5 on its bar: each phase"),
    ("Page Up, Page Down", "Inside, weights: another page"),
    ("← →, Home, End", "replay slider: another moment of the run"),
    ("F2 or double click", "Runs: write tags or a note"),
)


def keys_table() -> str:
    """Every key as the rows of two tables, in Markdown."""
    actions = [
        (
            QKeySequence(spec.shortcut).toString(QKeySequence.SequenceFormat.NativeText),
            f"{spec.text.replace('&', '').rstrip('…')}: {spec.tip}",
        )
        for spec in ACTIONS
        if spec.shortcut
    ]
    return f"{_table(actions)}\n{_LETTERS}\n\n## In the views\n\n{_table(IN_VIEWS)}"


def keys_page() -> str:
    """The same as a page of the manual."""
    return f"# Keys\n\n{keys_table()}"


def _table(rows: list[tuple[str, str]] | tuple[tuple[str, str], ...]) -> str:
    lines = (f"| **{keys}** | {what} |\n" for keys, what in rows)
    return f"| Key | What it does |\n| --- | --- |\n{''.join(lines)}"
