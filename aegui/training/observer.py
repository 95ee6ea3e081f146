"""Makes snapshots of a trainer, and keeps what they cost within a budget."""

from __future__ import annotations

import dataclasses
import time

import numpy as np
import torch

from aegui.training.snapshot import Baselines, Codes, Pictures, Snapshot, Wishes
from aegui.training.trainer import Trainer

BUDGET = 0.05  # share of the worker's time that snapshots may take
_CHUNK = 500  # codes renewed in one snapshot while training
_SPEED_WINDOW = 2.0  # seconds over which the speed shown is measured


class Observer:
    """Looks at one trainer. ``pca_curve`` and ``baselines`` may be filled in later by whoever has them.

    ``pca_curve`` (k + 1,) is the PCA error on the test set by code size.
    """

    def __init__(self, trainer: Trainer) -> None:
        self.trainer = trainer
        self.baselines = Baselines()
        self.pca_curve: np.ndarray | None = None
        self._noisy_test: torch.Tensor | None = None
        self._noisy_mse: float | None = None
        n = len(trainer.test)
        # A random order: every share that is renewed is a fair sample of the whole.
        self._turn = np.random.default_rng(0).permutation(n)
        self._next = 0
        self._codes = trainer.evaluation.codes.cpu().numpy().copy()
        self._code_steps = np.full(n, trainer.step, dtype=np.int64)
        self._evaluation = trainer.evaluation
        self._evaluation_step, self._evaluated_on = trainer.step, trainer.noisy_test
        self._allowed_from = 0.0
        self._speed = _Speed(trainer)

    @property
    def due(self) -> bool:
        """Whether the budget allows a snapshot now."""
        return time.perf_counter() >= self._allowed_from

    def snapshot(self, wishes: Wishes, *, fresh: bool = False) -> Snapshot:
        """The moment as it is; ``fresh`` renews every code and error rather than a share of them."""
        started = time.perf_counter()
        trainer = self.trainer
        trainer.flush()
        if fresh and (self._evaluation_step != trainer.step or trainer.noisy_test is not self._evaluated_on):
            trainer.reevaluate()
        self._adopt_evaluation()
        snapshot = Snapshot(
            experiment=trainer.experiment,
            step=trainer.step,
            epoch=trainer.epoch,
            steps_per_epoch=trainer.steps_per_epoch,
            curves=trainer.history.curves(),
            codes=self._renewed_codes() if wishes.codes else None,
            pictures=self._pictures(wishes),
            baselines=self._baselines(),
            errors=trainer.evaluation.errors.cpu().numpy(),
            samples_per_second=self._speed.measure(),
            weights=self._weights(wishes),
        )
        spent = time.perf_counter() - started
        self._allowed_from = time.perf_counter() + spent * (1 / BUDGET - 1)
        return snapshot

    def decode(self, codes: np.ndarray[tuple[int, int], np.dtype[np.float32]]) -> np.ndarray:
        """Reconstructions (m, k) of codes (m, d), in the scaled units."""
        with torch.no_grad():
            z = torch.as_tensor(codes, dtype=torch.float32, device=self.trainer.device)
            return self.trainer.model.decode(z).cpu().numpy()

    def _baselines(self) -> Baselines:
        trainer = self.trainer
        if trainer.noisy_test is not self._noisy_test:
            self._noisy_test, self._noisy_mse = trainer.noisy_test, _noisy_mse(trainer)
        size, curve = trainer.experiment.code.size, self.pca_curve
        pca = None if curve is None else float(curve[min(size, len(curve) - 1)])
        return dataclasses.replace(self.baselines, pca_mse=pca, noisy_mse=self._noisy_mse)

    def _adopt_evaluation(self) -> None:
        """An evaluation has renewed every code at once."""
        evaluation = self.trainer.evaluation
        if evaluation is not self._evaluation:
            self._evaluation, self._evaluation_step = evaluation, self.trainer.step
            self._evaluated_on = self.trainer.noisy_test
            self._codes = evaluation.codes.cpu().numpy().copy()
            self._code_steps[:] = self.trainer.step

    def _renewed_codes(self) -> Codes:
        trainer = self.trainer
        if self._evaluation_step != trainer.step:
            rows = self._turn[self._next : self._next + _CHUNK]
            self._next = 0 if self._next + _CHUNK >= len(self._turn) else self._next + _CHUNK
            with torch.no_grad():
                self._codes[rows] = trainer.model.encode(self._seen(rows)).cpu().numpy()
            self._code_steps[rows] = trainer.step
        oldest, newest = int(self._code_steps.min()), int(self._code_steps.max())
        return Codes(self._codes.copy(), oldest, newest)

    def _seen(self, rows: np.ndarray) -> torch.Tensor:
        index = torch.as_tensor(rows, device=self.trainer.device)
        noisy = self.trainer.noisy_test
        return self.trainer.test.take(index) if noisy is None else noisy[index]

    def _pictures(self, wishes: Wishes) -> Pictures | None:
        indices = self._chosen(wishes)
        if not len(indices):
            return None
        trainer = self.trainer
        clean = trainer.test.take(torch.as_tensor(indices, device=trainer.device))
        seen = self._seen(indices)
        with torch.no_grad():
            reconstruction = trainer.model.decode(trainer.model.encode(seen))
        noisy = None if trainer.noisy_test is None else seen
        return Pictures(
            indices=indices,
            original=clean.cpu().numpy(),
            noisy=None if noisy is None else noisy.cpu().numpy(),
            reconstruction=reconstruction.cpu().numpy(),
            error=(reconstruction - clean).square().mean(dim=1).cpu().numpy(),
            noisy_error=None if noisy is None else (noisy - clean).square().mean(dim=1).cpu().numpy(),
        )

    def _chosen(self, wishes: Wishes) -> np.ndarray:
        n = len(self.trainer.test)
        if wishes.choice == "fixed":
            return np.array([i for i in wishes.pictures if 0 <= i < n], dtype=np.int64)
        largest = wishes.choice == "worst"
        count = min(wishes.count, n)
        chosen: np.ndarray = self.trainer.evaluation.errors.topk(count, largest=largest).indices.cpu().numpy()
        return chosen

    def _weights(self, wishes: Wishes) -> dict[str, np.ndarray]:
        state = self.trainer.model.state_dict()
        return {name: state[name].cpu().numpy().copy() for name in wishes.weights if name in state}


def _noisy_mse(trainer: Trainer) -> float | None:
    """MSE of the noisy test set itself; None where there is no noise."""
    if trainer.noisy_test is None:
        return None
    squares = sum(float((trainer.noisy_test[r] - x).square().sum()) for r, x in trainer.test.chunks(1000))
    return squares / trainer.noisy_test.numel()


class _Speed:
    """Samples per second of training alone, over the last seconds."""

    def __init__(self, trainer: Trainer) -> None:
        self._trainer = trainer
        self._points: list[tuple[float, int]] = [(trainer.seconds, trainer.step)]

    def measure(self) -> float:
        now = (self._trainer.seconds, self._trainer.step)
        self._points = [p for p in self._points if now[0] - p[0] <= _SPEED_WINDOW] or self._points[-1:]
        self._points.append(now)
        seconds, steps = now[0] - self._points[0][0], now[1] - self._points[0][1]
        return steps * self._trainer.experiment.training.batch / seconds if seconds > 0 else 0.0
