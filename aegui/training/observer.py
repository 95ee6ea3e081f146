"""Makes snapshots of a trainer, and keeps what they cost within a budget."""

from __future__ import annotations

import dataclasses
import math
import time
from collections.abc import Generator, Iterator

import numpy as np
import torch

from aegui.nets.autoencoder import evaluating
from aegui.piecewise import at_once, is_over
from aegui.training.bench import Bench, See, bench_of
from aegui.training.evaluation import Rows, chunk_size
from aegui.training.frames import Frame, Frames
from aegui.training.optimizers import rate_at
from aegui.training.replaying import Replaying
from aegui.training.snapshot import Baselines, Codes, Look, Pictures, Seen, Snapshot, Wishes
from aegui.training.trainer import Trainer

BUDGET = 0.05  # share of the worker's time that snapshots may take
_CODES_SHARE = 0.45  # of the budget: codes of the whole test set cost most
_LOOKS_SHARE = 0.3  # of the budget
_FASTEST = 1 / 8  # seconds between two snapshots
_CREDIT = 0.5  # seconds that a run may spend at once, so that its first moments are seen closely
_SPEED_WINDOW = 2.0  # seconds over which the speed shown is measured


def _blind(_bench: Bench, look: Look) -> Generator[None, None, object]:
    raise ValueError(f"nobody answers {type(look).__name__}")


