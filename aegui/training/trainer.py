"""The trainer: an iterator of steps over one experiment.

Pausing is not calling it, stopping is letting it go, a step is calling it once.
It prints nothing, signals nothing and calls nobody back.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator

import torch
from torch import Tensor

from aegui.data.dataset import Dataset
from aegui.data.streams import stream_seed
from aegui.errors import Diverged
from aegui.machine import memory_bytes
from aegui.nets.autoencoder import Autoencoder
from aegui.objectives.noise import Space, corrupt
from aegui.objectives.objective import Terms
from aegui.piecewise import at_once
from aegui.plan import resolve
from aegui.spec import SGD, Cosine, Experiment, OneCycle, changed_paths, get, older_paths
from aegui.spec.terms import term_names
from aegui.training.device import flushing, lose, pick_device, release_memory, training_threads
from aegui.training.divergence import cause_of, tempered
from aegui.training.evaluation import Evaluation, InParts, evaluate, evaluated_in_parts
from aegui.training.failures import device_lost, is_device_failure, is_out_of_memory, let_go, out_of_memory
from aegui.training.graphs import backpropagation_of
from aegui.training.history import History
from aegui.training.host_copy import HostCopies
from aegui.training.kept_noise import kept_noise
from aegui.training.kept_weights import KeptWeights, all_finite
from aegui.training.optimizers import make_optimizer, reason_to_stop
from aegui.training.order import Order
from aegui.training.samples import Samples
from aegui.training.silence import Silence, silence_of
from aegui.training.snapshot import Mark
from aegui.training.upcoming import Upcoming, backward, descend, forward
from aegui.training.updates import Updates

_FLUSH_EVERY = 64  # steps between two looks at the loss where looking means waiting for the device
_KEEP_EVERY = 32  # steps between two copies of the weights, kept in case that the run diverges

_WORSE = 10.0  # times the loss of an untrained network: weights that are not good any more


class Trainer:
    """Trains the network of one experiment on one data set, a step each time it is asked.

    Raises InvalidExperiment if the plan has problems or the device is not there. While
    iterating raises Diverged if the numbers are no longer finite; the network then holds the
    last good weights, and the run has ended. Raises OutOfMemory, with the weights of the last
    update, and DeviceLost, after which the run stands on the processor and can go on.
    """

    def __init__(self, experiment: Experiment, dataset: Dataset) -> None:
        self.experiment = experiment
        self.dataset = dataset
        self.plan = resolve(experiment, dataset.facts(memory_bytes())).check()
        self.device = pick_device(experiment.training.device)
        self.threads = training_threads()
        torch.set_num_threads(self.threads)
        self.space = Space.of(self.plan.facts)
        self.step = 0
        self.seconds = 0.0  # of training alone
        self.diverged = False
        self.end_reason = ""  # why the run is over before its last epoch
        self.ends_in_parts = False  # an epoch's end then takes many turns, a part of the test set each
        self._noise_seed = stream_seed(experiment.seed, "noise")
        self._host_copies = HostCopies()
        try:
            self._settle_on(self.device)
            self._begin_history()
        except (RuntimeError, MemoryError) as error:
            raise self.explained(error) from None

    def _settle_on(self, device: torch.device) -> None:
        """A new network on a device, and everything that has to be beside it."""
        self.device = device
        self.model = self._untrained()
        self._parameters = list(self.model.parameters())
        self.optimizer = make_optimizer(self.experiment, self._parameters)
        self._updates = Updates(self.optimizer, self._parameters)
        self._backpropagation = backpropagation_of(self.model)
        self.train = Samples(self.dataset, self.dataset.train, device)
        self.test = Samples(self.dataset, self.dataset.test, device)
        self.noisy_test = kept_noise(self.experiment, self.test, self.space)
        self.order = Order(self.experiment.seed, len(self.train), self.experiment.training.batch, device)
        self.steps_per_epoch = self.order.steps_per_epoch
        self._noise_generator = torch.Generator(device)
        self._pending: list[Tensor] = []  # terms of steps that were not looked at yet
        self._steepness: tuple[int, Tensor] | None = None  # of the last gradient that was measured, its step
        self._kept = KeptWeights(self.model, self.step)
        self._ending: Iterator[None] | None = None  # what is left of the end of an epoch that has begun

    def _untrained(self) -> Autoencoder:
        generator = torch.Generator().manual_seed(stream_seed(self.experiment.seed, "weights"))
        return Autoencoder(self.plan, generator).to(self.device)

    def _begin_history(self) -> None:
        self.history = History(term_names(self.experiment), self.steps_per_epoch)
        self.history.test.append(self.history.row(self.reevaluate().terms))
        self._copy_to_host()

    @property
    def epoch(self) -> int:
        """Epochs completed."""
        return self.step // self.steps_per_epoch

    @property
    def weights_step(self) -> int:
        """The step that the weights are of: where the run diverged, the last one that was kept."""
        return self._kept.step if self.diverged else self.step

    @property
    def samples_seen(self) -> int:
        """Samples of every step so far; the last batch of an epoch may be smaller."""
        return self.order.samples_until(self.step)

    @property
    def finished(self) -> bool:
        """Whether there is no step left to do."""
        last = self.experiment.training.epochs * self.steps_per_epoch
        return bool(self.end_reason) or (self.step >= last and not self.ending)

    @property
    def ending(self) -> bool:
        """Whether the epoch's updates are done, and its end is to come before anything else.

        It comes in parts, or memory was out.
        """
        return len(self.history.train) < self.epoch

    def __iter__(self) -> Iterator[int]:
        return self

    def __next__(self) -> int:
        """Does one update and returns its number, 1 for the first; again, as long as its epoch is ending."""
        if self.finished:
            raise StopIteration
        try:
            if not self.ending:
                self._advance()
            if self.ending:
                self._end_epoch()
            if not self._pending and (self._host_copies.due or self.finished):
                self._copy_to_host()
        except (RuntimeError, MemoryError) as error:
            self._ending = None
            raise self.explained(error) from None
        return self.step

    def settle(self) -> None:
        """Ends an epoch at once that is ending. Raises what iterating does."""
        while self.ending:
            next(self)

    def _advance(self) -> None:
        started = time.perf_counter()
        with flushing():
            self._update(self.order.batch_of(self.step))
        self.step += 1
        if len(self._pending) >= (1 if self.device.type == "cpu" else _FLUSH_EVERY):
            self.flush()
        self.seconds += time.perf_counter() - started

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
            self.noisy_test = kept_noise(experiment, self.test, self.space, before=self.noisy_test)
        if not self.diverged and not self.ending:  # more patience lets a run that was over go on
            self.end_reason = self._reason_to_stop() if self.step % self.steps_per_epoch == 0 else ""
        if not self.step:  # nothing has been computed that the change comes too late for
            self._begin_history()
        return ()

    def flush(self) -> None:
        """Looks at the terms of the steps since the last look. Raises Diverged."""
        if not self._pending:
            return
        terms = torch.stack(self._pending) if len(self._pending) > 1 else self._pending[0]
        rows = terms.view(len(self._pending), -1).tolist()
        first = self.step - len(rows) + 1
        self._pending.clear()
        for i, row in enumerate(rows):
            self.history.batch.append(row)
            if not _finite(row):
                self._diverge(first + i, "loss is")
        if first == 1 and not _finite(self.history.test.prefix()[0].tolist()):
            self._diverge(self.step, "loss is")
        steepness, self._steepness = self._steepness, None
        if steepness is not None and not math.isfinite(float(steepness[1])):
            self._diverge(steepness[0], "gradient is")
        if self._kept.waits:
            if not self._kept.noted_is_finite():
                self._diverge(self.step, "weights are")
            if max(row[0] for row in rows) <= self._tolerated:
                self._kept.confirm()

    def reevaluate(self) -> Evaluation:
        """The test set under the weights of this moment."""
        return at_once(self.reevaluated_in_parts())

    def reevaluated_in_parts(self) -> InParts:
        """The same, part by part, as long as no update comes between."""
        noise = self.noisy_test
        found = yield from evaluated_in_parts(self.experiment, self.model, self.test, noise)
        self.evaluation = found
        self.silence = silence_of(found.codes.cpu().numpy())
        self.evaluated_step, self._evaluated_noise = self.weights_step, noise
        return found

    @property
    def evaluation_is_current(self) -> bool:
        """Whether ``evaluation`` is of this step and of this noise."""
        return self.evaluated_step == self.weights_step and self._evaluated_noise is self.noisy_test

    @property
    def silent(self) -> Silence | None:
        """The code units that say nothing at the last evaluation; None before the first epoch's end."""
        return self.silence if len(self.history.train) else None

    def resumed(self, weights_step: int) -> None:
        """Everything that follows from the weights and the step, after they were put in place.

        ``weights_step``: the step of the weights, an earlier one where the run had diverged.
        """
        try:
            self._kept = KeptWeights(self.model, weights_step)
            self.reevaluate()
            self._copy_to_host()
        except (RuntimeError, MemoryError) as error:
            raise self.explained(error) from None

    def explained(self, error: Exception) -> Exception:
        """What an exception from this trainer's network means to the user; itself where it is a bug.

        Memory that is out is released. From a device that has failed the run comes back to the
        processor, as it was when it was last copied.
        """
        device = self.device.type
        if is_out_of_memory(error):
            let_go(error)
            for parameter in getattr(self, "_parameters", []):
                parameter.grad = None
            release_memory(self.device)
            return out_of_memory(self.experiment, self.plan, device, self.step)
        if not is_device_failure(error, device):
            return error
        let_go(error)
        lose(device)
        return device_lost(error, device, self._fall_back())

    def _fall_back(self) -> int | None:
        """Puts the last copy on the processor; returns its step, None if there is none yet."""
        copy = self._host_copies.last
        if copy is None:
            return None
        self.step, self.seconds = copy.step, copy.seconds
        self._settle_on(torch.device("cpu"))
        self.model.load_state_dict(copy.model)
        self.optimizer.load_state_dict(copy.optimizer)
        self.history.rewind(copy.step)
        self.resumed(copy.weights_step)
        return copy.step

    def _copy_to_host(self) -> None:
        if self.device.type != "cpu":
            self._host_copies.renew(self.model, self.optimizer, self.step, self.weights_step, self.seconds)

    def noise_generator(self, step: int) -> torch.Generator:
        """The random stream of one step, which depends on nothing but the seed and the step."""
        return self._noise_generator.manual_seed((self._noise_seed + step * 0x9E3779B1) & 0xFFFFFFFF)

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
            rows_of=self.order.batch_of,
            generator_of=self.noise_generator,
        )

    def _update(self, rows: Tensor) -> None:
        parts = self._differentiate(self.train.batch(rows), self.noise_generator(self.step))
        if self.step % _KEEP_EVERY == 0:
            self._kept.note(self.step)
            self._steepness = self.step + 1, self._measured_gradient()
        training = self.experiment.training
        descend(training, self._updates, self._parameters, self.step, self.steps_per_epoch)
        self._pending.append(self._in_columns(parts))

    def _differentiate(self, clean: Tensor, generator: torch.Generator) -> Terms:
        """The terms of a batch (B, k), and their gradient in the parameters."""
        experiment = self.experiment
        if self._backpropagation is None or not self._backpropagation.can(experiment):
            parts = forward(experiment, self.model, clean, generator, self.space).parts
            backward(parts, self._parameters)
            return parts
        seen = corrupt(experiment.noise, clean, generator, self.space)
        return self._backpropagation.run(experiment, seen, clean, generator)

    def _in_columns(self, parts: dict[str, Tensor]) -> Tensor:
        """Terms in the order of the history, (T,) or, of a single one, a scalar."""
        if len(parts) < len(self.history.terms):
            parts = {name: torch.zeros((), device=self.device) for name in self.history.terms} | parts
        if len(parts) == 1:
            return next(iter(parts.values())).detach()
        return torch.stack([parts[name].detach() for name in self.history.terms])

    @torch.no_grad()
    def _measured_gradient(self) -> Tensor:
        """Infinite where the gradient is, or its square where that is needed: no step would be right."""
        training = self.experiment.training
        squared = training.clip_norm > 0 or not isinstance(training.optimizer, SGD)
        order = 2.0 if squared else math.inf
        gradients = [p.grad for p in self._parameters if p.grad is not None]
        sizes = torch.stack([torch.linalg.vector_norm(g, order) for g in gradients])
        return sizes.square().sum() if squared else sizes.max()

    def _end_epoch(self) -> None:
        """Ends an epoch, or does the next part of that."""
        if self._ending is None:
            self._ending = self._epoch_end()
        for _ in self._ending:
            if self.ends_in_parts:
                return
        self._ending = None

    def _epoch_end(self) -> Iterator[None]:
        started = time.perf_counter()
        self.flush()
        self.seconds += time.perf_counter() - started
        found = yield from self.reevaluated_in_parts()
        epoch = torch.from_numpy(self.history.batch.prefix()[-self.steps_per_epoch :].copy())
        self.history.train.append(self.order.epoch_mean(epoch))
        self.history.test.append(self.history.row(found.terms))
        if not _finite(self.history.test.prefix()[-1].tolist()):  # the last update may itself have gone wrong
            self._diverge(self.step, "loss is")
        if not all_finite([found.codes]):
            self._diverge(self.step, "code is")
        if not self._kept.all_finite():
            self._diverge(self.step, "weights are")
        if not all_finite(self._moments()):
            self._diverge(self.step, "gradient is")
        if found.terms[self.experiment.training.loss] <= self._tolerated:
            self._kept.evaluated(self.step)
        self.end_reason = self._reason_to_stop()

    def _moments(self) -> Iterator[Tensor]:
        """What the optimiser keeps of the gradients so far."""
        for state in self.optimizer.state.values():
            yield from (t for name, t in state.items() if torch.is_tensor(t) and name != "step")

    @property
    def _tolerated(self) -> float:
        """The reconstruction loss above which weights are on their way to infinity, and not kept."""
        return _WORSE * float(self.history.test.prefix()[0, 0])

    def _reason_to_stop(self) -> str:
        if self.epoch >= self.experiment.training.epochs:
            return ""  # it has come to its end
        return reason_to_stop(self.experiment.training, self.history.test.prefix()[:, 0])

    def _diverge(self, step: int, what: str) -> None:
        """Ends the run with its last good weights. Raises Diverged. ``what``: the numbers that went wrong."""
        self._kept.put_back()
        self.diverged, self.end_reason = True, f"the {what} no longer finite at step {step:,}"
        if not self._is_good(self.reevaluate()):
            self._kept.put_back_evaluated()
            self.reevaluate()
        self._copy_to_host()
        cause = cause_of(self.experiment, self.dataset, [*self._untrained_terms(step)])
        one = "a finite number" if what.endswith("is") else "finite numbers"
        raise Diverged(
            f"{cause.path}: the {what} no longer {one} at step {step:,}, so the run was stopped and"
            f" the weights of step {self._kept.step:,} are kept; {cause.advice}",
            path=cause.path,
            step=step,
        )

    def _is_good(self, found: Evaluation) -> bool:
        return _finite([*found.terms.values()]) and all_finite([found.codes, found.errors])

    @torch.no_grad()
    def _untrained_terms(self, step: int) -> Iterator[dict[str, float]]:
        """The objective of a network that has learned nothing: on the test set, and on the step's batch."""
        experiment, model = tempered(self.experiment), self._untrained()
        clean, generator = self.train.take(self.order.batch_of(step - 1)), self.noise_generator(step - 1)
        parts = forward(experiment, model, clean, generator, self.space).parts
        yield {name: float(value) for name, value in parts.items()}
        yield evaluate(experiment, model.eval(), self.test, self.noisy_test).terms


def _matters(experiment: Experiment, path: str) -> bool:
    """Whether a live change at ``path`` changes what the next steps compute."""
    if path == "training.epochs":
        return isinstance(experiment.training.schedule, Cosine | OneCycle)
    return path != "title"


def _finite(row: list[float]) -> bool:
    # A sum is finite exactly where its terms are, but for an overflow, which counts too.
    return abs(sum(row)) < float("inf")
