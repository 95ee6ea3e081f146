"""The experiment: what the file holds, the window edits, the command line runs."""

from __future__ import annotations

from typing import Literal

from aegui.spec.architecture import Architecture
from aegui.spec.code import Code
from aegui.spec.data import Data
from aegui.spec.noise import Noise, NoNoise
from aegui.spec.penalty import Penalty
from aegui.spec.training import Training
from aegui.spec.value import Value, param

FORMAT = 1
LONGEST_TITLE = 500  # characters


class Experiment(Value):
    """Everything that decides a run: two equal experiments give the same numbers."""

    format: Literal[1] = param(FORMAT, "version of the experiment file", label="Format")
    title: str = param("", "what the experiment is called", label="Title", max_length=LONGEST_TITLE)
    seed: int = param(
        0,
        "start of every random stream: weights, split, shuffling and noise each derive their own",
        label="Seed",
        ge=0,
        le=2**53,
    )
    data: Data = Data()
    architecture: Architecture = Architecture()
    code: Code = Code()
    penalty: Penalty = Penalty()
    noise: Noise = param(
        NoNoise(), "corruption of the input; the target stays clean", label="Noise on the input", symbol="x̃"
    )
    training: Training = Training()