class Observer:
    """Looks at one trainer. ``pca_curve`` and ``baselines`` may be filled in later by whoever has them.

    ``pca_curve`` (k + 1,) is the PCA error on the test set by code size, NaN where not known.
    ``see`` answers the looks that are wished for; ``frames`` are earlier moments of the run.
    """

    def __init__(
        self, trainer: Trainer, see: See = _blind, frames: Frames | None = None, run: int = 0
    ) -> None:
        self.trainer = trainer
        self.run = run  # its number in a session
        self.baselines = Baselines()
        self.pca_curve: np.ndarray | None = None
        self.frames = Frames() if frames is None else frames
        self._see = see
        self._codes = Codes(trainer.evaluation.codes.cpu().numpy(), trainer.evaluated_step)
        self._evaluation = trainer.evaluation
        self._looks: dict[Look, Seen] = {}
        self._looked_at = trainer.experiment  # what the looks are of, live changes with it
        self._replaying = Replaying(trainer)
        self._hasty: frozenset[Look] = frozenset()  # answered while the evaluation was an older one
        self._replayed: dict[Look, tuple[Frame | None, Seen]] = {}  # looks at earlier moments; None: hasty
        self._snapshots = _Purse(BUDGET * (1 - _CODES_SHARE - _LOOKS_SHARE))
        self._code_snapshots = _Purse(BUDGET * _CODES_SHARE)
        self._look_snapshots = _Purse(BUDGET * _LOOKS_SHARE)
        self._speed = _Speed(trainer)

    @property
    def due(self) -> bool:
        """Whether the budget allows a snapshot now."""
        return self._snapshots.affords(_FASTEST)

    def snapshot(self, wishes: Wishes, *, fresh: bool = False, hurried: bool = False) -> Snapshot:
        """The moment as it is; ``fresh`` renews codes, errors and looks, whatever that costs.

        Otherwise they are those of the last time that the budget allowed it; a look that was not
        wished for before is answered at once. ``hurried`` renews none of them: somebody waits for
        the pictures. It is no hurried one where there is nothing to renew.
        """
        self.trainer.flush()
        if fresh and not self.trainer.evaluation_is_current:
            self.trainer.reevaluate()
        at_once(self.renewal(wishes, fresh=fresh, hurried=hurried))
        return self.taken(wishes, hurried=hurried)

    def renewal(
        self, wishes: Wishes, *, fresh: bool = False, hurried: bool = False
    ) -> Generator[None, None, None]:
        """Finds out, bit by bit, what such a snapshot renews; :meth:`taken` is that snapshot then.

        The run must stand still meanwhile, but another renewal may come between. Raises Diverged.
        """
        self.trainer.flush()
        self._adopt_evaluation()
        if not hurried:
            yield from self._codes_renewal(wishes)
        yield from self._looks_renewal(wishes, fresh, hurried)

    def taken(self, wishes: Wishes, *, hurried: bool = False) -> Snapshot:
        """The moment as it is, with what is known of it. Nothing is renewed."""
        started, trainer = time.perf_counter(), self.trainer
        self._adopt_evaluation()
        bench = bench_of(trainer)
        snapshot = Snapshot(
            experiment=trainer.experiment,
            step=trainer.step,
            weights_step=trainer.weights_step if trainer.diverged else None,
            epoch=trainer.epoch,
            steps_per_epoch=trainer.steps_per_epoch,
            curves=trainer.history.curves(),
            codes=self._codes if wishes.codes else None,
            pictures=_pictures(bench, wishes),
            baselines=self._baselines(),
            errors=trainer.evaluation.errors.cpu().numpy(),
            errors_step=None if trainer.evaluated_step == trainer.weights_step else trainer.evaluated_step,
            samples_per_second=self._speed.measure(),
            silent=trainer.silent,
            end_reason=trainer.end_reason,
            rate=rate_at(trainer.experiment.training, trainer.step, trainer.steps_per_epoch),
            looks={look: self._looks[look] for look in wishes.looks if look in self._looks},
            frames=self.frames.steps,
            frame_bytes=self.frames.nbytes,
            run=self.run,
            hurried=hurried and not self._is_current(wishes),
        )
        self._snapshots.spend(time.perf_counter() - started)
        return snapshot

    def rest(self, wishes: Wishes) -> Iterator[None]:
        """Finds out, bit by bit, what a hurried snapshot left out, as long as the run stands still."""
        trainer = self.trainer
        if not trainer.evaluation_is_current:
            yield from trainer.reevaluated_in_parts()
        for look in self._old_looks(wishes):
            yield from self._look_again(look)
            yield
        self._looked_at = trainer.experiment

    def rest_of_replay(self, frame: Frame, wishes: Wishes) -> Iterator[None]:
        """The same for an earlier moment; others may be looked at in a hurry meanwhile."""
        if not self._replaying.knows(frame):
            yield from self._replaying.find_out(frame)
        for look in wishes.looks:
            if not self._is_replayed(look, frame):
                yield
                parts = self._answered(self._replaying.bench(frame), look)
                self._replayed[look] = frame, (yield from self._replaying.under(frame, parts))

    def replay(self, frame: Frame, wishes: Wishes, *, hurried: bool = False) -> Snapshot:
        """An earlier moment, with everything that is wished for under the weights of then.

        ``hurried``: with what is known of another one in the place of what takes time.
        """
        for _ in () if hurried else self.rest_of_replay(frame, wishes):
            pass
        trainer, bench = self.trainer, self._replaying.bench(frame)
        trainer.flush()
        looks = self._replayed_looks(bench, frame, wishes)
        known = self._replaying.knows(frame) and all(self._is_replayed(look, frame) for look in looks)
        codes, evaluated = self._codes, trainer.evaluated_step
        if (moment := self._replaying.moment) is not None:
            codes, evaluated = moment.codes, moment.frame.step
        return Snapshot(
            experiment=frame.experiment,
            step=frame.step,
            epoch=frame.step // trainer.steps_per_epoch,
            steps_per_epoch=trainer.steps_per_epoch,
            curves=trainer.history.curves().until(frame.step),
            codes=codes if wishes.codes else None,
            pictures=_pictures(bench, wishes),
            baselines=dataclasses.replace(self._baselines(), noisy_mse=_noisy_mse(bench)),
            errors=bench.evaluation.errors.cpu().numpy(),
            errors_step=None if evaluated == frame.step else evaluated,
            rate=rate_at(frame.experiment.training, frame.step, trainer.steps_per_epoch),
            looks=looks,
            frames=self.frames.steps,
            frame_bytes=self.frames.nbytes,
            run=self.run,
            replayed=True,
            hurried=hurried and not known,
        )

    def decode(
        self, codes: np.ndarray[tuple[int, int], np.dtype[np.float32]], frame: Frame | None = None
    ) -> np.ndarray:
        """Reconstructions (m, k) of codes (m, d), in the scaled units, by the network of a frame or now."""
        model = self.trainer.model if frame is None else self._replaying.model(frame)
        with torch.no_grad(), evaluating(model):
            z = torch.as_tensor(codes, dtype=torch.float32, device=self.trainer.device)
            return model.decode(z).cpu().numpy()

    def _is_current(self, wishes: Wishes) -> bool:
        """Whether codes, errors and looks are of this moment."""
        codes_known = not wishes.codes or self._codes.step == self.trainer.weights_step
        return self.trainer.evaluation_is_current and codes_known and not self._old_looks(wishes)

    def _old_looks(self, wishes: Wishes) -> list[Look]:
        """Those that are wished for whose answers are of an earlier moment."""
        changed, step = self.trainer.experiment is not self._looked_at, self.trainer.weights_step
        known = {look: self._looks[look] for look in wishes.looks if look in self._looks}
        return [look for look, seen in known.items() if changed or seen.step != step or look in self._hasty]

    def _is_replayed(self, look: Look, frame: Frame) -> bool:
        return look in self._replayed and self._replayed[look][0] is frame

    def _replayed_looks(self, bench: Bench, frame: Frame, wishes: Wishes) -> dict[Look, Seen]:
        """Answers to every look that is wished for, those that are not known of this moment at once."""
        known = self._replayed
        missing = [look for look in wishes.looks if look not in known and look not in self._looks]
        of = frame if self._replaying.knows(frame) else None
        known |= {look: (of, at_once(self._answered(bench, look))) for look in missing}
        self._replayed = {look: known[look] for look in wishes.looks if look in known}
        of_present = {look: self._looks[look] for look in wishes.looks if look in self._looks}
        return of_present | {look: seen for look, (_, seen) in self._replayed.items()}

    def _codes_renewal(self, wishes: Wishes) -> Iterator[None]:
        """Codes of the whole test set, if they are wished for and the budget allows it."""
        is_old = self._codes.step != self.trainer.weights_step
        if wishes.codes and is_old and self._code_snapshots.affords():
            yield from self._code_snapshots.paying(self._encode())

    def _encode(self) -> Iterator[None]:
        trainer, step = self.trainer, self.trainer.weights_step
        noisy, found = trainer.noisy_test, Rows(len(trainer.test))
        for rows, x in trainer.test.chunks(chunk_size(trainer.model)):
            with torch.no_grad(), evaluating(trainer.model):
                found.add(trainer.model.encode(x if noisy is None else noisy[rows]))
            yield
        self._codes = Codes(found.values.cpu().numpy(), step)

    def _looks_renewal(self, wishes: Wishes, fresh: bool, hurried: bool) -> Iterator[None]:
        """New looks and some of the old ones; those that nobody wishes for any more are forgotten."""
        known, experiment = self._looks, self.trainer.experiment
        self._looks = {look: known[look] for look in wishes.looks if look in known}
        self._hasty = self._hasty.intersection(self._looks)
        missing = [look for look in wishes.looks if look not in known]
        old = [] if hurried else self._old_looks(wishes)
        if old and not fresh:  # one at a time, and none that somebody would have to wait for
            may = not missing and self._look_snapshots.affords()
            old = [min(old, key=lambda look: known[look].step)] if may else []
        if wanted := [*missing, *old]:
            yield from self._look_snapshots.paying(part for look in wanted for part in self._look_again(look))
        if not hurried and {*self._looks} <= {*wanted}:
            self._looked_at = experiment

    def _look_again(self, look: Look) -> Iterator[None]:
        found = yield from self._answered(bench_of(self.trainer), look)
        self._looks[look] = found
        self._hasty -= {look}
        if not self.trainer.evaluation_is_current:
            self._hasty |= {look}

    def _answered(self, bench: Bench, look: Look) -> Generator[None, None, Seen]:
        """The network gets its mode for each part, and others find theirs in the rests."""
        parts = self._see(bench, look)
        while True:
            try:
                with torch.no_grad(), evaluating(bench.model):
                    next(parts)
            except StopIteration as end:
                return Seen(end.value, bench.step)
            yield

    def _baselines(self) -> Baselines:
        noisy_mse = _noisy_mse(bench_of(self.trainer))
        return dataclasses.replace(self.baselines, pca_mse=self._pca_mse(), noisy_mse=noisy_mse)

    def _pca_mse(self) -> float | None:
        size, curve = self.trainer.experiment.code.size, self.pca_curve
        if curve is None:
            return None
        error = float(curve[min(size, len(curve) - 1)])
        return None if math.isnan(error) else error

    def _adopt_evaluation(self) -> None:
        """An evaluation has renewed every code at once."""
        evaluation = self.trainer.evaluation
        if evaluation is not self._evaluation:
            self._evaluation = evaluation
            self._codes = Codes(evaluation.codes.cpu().numpy(), self.trainer.evaluated_step)


