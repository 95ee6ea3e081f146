"""What the colours of points mean, and who chooses it: a legend of classes, or a quantity's colour bar."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSizePolicy, QWidget

from aegui.data.dataset import Dataset
from aegui.qt.theme import Theme, category, category_colours
from aegui.qt.views.plates import shades_of
from aegui.qt.views.scatter import Cloud
from aegui.qt.views.tones import (
    CLASS,
    ERROR,
    Bytes,
    Floats,
    Ints,
    Tones,
    error_tones,
    feature_keys,
    feature_tones,
    keys_of,
    tones,
)
from aegui.qt.widgets.choice import Choice
from aegui.qt.widgets.colour_bar import ColourBar
from aegui.qt.widgets.legend import Entry, Legend
from aegui.qt.widgets.measured import Measured
from aegui.runs.plates import Shades

_ROUND = 10  # pixels beside the chosen word, for which the style leaves too little
_WIDEST = 9  # lines of text, width of the list of choices
_TIP = "What the colour of a point means: its class, or a known factor of the data"
_MORE_TIP = (
    ",\na column of the table, or its reconstruction error MSEᵢ = ‖x − x̂‖²/k at the last evaluation:\n"
    "that of the last epoch's end while training, of this very step when paused, on a logarithmic scale."
)


class ToneChoice(Measured):
    """What points are coloured by; hidden where there is nothing to choose."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None, more: bool = False) -> None:
        super().__init__(parent)
        self._more = more
        self.box = Choice(self)
        self.box.setAccessibleName("Colour of the points")
        self.box.setToolTip(_TIP + (_MORE_TIP if more else ""))
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.box.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(QLabel("Colour", self))
        layout.addWidget(self.box)
        self.box.currentIndexChanged.connect(self._measure)
        self.box.currentIndexChanged.connect(self.changed)
        self.measure()
        self.hide()

    @property
    def key(self) -> str:
        """What is chosen, a key of ``tones.keys_of``."""
        return str(self.box.currentData() or CLASS)

    def offer(self, dataset: Dataset | None) -> None:
        """Offers what the test part has; keeps what was chosen among several if it is still there."""
        words = self._words(dataset) if dataset is not None else {}
        before = self.key if self.box.count() > 1 else None
        with QSignalBlocker(self.box):
            self.box.clear()
            for key, word in words.items():
                self.box.addItem(word, key)
            self.box.setCurrentIndex(max(0, self.box.findData(before)) if words else -1)
        self._measure()
        self.setVisible(len(words) > 1)

    def _measure(self) -> None:
        """Keeps the chosen word whole, unless it is very long."""
        widest = _WIDEST * self.fontMetrics().height()
        self.box.setMaximumWidth(widest)
        advance, words = self.fontMetrics().horizontalAdvance, map(self.box.itemText, range(self.box.count()))
        less = max(map(advance, words), default=0) - advance(self.box.currentText())
        self.box.setMinimumWidth(min(widest, self.box.sizeHint().width() - less + _ROUND))

    def _words(self, dataset: Dataset) -> dict[str, str]:
        """What can be chosen, by key."""
        words = {key: key for key in keys_of(dataset.test)}
        if CLASS in words:
            words[CLASS] = "class" if dataset.test.labels is not None else "one for all"
        return {**words, ERROR: "MSEᵢ", **feature_keys(dataset)} if self._more else words


class Meaning(QWidget):
    """The colours of the test samples, in one line: the choice, and then a legend or a colour bar."""

    recoloured = Signal()  # other colours
    limited = Signal()  # other classes are hidden

    def __init__(
        self,
        theme: Theme,
        parent: QWidget | None = None,
        rows: int = 1,
        bulk: bool = False,
        more: bool = False,
    ) -> None:
        """``rows`` and ``bulk`` are those of the legend; ``more`` offers MSE_i and features too."""
        super().__init__(parent)
        self._theme = theme
        self._dataset: Dataset | None = None
        self._tones: Tones | None = None
        self._errors: Floats | None = None  # (N,) of the test samples
        self.choice, self.bar = ToneChoice(self, more), ColourBar(self)
        self.legend = Legend(self, rows=rows, bulk=bulk)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for widget, stretch in ((self.choice, 0), (self.bar, 1), (self.legend, 1)):
            layout.addWidget(widget, stretch)
        self.choice.changed.connect(self.restyle)
        self.legend.changed.connect(self.limited)

    def set_dataset(self, dataset: Dataset | None) -> None:
        """The data set whose test samples have colours; every class is shown again."""
        self._dataset, self._errors = dataset, None
        self.legend.set_hidden(set())
        self.choice.offer(dataset)
        self.restyle()

    def set_errors(self, errors: Floats | None) -> bool:
        """MSE_i (N,) of the test samples; returns whether their colours are others now, without a signal."""
        same = errors is self._errors or (
            errors is not None and self._errors is not None and np.array_equal(errors, self._errors)
        )
        self._errors = errors
        if same or self.choice.key != ERROR:
            return False
        self._find()
        return True

    def of(self, samples: Ints) -> Tones:
        """The colours of some test samples (n,)."""
        assert self._tones is not None, "there are no samples without a data set"
        return Tones(self._tones.of[samples], self._tones.table)

    def coloured(self, cloud: Cloud) -> Cloud:
        """A cloud of test samples in the present colours."""
        return cloud.coloured(self.of(cloud.samples).of) if len(cloud) else cloud

    @property
    def table(self) -> Bytes:
        """All colours (m, 3) that points can have."""
        return category_colours(1, self._theme.dark) if self._tones is None else self._tones.table

    @property
    def hidden(self) -> Ints:
        """Classes that are not to be shown; none where colours mean something else."""
        shown = self.choice.key == CLASS
        return np.array(sorted(int(key) for key in self.legend.hidden) if shown else [], np.int64)

    @property
    def key(self) -> tuple[tuple[str, str], ...]:
        """Names of the classes that are shown, and their colours on paper; none where colours mean
        something else."""
        hidden = set(self.hidden.tolist())
        named = enumerate(self.legend.entries)
        return tuple((entry.text, category(place)) for place, entry in named if place not in hidden)

    @property
    def shades(self) -> Shades | None:
        """The quantity that colours stand for, on paper; None where they mean something else."""
        return shades_of(self.bar.scale, log=self.choice.key == ERROR)

    def restyle(self) -> None:
        """Takes on the colours of the theme and of the choice."""
        dataset, key = self._dataset, self.choice.key
        self._find()
        labelled = dataset is not None and dataset.test.labels is not None and key == CLASS
        names = dataset.classes if dataset is not None and labelled else ()
        dark = self._theme.dark
        self.legend.set_entries([Entry(str(i), name, category(i, dark)) for i, name in enumerate(names)])
        self.legend.setVisible(bool(names))
        self.recoloured.emit()

    def _find(self) -> None:
        dataset, key = self._dataset, self.choice.key
        if dataset is None:
            self._tones = None
        elif key == ERROR:
            self._tones = error_tones(self._errors, len(dataset.test), self._theme)
        elif key in feature_keys(dataset):
            self._tones = feature_tones(dataset, key, self._theme)
        else:
            self._tones = tones(dataset.test, key, self._theme)
        self.bar.show_scale(self._tones.scale if self._tones is not None else None)
