"""What the outside sees of a run: arrays that nobody changes. numpy only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aegui.spec import Experiment
from aegui.training.silence import Silence

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

FRAME_MEMORY = 128 * 2**20  # bytes that the kept moments of one run may take
FRAME_DISK = 64 * 2**20  # bytes that they may take in the run's folder


@dataclass(frozen=True, eq=False)
class Mark:
    """A live change during a run."""

    step: int
    path: str
    value: object


@dataclass(frozen=True, eq=False)
class Curves:
    """A prefix of the history. Column order of the arrays is ``terms``; their sum is the total."""

    terms: tuple[str, ...]  # the reconstruction loss first, then "code_l1", "weights_l2", ...
    batch: Floats  # (steps, T) of every batch in train mode, before its update; row i is step i + 1
    train_steps: Ints  # (E,) steps at which an epoch ended
    train: Floats  # (E, T) running mean over the epoch, train mode
    test_steps: Ints  # (E + 1,) 0 first: before any update
    test: Floats  # (E + 1, T) eval mode
    marks: tuple[Mark, ...] = ()

    def until(self, step: int) -> Curves:
        """What was known at an earlier step."""
        epochs = int((self.train_steps <= step).sum())
        evaluations = int((self.test_steps <= step).sum())
        return replace(
            self,
            batch=self.batch[:step],
            train_steps=self.train_steps[:epochs],
            train=self.train[:epochs],
            test_steps=self.test_steps[:evaluations],
            test=self.test[:evaluations],
            marks=tuple(mark for mark in self.marks if mark.step <= step),
        )


@dataclass(frozen=True, eq=False)
class Codes:
    """Codes of every test sample, all under the weights of one step.

    While training they are renewed less often than the rest of a snapshot: two snapshots
    may share one object.
    """

    values: Floats  # (N, d)
    step: int

    @cached_property
    def finite(self) -> Ints:
        """Test samples (n,) whose codes are finite, found once."""
        return np.flatnonzero(np.isfinite(self.values).all(axis=1))


@dataclass(frozen=True, eq=False)
class Pictures:
    """Chosen test samples on their way through the network, in scaled units, n rows of k features."""

    indices: Ints  # (n,) into the test set
    original: Floats
    noisy: Floats | None  # None where there is no noise
    reconstruction: Floats
    error: Floats  # (n,) MSE_i of the reconstruction against the clean original
    noisy_error: Floats | None  # (n,) MSE_i of the noisy input

    def take(self, rows: Ints) -> Pictures:
        """Some of them."""
        return Pictures(
            self.indices[rows],
            self.original[rows],
            None if self.noisy is None else self.noisy[rows],
            self.reconstruction[rows],
            self.error[rows],
            None if self.noisy_error is None else self.noisy_error[rows],
        )


@dataclass(frozen=True)
class Look:
    """A question that a view asks of the network as it stands. Subclasses are small values, which say
    what is asked; ``analysis.looking`` knows how each of them is answered."""


@dataclass(frozen=True, eq=False)
class Seen:
    """The answer to a look. While training it is renewed less often than the rest of a snapshot."""

    value: Any  # of the type that the look's own docstring names
    step: int  # of the weights


@dataclass(frozen=True)
class Baselines:
    """Errors on the test set that need no network: what a run has to beat. None: not yet known."""

    mean_mse: float | None = None  # of the mean training image
    pca_mse: float | None = None  # PCA at the same code size, fitted on train
    noisy_mse: float | None = None  # of the noisy input itself
    mean_bce: float | None = None  # of the mean training image
    floor_bce: float | None = None  # mean entropy of the targets: the least value of the loss


@dataclass(frozen=True, eq=False)
class Snapshot:
    """One moment of a run."""

    experiment: Experiment  # with the live changes up to this moment
    step: int  # updates done
    epoch: int  # epochs completed
    steps_per_epoch: int
    curves: Curves
    codes: Codes | None
    pictures: Pictures | None
    baselines: Baselines = Baselines()
    errors: Floats | None = None  # (N,) MSE_i of every test sample at the last evaluation
    errors_step: int | None = None  # of the weights of then, where it is not ``shown_step``
    samples_per_second: float = 0.0  # of training alone, over the last seconds
    silent: Silence | None = None  # code units that say nothing at the last evaluation; None before an epoch
    end_reason: str = ""  # why the run was over before its last epoch
    rate: float = 0.0  # learning rate of the next step, as the schedule has it
    looks: Mapping[Look, Seen] = field(default_factory=dict)  # answers to what was wished for
    frames: Ints = field(default_factory=lambda: np.zeros(0, np.int64))  # steps that can be replayed
    frame_bytes: int = 0  # memory that those take
    weights_step: int | None = None  # of pictures, codes and looks, where it is not ``step``: after diverging
    run: int = 0  # which run of a session it is of, to tell one at the same step of another run
    replayed: bool = False  # whether this is an earlier moment of a run that has gone on
    hurried: bool = False  # whether somebody waits for its pictures: codes, errors or looks may be older

    @property
    def shown_step(self) -> int:
        """The step of the weights that everything is seen with."""
        return self.step if self.weights_step is None else self.weights_step

    @property
    def epochs(self) -> int:
        """Epochs that the run is to have."""
        return self.experiment.training.epochs

    @property
    def total_steps(self) -> int:
        """Steps that the run is to have."""
        return self.epochs * self.steps_per_epoch

    @property
    def finished(self) -> bool:
        """Whether every epoch is done, or the run was over before."""
        return bool(self.end_reason) or self.step >= self.total_steps


@dataclass(frozen=True)
class Wishes:
    """What the views on screen want to see in the next snapshots."""

    pictures: tuple[int, ...] = ()  # indices into the test set
    choice: str = "fixed"  # "fixed": those indices; "worst" or "best": of the last evaluation
    count: int = 8  # how many, for "worst" and "best"
    codes: bool = True
    looks: tuple[Look, ...] = ()

    def __or__(self, other: Wishes) -> Wishes:
        """What two views want; pictures are those of the first one that wants any."""
        mine = bool(self.pictures) or self.choice != "fixed"
        chosen = self if mine else other
        return Wishes(
            pictures=chosen.pictures,
            choice=chosen.choice,
            count=chosen.count,
            codes=self.codes or other.codes,
            looks=tuple(dict.fromkeys((*self.looks, *other.looks))),
        )