def _noisy_mse(bench: Bench) -> float | None:
    return None if bench.noisy_test is None else bench.noisy_test.mse


def _pictures(bench: Bench, wishes: Wishes) -> Pictures | None:
    indices = _chosen(bench, wishes)
    if not len(indices):
        return None
    rows = torch.as_tensor(indices, device=bench.test.device)
    clean = bench.test.take(rows)
    noisy = None if bench.noisy_test is None else bench.noisy_test[rows]
    with torch.no_grad(), evaluating(bench.model):
        reconstruction = bench.model.decode(bench.model.encode(clean if noisy is None else noisy))
    return Pictures(
        indices=indices,
        original=clean.cpu().numpy(),
        noisy=None if noisy is None else noisy.cpu().numpy(),
        reconstruction=reconstruction.cpu().numpy(),
        error=(reconstruction - clean).square().mean(dim=1).cpu().numpy(),
        noisy_error=None if noisy is None else (noisy - clean).square().mean(dim=1).cpu().numpy(),
    )


def _chosen(bench: Bench, wishes: Wishes) -> np.ndarray:
    n = len(bench.test)
    if wishes.choice == "fixed":
        return np.array([i for i in wishes.pictures if 0 <= i < n], dtype=np.int64)
    largest = wishes.choice == "worst"
    count = min(wishes.count, n)
    chosen: np.ndarray = bench.evaluation.errors.topk(count, largest=largest).indices.cpu().numpy()
    return chosen


