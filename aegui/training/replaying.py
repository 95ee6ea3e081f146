"""The network as it was: a second one takes on the weights of earlier steps."""

from __future__ import annotations

import dataclasses
from collections.abc import Generator, Iterator
from typing import TypeVar

import torch

from aegui.nets.autoencoder import Autoencoder
from aegui.spec import Experiment, replace
from aegui.training.bench import Bench
from aegui.training.evaluation import Evaluation, evaluated_in_parts
from aegui.training.frames import Frame
from aegui.training.kept_noise import KeptNoise, kept_noise
from aegui.training.snapshot import Codes, Look, Seen
from aegui.training.trainer import Trainer

_Found = TypeVar("_Found")


@dataclasses.dataclass(frozen=True, eq=False)
class Moment:
    """What has been found out about the network of a frame."""

    frame: Frame
    evaluation: Evaluation
    codes: Codes
    looks: dict[Look, Seen] = dataclasses.field(default_factory=dict)


class Replaying:
    """Makes benches of earlier moments of one run; what was found out about the last one is kept."""

    def __init__(self, trainer: Trainer) -> None:
        self._trainer = trainer
        self._model: Autoencoder | None = None
        self._loaded: Frame | None = None  # whose weights that network has
        self._test = trainer.test  # another one after a device has failed
        self._noise: tuple[Experiment, KeptNoise | None] | None = None
        self._moment: Moment | None = None

    @property
    def moment(self) -> Moment | None:
        """What was found out last."""
        self._follow_device()
        return self._moment

    def knows(self, frame: Frame) -> bool:
        """Whether that is of this frame."""
        return self.moment is not None and self.moment.frame is frame

    def model(self, frame: Frame) -> Autoencoder:
        """The network under the weights of a frame, in eval mode."""
        self._follow_device()
        if self._model is None:
            generator = torch.Generator().manual_seed(0)
            self._model = Autoencoder(self._trainer.plan, generator).to(self._trainer.device).eval()
        if self._loaded is not frame:
            self._model.load_state_dict(frame.weights)
            self._loaded = frame
        return self._model

    def bench(self, frame: Frame) -> Bench:
        """The network of a frame; its evaluation is the last one that was made, which may be of another."""
        trainer = self._trainer
        return Bench(
            dataset=trainer.dataset,
            test=trainer.test,
            noisy_test=self._noise_of(frame.experiment),
            evaluation=self.moment.evaluation if self.moment is not None else trainer.evaluation,
            step=frame.step,
            upcoming=dataclasses.replace(
                trainer.upcoming(),
                experiment=frame.experiment,
                model=self.model(frame),
                optimizer=None,
                step=frame.step,
            ),
        )

    def find_out(self, frame: Frame) -> Iterator[None]:
        """Evaluates the network of a frame on the test set, with rests, in which another may be looked at."""
        model, experiment = self.model(frame), frame.experiment
        parts = evaluated_in_parts(
            _without_jacobian(experiment), model, self._trainer.test, self._noise_of(experiment)
        )
        found = yield from self.under(frame, parts)
        self._moment = Moment(frame, found, Codes(found.codes.cpu().numpy(), frame.step))

    def under(self, frame: Frame, parts: Generator[None, None, _Found]) -> Generator[None, None, _Found]:
        """What is found out in parts, for each of which the network gets the weights of a frame again."""
        while True:
            self.model(frame)
            try:
                next(parts)
            except StopIteration as end:
                found: _Found = end.value
                return found
            yield

    def _follow_device(self) -> None:
        if self._test is not self._trainer.test:
            self._test, self._model, self._loaded = self._trainer.test, None, None
            self._noise = self._moment = None

    def _noise_of(self, experiment: Experiment) -> KeptNoise | None:
        """The test set's noise, which a live change may have made stronger since."""
        trainer = self._trainer
        if experiment.noise == trainer.experiment.noise:
            return trainer.noisy_test
        if self._noise is None or self._noise[0].noise != experiment.noise:
            found = kept_noise(experiment, trainer.test, trainer.space, before=trainer.noisy_test)
            self._noise = experiment, found
        return self._noise[1]


def _without_jacobian(experiment: Experiment) -> Experiment:
    """Terms are in the history already, and this one takes longer than all else together."""
    return replace(experiment, "penalty.jacobian", 0.0)
