"""The trainer: an iterator of steps over one experiment.

Pausing is not calling it, stopping is letting it go, a step is calling it once.
It prints nothing, signals nothing and calls nobody back.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator

import torch
from torch import Tensor

from aegui.data.dataset import Dataset
from aegui.data.streams import Stream, stream_seed
from aegui.errors import Diverged
from aegui.machine import memory_bytes
from aegui.nets.autoencoder import Autoencoder
from aegui.objectives.noise import Space
from aegui.plan import resolve
from aegui.spec import Cosine, Experiment, OneCycle, changed_paths, get, older_paths
from aegui.spec.terms import term_names
from aegui.training.device import pick_device, training_threads
from aegui.training.evaluation import Evaluation, evaluate
from aegui.training.history import History
from aegui.training.kept_noise import kept_noise
from aegui.training.optimizers import make_optimizer, reason_to_stop
from aegui.training.samples import Samples
from aegui.training.snapshot import Mark
from aegui.training.upcoming import Upcoming, backward, descend, forward

_FLUSH_EVERY = 64  # steps between two looks at the loss where looking means waiting for the device
_KEEP_EVERY = 32  # steps between two copies of the weights, kept in case that the run diverges


class Trainer:
    """Trains the network of one experiment on one data set, a step each time it is asked.

    Raises InvalidExperiment if the plan has problems or the device is not there. While
    iterating raises Diverged if the loss is no longer finite; the network then holds the
    last good weights, and the run has ended.
    """

    def __init__(self, experiment: Experiment, dataset: Dataset) -> None:
        self.experiment = experiment
        self.dataset = dataset
        self.plan = resolve(experiment, dataset.facts(memory_bytes())).check()
        self.device = pick_device(experiment.training.device)
        self.threads = training_threads()
        torch.set_num_threads(self.threads)
        self.model = Autoencoder(self.plan, self._generator("weights", "cpu")).to(self.device)
        self._parameters = list(self.model.parameters())
        self.optimizer = make_optimizer(experiment, self._parameters)
        self.train = Samples(dataset, dataset.train, self.device)
        self.test = Samples(dataset, dataset.test, self.device)
        self.space = Space.of(self.plan.facts)
        self.noisy_test = kept_noise(experiment, self.test, self.space)
        self.step = 0
        self.steps_per_epoch = -(-len(self.train) // experiment.training.batch)
        self.seconds = 0.0  # of training alone
        self.diverged = False
        self.end_reason = ""  # why the run is over before its last epoch
        self._noise_seed = stream_seed(experiment.seed, "noise")
        self._noise_generator = torch.Generator(self.device)
        self._order = torch.empty(0, dtype=torch.int64)
        self._pending: list[Tensor] = []  # terms of steps that were not looked at yet
        self._kept_step, self._kept = 0, self._copied_weights()
        self._noted_step, self._noted = 0, self._copied_weights()
        self._begin_history()

    def _begin_history(self) -> None:
        self.history = History(term_names(self.experiment), self.steps_per_epoch)
        self.history.test.append(self.history.row(self.reevaluate().terms))

    @property
    def epoch(self) -> int:
        """Epochs completed."""
        return self.step // self.steps_per_epoch

    @property
    def weights_step(self) -> int:
        """The step that the weights are of: where the run diverged, the last one that was kept."""
        return self._kept_step if self.diverged else self.step

    @property
    def samples_seen(self) -> int:
        """Samples of every step so far; the last batch of an epoch may be smaller."""
        within = (self.step % self.steps_per_epoch) * self.experiment.training.batch
        return self.epoch * len(self.train) + within

    @property
    def finished(self) -> bool:
        """Whether there is no step left to do."""
        return bool(self.end_reason) or self.step >= self.experiment.training.epochs * self.steps_per_epoch

    def __iter__(self) -> Iterator[int]:
        return self

    def __next__(self) -> int:
        """Does one update and returns its number, 1 for the first."""
        if self.finished:
            raise StopIteration
        started = time.perf_counter()
        self._update(self._rows())
        self.step += 1
        if len(self._pending) >= (1 if self.device.type == "cpu" else _FLUSH_EVERY):
            self.flush()
        self.seconds += time.perf_counter() - started
        if self.step % self.steps_per_epoch == 0:
            self._end_epoch()
        return self.step

    def apply(self, experiment: Experiment) -> tuple[str, ...]:
        """Takes over another experiment's live parts; returns the paths that differ beyond them.

        Changes nothing where that is not empty: then this is a run of an older experiment. Raises
        InvalidExperiment if the other experiment could not be trained.
        """
        older = older_paths(self.experiment, experiment)
        changed = changed_paths(self.experiment, experiment)
        if older or not changed:
            return older
        resolve(experiment, self.plan.facts).check()
        self.flush()
        self.experiment = experiment
        marks = tuple(
            Mark(self.step, path, get(experiment, path)) for path in changed if _matters(experiment, path)
        )
        self.history.marks += marks if self.step else ()
        for name in term_names(experiment):
            if name not in self.history.terms:
                self.history.add_term(name)
        if any(path.startswith("noise.") for path in changed):
            self.noisy_test = kept_noise(experiment, self.test, self.space)
        if not self.diverged:  # more patience lets a run that was over go on
            self.end_reason = self._reason_to_stop() if self.step % self.steps_per_epoch == 0 else ""
        if not self.step:  # nothing has been computed that the change comes too late for
            self._begin_history()
        return ()

    def flush(self) -> None:
        """Looks at the terms of the steps since the last look. Raises Diverged."""
        if not self._pending:
            return
        rows = torch.stack(self._pending).tolist()
        first = self.step - len(rows) + 1
        self._pending.clear()
        for i, row in enumerate(rows):
            self.history.batch.append(row)
            if not _finite(row):
                self._diverge(first + i, row)
        if self._noted_step > self._kept_step:
            self._kept, self._noted, self._kept_step = self._noted, self._kept, self._noted_step

    def reevaluate(self) -> Evaluation:
        """The test set under the weights of this moment."""
        self.model.eval()
        self.evaluation = evaluate(self.experiment, self.model, self.test, self.noisy_test)
        self.model.train()
        self.evaluated_step, self._evaluated_noise = self.weights_step, self.noisy_test
        return self.evaluation

    @property
    def evaluation_is_current(self) -> bool:
        """Whether ``evaluation`` is of this step and of this noise."""
        return self.evaluated_step == self.weights_step and self._evaluated_noise is self.noisy_test

    def resumed(self) -> None:
        """Everything that follows from the weights and the step, after they were put in place."""
        self._kept_step, self._kept = self.step, self._copied_weights()
        self.reevaluate()

    def noise_generator(self, step: int) -> torch.Generator:
        """The random stream of one step, which depends on nothing but the seed and the step."""
        return self._noise_generator.manual_seed((self._noise_seed + step * 0x9E3779B1) & 0xFFFFFFFF)

    def rows_of(self, step: int) -> Tensor:
        """The rows (B,) of the training set that the update after ``step`` updates learns from."""
        epoch, position = divmod(step, self.steps_per_epoch)
        known = position > 0 and epoch == self.epoch and len(self._order) > 0
        order, batch = self._order if known else self._shuffled(epoch), self.experiment.training.batch
        return order[position * batch : (position + 1) * batch]

    def upcoming(self) -> Upcoming:
        """The next update, to be looked at; nothing of it is done."""
        return Upcoming(
            experiment=self.experiment,
            model=self.model,
            optimizer=self.optimizer,
            train=self.train,
            space=self.space,
            step=self.step,
            steps_per_epoch=self.steps_per_epoch,
            rows_of=self.rows_of,
            generator_of=self.noise_generator,
        )

    def _rows(self) -> Tensor:
        position = self.step % self.steps_per_epoch
        if position == 0 or not len(self._order):
            self._order = self._shuffled(self.epoch)
        batch = self.experiment.training.batch
        return self._order[position * batch : (position + 1) * batch]

    def _shuffled(self, epoch: int) -> Tensor:
        generator = self._generator("shuffle", "cpu", epoch)
        return torch.randperm(len(self.train), generator=generator).to(self.device)

    def _update(self, rows: Tensor) -> None:
        generator, training = self.noise_generator(self.step), self.experiment.training
        clean = self.train.take(rows)  # (B, k)
        parts = forward(self.experiment, self.model, clean, generator, self.space).parts
        backward(parts, self._parameters)
        if self.step % _KEEP_EVERY == 0:
            self._note_weights()
        descend(training, self.optimizer, self._parameters, self.step, self.steps_per_epoch)
        self._pending.append(self._in_columns(parts))

    def _in_columns(self, parts: dict[str, Tensor]) -> Tensor:
        if len(parts) < len(self.history.terms):
            parts = {name: torch.zeros((), device=self.device) for name in self.history.terms} | parts
        return torch.stack([parts[name].detach() for name in self.history.terms])

    def _end_epoch(self) -> None:
        started = time.perf_counter()
        self.flush()
        self.seconds += time.perf_counter() - started
        self.history.train.append(self._epoch_mean())
        self.history.test.append(self.history.row(self.reevaluate().terms))
        row: list[float] = self.history.test.prefix()[-1].tolist()
        if not _finite(row):  # the last update may itself have gone wrong
            self._diverge(self.step, row)
        self.end_reason = self._reason_to_stop()

    def _reason_to_stop(self) -> str:
        if self.epoch >= self.experiment.training.epochs:
            return ""  # it has come to its end
        return reason_to_stop(self.experiment.training, self.history.test.prefix()[:, 0])

    def _epoch_mean(self) -> list[float]:
        batch = self.experiment.training.batch
        rows = torch.from_numpy(self.history.batch.prefix()[-self.steps_per_epoch :].copy())
        sizes = torch.full((len(rows),), float(batch), dtype=torch.float64)
        sizes[-1] = len(self.train) - batch * (len(rows) - 1)
        mean: list[float] = (rows.double() * sizes[:, None]).sum(dim=0).div(sizes.sum()).tolist()
        return mean

    def _copied_weights(self) -> list[Tensor]:
        return [t.detach().clone() for t in self._state()]

    def _state(self) -> Iterator[Tensor]:
        """Weights, and the running moments of norms."""
        return itertools.chain(self.model.parameters(), self.model.buffers())

    def _note_weights(self) -> None:
        """Copies the weights, which are kept once the loss under them proves to be finite."""
        with torch.no_grad():
            for noted, parameter in zip(self._noted, self._state(), strict=True):
                noted.copy_(parameter)
        self._noted_step = self.step

    def _diverge(self, step: int, row: list[float]) -> None:
        with torch.no_grad():
            for kept, parameter in zip(self._kept, self._state(), strict=True):
                parameter.copy_(kept)
        self.diverged, self.end_reason = True, f"the loss is no longer finite at step {step:,}"
        self.reevaluate()
        path, value = self._culprit(row)
        untrained = step == 1 or not _finite(self.history.test.prefix()[0].tolist())
        if untrained and path == "training.rate":  # which has changed nothing yet
            raise self._never_finite(step)
        raise Diverged(
            f"{path}: the loss is no longer a finite number at step {step:,}, so the run was stopped and"
            f" the weights of step {self._kept_step:,} are kept; lower {path}, now {value:g}",
            path=path,
            step=step,
        )

    def _never_finite(self, step: int) -> Diverged:
        low, high = self.dataset.low, self.dataset.high
        return Diverged(
            "data.scaling: the loss is not a finite number before any update: the scaled data go from"
            f" {low:g} to {high:g}; take the scaling standard or minmax, or leave extreme samples out",
            path="data.scaling",
            step=step,
        )

    def _culprit(self, row: list[float]) -> tuple[str, float]:
        """The setting to lower: a penalty's weight if that term alone went wrong, else the rate."""
        wrong = [n for n, v in zip(self.history.terms, row, strict=True) if not abs(v) < float("inf")]
        paths = {"variational_kl": "code.beta", "weights_l1": "penalty.weights_l1"}
        paths |= {"weights_l2": "penalty.weights_l2", "jacobian": "penalty.jacobian"}
        if len(wrong) == 1 and wrong[0] != self.history.terms[0]:
            path = paths.get(wrong[0], "penalty.code.weight")
            return path, float(get(self.experiment, path))
        return "training.rate", self.experiment.training.rate

    def _generator(
        self, name: Stream, device: torch.device | str | None = None, *numbers: int
    ) -> torch.Generator:
        seed = stream_seed(self.experiment.seed, name, *numbers)
        return torch.Generator(device or self.device).manual_seed(seed)


def _matters(experiment: Experiment, path: str) -> bool:
    """Whether a live change at ``path`` changes what the next steps compute."""
    if path == "training.epochs":
        return isinstance(experiment.training.schedule, Cosine | OneCycle)
    return path != "title"


def _finite(row: list[float]) -> bool:
    # A sum is finite exactly where its terms are, but for an overflow, which counts too.
    return abs(sum(row)) < float("inf")