class _Purse:
    """Time that may be spent: a share of what passes, with a little to begin with."""

    def __init__(self, share: float) -> None:
        self.spent = 0.0
        self._share, self._credit = share, _CREDIT
        self._cost, self._last = 0.0, time.perf_counter()

    def affords(self, at_least_after: float = 0.0) -> bool:
        """Whether there is enough for what the last one cost, that many seconds after it."""
        passed = time.perf_counter() - self._last
        return passed >= at_least_after and self._credit + self._share * passed >= self._cost

    def paying(self, parts: Iterator[None]) -> Iterator[None]:
        """Goes through parts, and spends at their end what they took, without the rests between them."""
        seconds, over = 0.0, False
        try:
            while not over:
                started = time.perf_counter()
                over = is_over(parts)
                seconds += time.perf_counter() - started
                yield
        finally:
            self.spend(seconds)

    def spend(self, seconds: float) -> None:
        now = time.perf_counter()
        earned = self._share * (now - self._last)
        # What was asked for beyond the budget, as after a pause, is not held against the run.
        self._credit = max(min(self._credit + earned, _CREDIT) - seconds, 0.0)
        self.spent += seconds
        self._cost, self._last = seconds, now


class _Speed:
    """Samples per second of training alone, over the last seconds."""

    def __init__(self, trainer: Trainer) -> None:
        self._trainer = trainer
        self._points: list[tuple[float, int]] = [(trainer.seconds, trainer.samples_seen)]

    def measure(self) -> float:
        now = (self._trainer.seconds, self._trainer.samples_seen)
        self._points = [p for p in self._points if now[0] - p[0] <= _SPEED_WINDOW] or self._points[-1:]
        self._points.append(now)
        seconds, samples = now[0] - self._points[0][0], now[1] - self._points[0][1]
        return samples / seconds if seconds > 0 else 0.0
