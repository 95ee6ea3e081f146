"""What was found in a file: facts, warnings and notes, and what became different by the last change."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from aegui.data.importing.report import Report
from aegui.qt.form import sentence
from aegui.qt.widgets.words import Elided, Words

_NAMED = 5  # columns with gaps
_OF_WORDS = ("of words", "for each word")  # in the notes about columns that are no numbers


class ReportView(QWidget):
    """The facts as pairs, beside what they were before; then what to beware of, then what was done."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.facts: dict[str, Words] = {}
        self.before: dict[str, Words] = {}
        self._headings: dict[str, Elided] = {}
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(1, 1)
        self.warnings, self.notes = Words(self, "notice", small=False), Words(self)
        self.warnings.setAccessibleName("What to beware of")
        self.notes.setAccessibleName("What was found and done")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.warnings)
        layout.addLayout(self._grid)
        layout.addWidget(self.notes)

    def show_report(self, report: Report | None, before: Report | None = None) -> None:
        """Shows a report, and of what is different from ``before`` what it was."""
        self.setVisible(report is not None)
        if report is None:
            return
        old = dict(before.rows) if before is not None else {}
        rows = dict(report.rows)
        for name, text in rows.items():
            self._show_row(name, text, old.get(name, text))
        for name in self.facts.keys() - rows.keys():
            for part in (self.facts[name], self.before[name], self._headings[name]):
                part.hide()
        self.warnings.say("\n".join(report.warnings))
        self.notes.say("\n".join(report.notes))

    def _show_row(self, name: str, text: str, old: str) -> None:
        if name not in self.facts:
            self._add_row(name)
        self._headings[name].show()
        self.facts[name].say(text)
        self.before[name].say(f"was {old}" if old != text else "")

    def _add_row(self, name: str) -> None:
        row = 2 * len(self.facts)
        heading = Elided(name, self, "quiet")
        widest = max(self._grid.columnMinimumWidth(0), heading.fontMetrics().horizontalAdvance(name) + 2)
        self._grid.setColumnMinimumWidth(0, widest)
        self._headings[name] = heading
        self.facts[name] = Words(self, "plain", small=False)
        self.facts[name].setAccessibleName(name)
        self.before[name] = Words(self, "notice")
        self.before[name].setAccessibleName(f"{name} before")
        self._grid.addWidget(heading, row, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(self.facts[name], row, 1)
        self._grid.addWidget(self.before[name], row + 1, 1)


def gap_words(report: Report) -> str:
    """What of a table is no number: gaps and columns of words; empty if there is nothing."""
    lines = [note for note in report.notes if any(words in note for words in _OF_WORDS)]
    if report.missing:
        worst = sorted(report.missing_where, key=lambda gap: -gap[1])
        named = ", ".join(f"{name} ({count:,})" for name, count in worst[:_NAMED])
        more = f" and {len(worst) - _NAMED:,} more" if len(worst) > _NAMED else ""
        columns = f"{len(worst):,} column{'s' if len(worst) > 1 else ''}"
        lines.insert(0, sentence(f"{report.missing:,} numbers are missing in {columns}: {named}{more}"))
    return "\n".join(lines)
