"""What the panels have in common: a section of rows that show a document's experiment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from aegui.errors import Problem
from aegui.plan import Plan
from aegui.qt.document import Document
from aegui.qt.form import Field, Row, sentence
from aegui.qt.widgets.section import Section
from aegui.qt.widgets.words import Words
from aegui.spec import Experiment, Value


class Panel(QWidget):
    """A section of the column that edits parts of the document's experiment.

    A subclass builds its fields with :meth:`row` and :meth:`add`, then calls :meth:`_connect`.
    """

    def __init__(self, title: str, document: Document, parent: QWidget | None = None, owns: str = "") -> None:
        super().__init__(parent)
        self.document, self._owns = document, owns
        self.section = Section(title, self)
        self.fields: list[Field] = []
        self._rejected: tuple[Problem, ...] = ()
        self.note = Words(self, "problem")  # what is wrong with the part as a whole
        self.section.body.addWidget(self.note)
        self._place = self.section.body  # where the next field goes
        self._folds: dict[Section, list[Field]] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.section)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def row(self, path: str, owner: type[Value], **options: Any) -> Row:
        """A row for the part at ``path``, beneath the others."""
        row = Row(path, owner, self, **options)
        self.add(row)
        return row

    def group(self, path: str, owner: type[Value]) -> Row:
        """A row for a ``kind`` under a caption that says of what."""
        row = Row(path, owner, self)
        self.caption(row.label.text())
        row.label.setText("Kind")
        self.add(row)
        return row

    def add(self, field: Field) -> None:
        """Puts a field beneath the others."""
        self.adopt(field)
        self._place.addWidget(field)

    def adopt(self, field: Field, edit: Callable[[str, Any], object] | None = None) -> None:
        """Takes a field that has its place already; ``edit`` instead of the document's own."""
        self.fields.append(field)
        for fold, fields in self._folds.items():
            if self._place is fold.body:
                fields.append(field)
        field.edited.connect(edit or self.edit)
        field.settled.connect(self._settle)

    def caption(self, text: str) -> Words:
        """A quiet heading above a group of rows."""
        words = Words(self)
        words.say(text)
        words.setContentsMargins(0, 6, 0, 0)
        self._place.addWidget(words)
        return words

    def fold(self, title: str) -> Section:
        """Everything from here on goes into a part of its own, folded away until it is needed."""
        fold = Section(title, self)
        fold.set_expanded(False)
        self.section.body.addWidget(fold)
        self._place, self._folds[fold] = fold.body, []
        return fold

    def unfold(self) -> None:
        """Ends the part that :meth:`fold` began."""
        self._place = self.section.body

    def field(self, path: str) -> Field:
        """The field that shows a path of the current experiment. Raises KeyError if there is none."""
        for field in self.fields:
            if path in field.controls and field.applies(self.document.experiment):
                return field
        raise KeyError(path)

    def control(self, path: str) -> Any:
        """The control at a path of the current experiment. Raises KeyError if there is none."""
        return self.field(path).controls[path]

    def edit(self, path: str, value: Any) -> None:
        """Asks the document for another value; a refused one is marked at its control."""
        if not self.document.edit(path, value):
            self._settle(path)

    def show_experiment(self, experiment: Experiment) -> None:
        """Shows an experiment. Nothing is edited by showing."""
        for field in self.fields:
            field.show_experiment(experiment)

    def show_plan(self, plan: Plan | None) -> None:
        """Shows what the experiment amounts to."""
        problems = [*(plan.problems if plan else ()), *self._rejected]
        warnings = plan.warnings if plan else ()
        wrong = [field for field in self.fields if self._shows(field) and field.mark(problems, warnings)]
        for fold, fields in self._folds.items():
            if any(field in wrong for field in fields):
                fold.set_expanded(True)
        own = [sentence(p.message) for p in problems if p.path and p.path == self._owns]
        self.note.say("\n".join(own))
        self.section.set_marked(bool(wrong or own))

    @Slot(str)
    def point_out(self, path: str) -> None:
        """Points at the field of one path."""
        for field in self.fields:
            field.point(path in field.controls)

    def _connect(self) -> None:
        self.document.changed.connect(self._on_changed)
        self.document.plan_changed.connect(self.show_plan)
        self.document.rejected.connect(self._on_rejected)
        self.show_experiment(self.document.experiment)
        self.show_plan(self.document.plan)

    def _shows(self, field: Field) -> bool:
        return field.applies(self.document.experiment)

    @Slot(object, object)
    def _on_changed(self, _old: Experiment, new: Experiment) -> None:
        self._rejected = ()
        self.show_experiment(new)
        self.show_plan(self.document.plan)

    @Slot(object)
    def _on_rejected(self, problems: tuple[Problem, ...]) -> None:
        self._rejected = problems
        self.show_plan(self.document.plan)

    @Slot(str)
    def _settle(self, path: str) -> None:
        """What was typed there is gone or accepted, and so is its problem."""
        left = tuple(p for p in self._rejected if p.path not in (path, path.removesuffix(".kind")))
        if left != self._rejected:
            self._rejected = left
            self.show_plan(self.document.plan)
