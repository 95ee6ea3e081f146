"""A network that stands still, and the data to look at it with."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass

from aegui.data.dataset import Dataset
from aegui.nets.autoencoder import Autoencoder
from aegui.objectives.noise import Space
from aegui.spec import Experiment
from aegui.training.evaluation import Evaluation
from aegui.training.kept_noise import KeptNoise
from aegui.training.samples import Samples
from aegui.training.snapshot import Look
from aegui.training.trainer import Trainer
from aegui.training.upcoming import Upcoming


@dataclass(frozen=True, eq=False)
class Bench:
    """What a look has at hand. The network is in eval mode and must be left as it is."""

    dataset: Dataset
    test: Samples
    noisy_test: KeptNoise | None
    evaluation: Evaluation  # of the test set; while training that of the last epoch's end
    step: int  # of the weights
    upcoming: Upcoming  # the update that comes next, to be tried on a copy

    @property
    def experiment(self) -> Experiment:
        """With the live changes up to this moment."""
        return self.upcoming.experiment

    @property
    def model(self) -> Autoencoder:
        """The network."""
        return self.upcoming.model

    @property
    def train(self) -> Samples:
        """The training set."""
        return self.upcoming.train

    @property
    def space(self) -> Space:
        """Where a sample's features lie, and between which values."""
        return self.upcoming.space


# The answer to a look, with rests in which others may look at the network, as long as it does not change.
See = Callable[[Bench, Look], Generator[None, None, object]]


def bench_of(trainer: Trainer) -> Bench:
    """The network of a trainer as it is now."""
    return Bench(
        dataset=trainer.dataset,
        test=trainer.test,
        noisy_test=trainer.noisy_test,
        evaluation=trainer.evaluation,
        step=trainer.weights_step,
        upcoming=trainer.upcoming(),
    )
