"""Noise reduction: any noise on test samples, what the network makes of it, and what is to be beaten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from aegui.analysis.denoising import (
    SAMPLES,
    Denoise,
    Denoising,
    Linear,
    NoiseCurve,
    compared,
    curve_noises,
    has_ssim,
    usual_noise,
)
from aegui.data.dataset import Dataset
from aegui.qt.theme import Theme, category
from aegui.qt.views.denoising_errors import DenoisingErrors
from aegui.qt.views.denoising_linear import LinearKept
from aegui.qt.views.denoising_samples import Stages
from aegui.qt.views.denoising_words import hint, reasons
from aegui.qt.views.noise_choice import NoiseChoice
from aegui.qt.views.paper import Paper
from aegui.qt.views.plates import plates_paper, shades_of, sheet_plates
from aegui.qt.views.readout import Readout
from aegui.qt.views.space_plot import SpacePlot
from aegui.qt.views.tones import CLASS, Tones, keys_of, tones
from aegui.qt.views.view import View
from aegui.qt.widgets.choice import Choice, enable_entry
from aegui.qt.widgets.picture import PictureGrid
from aegui.qt.widgets.places import MOST
from aegui.qt.widgets.shortcuts import on_key
from aegui.qt.widgets.tool import Tool
from aegui.qt.widgets.words import Words
from aegui.runs.plates import Key, Plate
from aegui.spec import Experiment, Gaussian, Noise
from aegui.training.snapshot import Look, Seen, Snapshot, Wishes

_POINTS = 600  # of a cloud
_LEAST = 96  # pixels of the samples' height
_REST = 80  # ms that the strength has to rest before the scores follow: the pictures follow at once
_WIDEST = ("sample 10,000", "class 0", *["reconstructed: MSEᵢ 0.00000, PSNR 00.00 dB, SSIM 0.0000"] * 3)
_MEASURES = {"MSE": "MSEᵢ", "PSNR": "PSNR", "SSIM": "SSIM"}


class DenoisingView(View):
    """The noise chosen here is only looked at. ``noise_wanted`` asks for it in the experiment,
    ``linear_wanted`` for linear denoisers, which :meth:`show_linear` takes one by one."""

    noise_wanted = Signal(object)  # Noise
    linear_wanted = Signal(object)  # LinearWish, or None: none of those before

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._touched = False  # whether the noise was chosen by hand
        self._draw = self._seed = 0
        self._picked: tuple[int, ...] = ()
        self._order = np.zeros(0, np.int64)  # test samples, drawn by the seed
        self._colours: Tones | None = None  # of the points of a cloud
        self._hover = -1
        self._run = 0
        self._scored: Noise = Gaussian()  # the noise whose scores are asked for
        self._experiment: Experiment | None = None
        self._answers: dict[type[Look], tuple[Any, Seen]] = {}  # the newest of each kind, with its look
        self._drawn_curve: tuple[object, ...] = ()  # what the curve on screen was made of
        self.linear = LinearKept()
        self.stages: Stages | None = None
        self._build()
        self._connect()
        self.restyle()

    def _build(self) -> None:
        self.noise = NoiseChoice(self)
        self.use = Tool("Use for training", "Put this noise into the experiment; Ctrl+Z takes it back", self)
        self.again = Tool("Draw anew", "Draw the noise in the pictures anew; the curve keeps its draw", self)
        self.others = Tool("Reshuffle", "Show other test samples, drawn at random", self)
        self.measure = Choice(self)
        for key, text in _MEASURES.items():
            self.measure.offer(key, text)
        self.measure.setMinimumContentsLength(6)
        self.measure.setToolTip("What stands beneath each sample: its error or likeness to the original")
        self.measure.setAccessibleName("Beneath each sample")
        self.hint = Words(self)
        self.grid, self.space = PictureGrid(self), SpacePlot(self.theme, self)
        for shown in (self.grid, self.space):
            shown.setMinimumHeight(_LEAST)
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self.grid)
        self.stack.addWidget(self.space)
        self.errors = DenoisingErrors(self.theme, self)
        self.log = Tool("Log", "Logarithmic scale of the errors (L)", self, checkable=True)
        self._rest = QTimer(self, singleShot=True, interval=_REST)
        self.readout = Readout(_WIDEST, self)
        self._arrange()

    def _arrange(self) -> None:
        tools = QHBoxLayout()
        for tool in (self.use, self.again, self.others):
            tools.addWidget(tool)
        tools.addWidget(self.log)
        tools.addStretch(1)
        self.measure.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        tools.addWidget(self.measure)
        self.splitter = QSplitter(Qt.Orientation.Vertical, self)
        self.splitter.addWidget(self.stack)
        self.splitter.addWidget(self.errors)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setStretchFactor(0, 3)
        self.splitter.setStretchFactor(1, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 2)
        layout.setSpacing(3)
        layout.addWidget(self.noise)
        layout.addLayout(tools)
        layout.addWidget(self.hint)
        layout.addWidget(self.splitter, 1)
        layout.addWidget(self.readout)

    def _connect(self) -> None:
        self.noise.changed.connect(self._choose)
        self.use.clicked.connect(self._use)
        self.again.clicked.connect(self._draw_anew)
        self.others.clicked.connect(self._reshuffle)
        self.measure.edited.connect(self._draw_samples)
        self.errors.canvas.chosen.connect(self.noise.choose_strength)
        self.errors.canvas.pane.double_clicked.connect(self.follow)
        self.errors.line.cancelled.connect(self._give_up_linear)
        self._rest.timeout.connect(self._score)
        self.log.toggled.connect(self._scale)
        for canvas in (self.grid, self.space, self.errors.canvas):
            canvas.painted.connect(self.painted)
        self.grid.hovered.connect(self._point)
        self.grid.left.connect(self._leave)
        self.space.pointed.connect(self._point)
        on_key(self, Qt.Key.Key_L, self.log.toggle)

    def set_dataset(self, dataset: Dataset | None) -> None:
        """The data set whose test samples are corrupted."""
        self.dataset, self._picked, self._hover, self.stages = dataset, (), -1, None
        self._answers, self._colours = {}, None
        if self.linear.leave():
            self.linear_wanted.emit(None)
        self._shuffle()
        self.noise.set_dataset(dataset)
        self.stack.setCurrentWidget(self.space if self.is_cloud else self.grid)
        self.measure.setVisible(not self.is_cloud)  # nothing stands beneath a point
        pictures = dataset is None or has_ssim(dataset)
        enable_entry(self.measure, self.measure.findData("SSIM"), pictures)
        if not pictures and self.measure.value() == "SSIM":
            self.measure.show_value("MSE")
        super().set_dataset(dataset)
        self._score()

    @property
    def is_cloud(self) -> bool:
        """Whether samples are points of space."""
        return self.dataset is not None and self.dataset.layout == "points"

    @Slot(object)
    def show_experiment(self, experiment: Experiment) -> None:
        """Takes the document's experiment, in whose place the noise can be put."""
        self._experiment = experiment
        if self.snapshot is None:
            self._follow(experiment)
        self._say_noise()

    @Slot(int)
    def pick(self, index: int) -> None:
        """Shows this test sample first, and the ones picked before behind it."""
        self._picked = (index, *(i for i in self._picked if i != index))[:MOST]
        self.wishes_changed.emit(self.wishes())

    def wishes(self) -> Wishes:
        """Samples under the noise, their scores, and the curve over its strength."""
        if self.dataset is None:
            return Wishes(codes=False)
        return Wishes(codes=False, looks=(self._pictures_look(), self._scores_look(), self._curve_look()))

    def awaits(self, snapshot: Snapshot) -> bool:
        """An answer to a noise that has just been chosen is shown at once."""
        look, known = self._answered(snapshot), self._answers.get(Denoise)
        return look is not None and (known is None or known[0] != look)

    def showEvent(self, event: QShowEvent) -> None:
        if not event.spontaneous():
            self.linear.retry()
        super().showEvent(event)
        self._ask_linear()

    def show_snapshot(self, snapshot: Snapshot | None) -> None:
        if snapshot is not None:
            self._follow(snapshot.experiment)
            self._take(snapshot)
        else:
            self._answers = {}
        self.noise.set_trained(snapshot.experiment.noise if snapshot else None)
        self._say_noise()
        self._draw_samples()
        if self._of_curve() != self._drawn_curve:
            self._draw_curve()
        self._ask_linear()

    @Slot(object)
    def show_linear(self, found: Linear) -> None:
        """Takes a best linear denoiser that was asked for."""
        if self.linear.take(found) and self.isVisible():
            if found.noise == self.noise.noise:
                self._draw_samples()
            self._draw_curve()

    def on_paper(self) -> Paper | None:
        samples: Sequence[Plate] = sheet_plates(self.grid.sheet, self.grid.columns)
        if self.is_cloud:
            shades = shades_of(self._colours.scale if self._colours is not None else None)
            samples = self.space.plates(key=self._key, shades=shades)
        return plates_paper("denoising", "denoising of the test set", samples, *self.errors.plates())

    def restyle(self) -> None:
        self._colours = None
        self.errors.canvas.restyle(self.theme.colours)
        self._draw_samples()
        self._draw_curve()

    @Slot()
    def follow(self) -> None:
        """Lets the axes follow the errors, until the next zoom."""
        self.errors.canvas.following = True
        self._draw_curve()

    @property
    def _key(self) -> Key:
        """Names of classes and their colours on paper, where colours stand for those."""
        dataset = self.dataset
        if dataset is None or keys_of(dataset.test)[0] != CLASS:
            return ()
        return tuple((name, category(i)) for i, name in enumerate(dataset.classes))

    @property
    def _count(self) -> int:
        return compared(self.dataset) if self.dataset is not None else SAMPLES

    def _pictures_look(self) -> Denoise:
        return Denoise(self.noise.noise, self._rows(), self._draw)

    def _scores_look(self) -> Denoising:
        return Denoising(self._scored, self._count)

    def _curve_look(self) -> NoiseCurve:
        return NoiseCurve(curve_noises(self.noise.noise), self._count)

    def _answered(self, snapshot: Snapshot) -> Denoise | None:
        """The samples that a snapshot has: while a slider is dragged under one of its last strengths."""
        wanted = self._pictures_look()
        if wanted in snapshot.looks:
            return wanted
        found = (look for look in snapshot.looks if isinstance(look, Denoise))
        return next((look for look in found if replace(look, noise=wanted.noise) == wanted), None)

    def _rows(self) -> tuple[int, ...]:
        """The picks, and behind them samples drawn by the seed."""
        others = self._order[~np.isin(self._order, self._picked)].tolist()
        return (*self._picked, *others)[: _POINTS if self.is_cloud else MOST]

    def _shuffle(self) -> None:
        total = len(self.dataset.test) if self.dataset is not None else 0
        self._order = np.random.default_rng(self._seed).permutation(total)[: _POINTS + MOST]

    def _follow(self, experiment: Experiment) -> None:
        """The noise of what is trained, until another one is chosen by hand."""
        if not self._touched and usual_noise(experiment) != self.noise.noise:
            self.noise.show_noise(usual_noise(experiment))
            self._score()

    def _take(self, snapshot: Snapshot) -> None:
        for look in (self._answered(snapshot), self._scores_look(), self._curve_look()):
            if look is not None and look in snapshot.looks:
                self._answers[type(look)] = (look, snapshot.looks[look])
        self.linear.belong_to(self.dataset, snapshot.experiment.seed)
        if snapshot.run != self._run:
            self._run = snapshot.run
            self.linear.retry()

    @Slot()
    def _draw_samples(self) -> None:
        answer, dataset = self._answers.get(Denoise), self.dataset
        message = self.waiting if self.snapshot is None else "The samples are on their way."
        self.grid.message = self.space.message = message
        if answer is None or dataset is None or not len(answer[1].value.rows):
            self.stages = None
            self.grid.show_sheet(None)
            self.space.show_space(None)
        else:
            look, seen = answer
            self.stages = Stages(
                seen.value, dataset, self.linear.filters.get(look.noise), self.linear.possible
            )
            if self.is_cloud:
                self.space.marked = 0 if self._picked else -1  # the last pick comes first
                self._colours = self._colours or tones(dataset.test, keys_of(dataset.test)[0], self.theme)
                self.space.show_space(self.stages.space(self._colours))
            else:
                self.grid.show_sheet(self.stages.sheet(self.measure.value(), self.theme.diverging))
        self._tell()

    def _of_curve(self) -> tuple[object, ...]:
        """All that the curve follows from beside what calls for it to be drawn anew."""
        snapshot, seen = self.snapshot, (self._answers.get(look) for look in (NoiseCurve, Denoising))
        trained = snapshot.experiment.noise if snapshot is not None else None
        known = [answer and answer[1] for answer in seen]
        linear = tuple(id(scores) for scores in self.linear.scores.values())
        return *known, linear, trained, self.waiting, snapshot is None, self.errors.canvas.following

    def _draw_curve(self) -> None:
        self._drawn_curve = self._of_curve()
        running = self.snapshot is not None
        self.errors.canvas.message = "The errors are on their way." if running else self.waiting
        self.errors.show_errors(
            self._answers.get(NoiseCurve),
            self._answers.get(Denoising),
            self.linear.scores,
            self.snapshot.experiment.noise if self.snapshot is not None else None,
            self.dataset,
        )

    def _ask_linear(self) -> None:
        wish = self.linear.wish(self.noise.noise) if self.snapshot is not None else None
        if wish is not None:
            self.linear_wanted.emit(wish)

    @Slot()
    def _give_up_linear(self) -> None:
        self.linear.give_up()

    @Slot(object)
    def _choose(self, _noise: Noise) -> None:
        self._touched = True
        self.linear.retry()
        self._say_noise()
        self.errors.canvas.following = True
        self.wishes_changed.emit(self.wishes())
        self._rest.start()

    @Slot()
    def _score(self) -> None:
        self._scored = self.noise.noise
        self.wishes_changed.emit(self.wishes())
        self._draw_curve()
        self._ask_linear()

    @Slot()
    def _use(self) -> None:
        self.noise_wanted.emit(self.noise.noise)

    @Slot()
    def _draw_anew(self) -> None:
        self._draw += 1
        self.wishes_changed.emit(self.wishes())

    @Slot()
    def _reshuffle(self) -> None:
        self._seed, self._picked = self._seed + 1, ()
        self._shuffle()
        self.wishes_changed.emit(self.wishes())

    @Slot(bool)
    def _scale(self, log: bool) -> None:
        self.errors.canvas.log = log
        self.follow()

    @Slot(int, int)
    @Slot(int)
    def _point(self, row: int, _feature: int = -1) -> None:
        self._hover = row
        self._tell()

    @Slot()
    def _leave(self) -> None:
        self._point(-1)

    def _say_noise(self) -> None:
        """What the noise shown is, and whether the experiment can take it over."""
        noise, hindrances = self.noise.noise, self.noise.hindrances
        wanted = self._experiment.noise if self._experiment is not None else None
        self.use.setEnabled(wanted is not None and noise != wanted)
        self.hint.say(hint(self.snapshot, noise, wanted, hindrances))
        self.hint.setToolTip(reasons(hindrances))

    def _tell(self) -> None:
        answer = self._answers.get(Denoise)
        if self.stages is None or answer is None:
            self.readout.set_parts(())
        elif 0 <= self._hover < len(self.stages.seen.rows):
            self.readout.set_parts(self.stages.told(self._hover))
        else:
            what = "point" if self.is_cloud else "sample"
            self.readout.set_parts((f"step {answer[1].step:,}", f"point at a {what} for its errors"))
