"""What every contestant is given, and what it has to do."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from aegui.data.dataset import Dataset
from aegui.data.load import load_dataset
from aegui.spec import Experiment, replace_all

Kind = Literal["dense", "convolutional", "denoising", "variational"]
Floats = NDArray[np.float32]

KINDS: tuple[Kind, ...] = ("dense", "convolutional", "denoising", "variational")
UNITS = (128, 64)  # of the hidden layers of the encoder; the decoder has them backwards
CODE = 32
RATE = 1e-3
SIGMA = 0.5  # of the noise of the denoising one
CHANNELS = (8, 16)  # of the convolutional one, with kernels of 3x3 and strides of 2

_ALL = (60_000, 10_000)  # samples of MNIST
_CONV = [{"kind": "conv", "channels": n, "kernel": 3, "stride": 2, "activation": "relu"} for n in CHANNELS]


@dataclass(frozen=True)
class Task:
    """784-128-64-32-64-128-784 with ReLU and a linear output, Adam and MSE, on so many of MNIST's samples."""

    kind: Kind = "dense"
    batch: int = 128
    samples: int = 60_000
    tests: int = 10_000
    threads: int = 1

    @property
    def experiment(self) -> Experiment:
        """The same in the words of aegui."""
        changes = {
            "data.source": "mnist",
            "architecture.encoder": [{"kind": "dense", "units": n, "activation": "relu"} for n in UNITS],
            "architecture.output": "linear",
            "code.size": CODE,
            "code.activation": "relu",
            "training.rate": RATE,
            "training.batch": self.batch,
            "training.device": "cpu",
            "training.epochs": 100_000,
        }
        if (self.samples, self.tests) != _ALL:  # a limit that keeps all is one more look-up
            changes |= {"data.train": self.samples, "data.test": self.tests}
        match self.kind:
            case "convolutional":
                changes |= {"architecture.encoder": _CONV}
            case "denoising":
                changes |= {"noise": {"kind": "gaussian", "sigma": SIGMA, "clip": True}}
            case "variational":
                changes |= {"code.activation": "linear", "code.variational": True}
        return replace_all(Experiment(), changes)

    def dataset(self) -> Dataset:
        """Bytes, as aegui holds them."""
        return load_dataset(self.experiment.data, 0)

    def arrays(self) -> tuple[Floats, Floats]:
        """Training and test samples (n, 784) between 0 and 1."""
        dataset = self.dataset()
        return dataset.scaled(dataset.train), dataset.scaled(dataset.test)


@dataclass
class Turn:
    """Samples that were trained on, and how long it took."""

    samples: int
    seconds: float = 0.0


class Contestant(Protocol):
    """Made from a :class:`Task`; nothing is compiled or loaded any more after its first turn."""

    def train(self, epochs: int) -> Turn:
        """Trains on every sample so often, from where it is."""

    def score(self) -> float:
        """The mean squared error on the test set: it has really learned."""


@contextmanager
def timed(turn: Turn) -> Iterator[None]:
    """Counts the time that something takes."""
    started = time.perf_counter()
    yield
    turn.seconds += time.perf_counter() - started
