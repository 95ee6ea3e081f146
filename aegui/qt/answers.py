"""What the worker's thread answers: values, each with the number of its run where it is of one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from aegui.data.dataset import Floats
from aegui.spec import Experiment
from aegui.training.snapshot import Snapshot

if TYPE_CHECKING:
    from aegui.runs.record import Record
    from aegui.runs.state import State


@dataclass(frozen=True, eq=False)
class Decoded:
    """The answer to a wish to decode codes (m, d): features (m, k), and the step of the weights."""

    codes: Floats
    features: Floats
    step: int


@dataclass(frozen=True, eq=False)
class Ready:
    """The run with this number stands at its first step."""

    number: int


@dataclass(frozen=True, eq=False)
class Stopped:
    """The worker has stopped stepping: at a target, on request, or because the run has ended.

    ``present`` is where, in a hurry; in the outbox an earlier moment may have taken its place already.
    """

    number: int
    present: Snapshot
    finished: bool


@dataclass(frozen=True, eq=False)
class Failed:
    """Something went wrong: ``error`` is the user's to mend, or a bug with its traceback."""

    number: int
    error: Exception
    trace: str


@dataclass(frozen=True, eq=False)
class Recorded:
    """A copy of the run, to be measured and written by somebody else; ``out``: where to, if that was said."""

    number: int
    record: Record
    out: Path | None


@dataclass(frozen=True, eq=False)
class Kept:
    """What a run goes on from if the program should end without a warning, to be written by somebody else."""

    number: int
    experiment: Experiment
    step: int
    state: State


@dataclass(frozen=True, eq=False)
class Noted:
    """Something to know of a run, in a sentence."""

    number: int
    text: str


Answer = Decoded | Ready | Stopped | Failed | Recorded | Kept | Noted
