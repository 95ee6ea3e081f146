"""The network as it was: a second one takes on the weights of earlier steps."""

from __future__ import annotations

import dataclasses

import torch

from aegui.nets.autoencoder import Autoencoder
from aegui.spec import Experiment, replace
from aegui.training.bench import Bench
from aegui.training.evaluation import evaluate
from aegui.training.frames import Frame
from aegui.training.kept_noise import KeptNoise, kept_noise
from aegui.training.trainer import Trainer


class Replaying:
    """Makes benches of earlier moments of one run; the last one is kept."""

    def __init__(self, trainer: Trainer) -> None:
        self._trainer = trainer
        self._model: Autoencoder | None = None
        self._test = trainer.test  # another one after a device has failed
        self._noise: tuple[Experiment, KeptNoise | None] | None = None
        self._last: tuple[Frame, Bench] | None = None

    def bench(self, frame: Frame) -> Bench:
        """The network under the weights of a frame, with its errors and codes of the test set."""
        if self._test is not self._trainer.test:
            self._test, self._model, self._noise, self._last = self._trainer.test, None, None, None
        if self._last is None or self._last[0] is not frame:
            self._last = frame, self._made(frame)
        return self._last[1]

    def _made(self, frame: Frame) -> Bench:
        trainer, experiment = self._trainer, frame.experiment
        if self._model is None:
            self._model = Autoencoder(trainer.plan, torch.Generator().manual_seed(0)).to(trainer.device)
        self._model.load_state_dict(frame.weights)
        self._model.eval()
        noisy = self._noise_of(experiment)
        return Bench(
            dataset=trainer.dataset,
            test=trainer.test,
            noisy_test=noisy,
            evaluation=evaluate(_without_jacobian(experiment), self._model, trainer.test, noisy),
            step=frame.step,
            upcoming=dataclasses.replace(
                trainer.upcoming(),
                experiment=experiment,
                model=self._model,
                optimizer=None,
                step=frame.step,
            ),
        )

    def _noise_of(self, experiment: Experiment) -> KeptNoise | None:
        """The test set's noise, which a live change may have made stronger since."""
        trainer = self._trainer
        if experiment.noise == trainer.experiment.noise:
            return trainer.noisy_test
        if self._noise is None or self._noise[0].noise != experiment.noise:
            self._noise = experiment, kept_noise(experiment, trainer.test, trainer.space)
        return self._noise[1]


def _without_jacobian(experiment: Experiment) -> Experiment:
    """Terms are in the history already, and this one takes longer than all else together."""
    return replace(experiment, "penalty.jacobian", 0.0)
