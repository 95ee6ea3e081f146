"""What a network does on a whole set of samples, in eval mode."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from aegui.nets.autoencoder import Autoencoder, Passed, evaluating
from aegui.objectives.objective import regularisers
from aegui.objectives.penalty import jacobian_norm
from aegui.objectives.reconstruction import reconstruction_loss
from aegui.piecewise import at_once
from aegui.spec import Experiment, Loss, replace
from aegui.training.samples import Samples

_MOST = 500  # samples per pass; more is not faster on a processor, and takes memory
_NUMBERS = 2**22  # that a pass may have in its widest layer: 17 MB; with 2**24 it takes twice as long
_JACOBIAN_CHUNK = 100  # the Jacobians of a chunk take d times the memory of its inputs


@dataclass(frozen=True, eq=False)
class Evaluation:
    """Errors and codes of every sample."""

    terms: dict[str, float]
    errors: Tensor  # (N,) MSE_i
    codes: Tensor  # (N, d), means where the code is variational
    bce: float | None  # mean over samples and features; None without a sigmoid output


InParts = Generator[None, None, Evaluation]


class Inputs(Protocol):
    """What the network is given instead of the clean samples, by the rows of a chunk."""

    def __getitem__(self, rows: slice) -> Tensor: ...


def chunk_size(model: Autoencoder) -> int:
    """Samples that are passed through a network together where nothing is learned from them."""
    widest = max(max(layer.units, layer.inputs) for layer in model.plan.layers)
    return max(16, min(_MOST, _NUMBERS // widest))


def evaluate(
    experiment: Experiment, model: Autoencoder, clean: Samples, noisy: Inputs | None = None
) -> Evaluation:
    """Passes every sample through the network; ``noisy``: the inputs (N, k), None if they are clean."""
    return at_once(evaluated_in_parts(experiment, model, clean, noisy))


@torch.no_grad()
def evaluated_in_parts(
    experiment: Experiment, model: Autoencoder, clean: Samples, noisy: Inputs | None = None
) -> InParts:
    """The same with a rest after every chunk; the evaluation is what the generator returns.

    The network must have the weights that it has now whenever it goes on.
    """
    count, training = len(clean), experiment.training
    found = _Sums(Rows(count), Rows(count), Rows(count))
    for rows, x in clean.chunks(chunk_size(model)):
        with evaluating(model):
            _add(found, experiment, model, x, x if noisy is None else noisy[rows])
        yield
    bce = found.bce / len(clean) if _has_bce(model) else None
    codes, errors = found.codes.values, found.errors.values
    terms: dict[str, float] = {training.loss: _loss(training.loss, errors, bce, found.loss / len(clean))}
    terms |= _regularisers(experiment, model, codes, found, clean)
    return Evaluation(terms, errors, codes, bce)


@torch.no_grad()
def encoded(model: Autoencoder, clean: Samples, rows: NDArray[np.int64]) -> NDArray[np.float32]:
    """Codes (n, d) of some samples as they are, without noise."""
    index = torch.as_tensor(rows, device=clean.device)
    parts = torch.split(index, chunk_size(model))
    return _gathered((model.encode(clean.take(part)) for part in parts), len(rows)).cpu().numpy()


def _gathered(parts: Iterable[Tensor], count: int) -> Tensor:
    """Rows (N, ...) that come in parts, in one tensor."""
    rows = Rows(count)
    for part in parts:
        rows.add(part)
    return rows.values


class Rows:
    """Rows (N, ...) that are given part by part.

    They go to their place at once: kept beside what each pass takes, parts would leave a heap full
    of holes, each a little too small for the next pass.
    """

    def __init__(self, count: int) -> None:
        self._count, self._filled = count, 0
        self._values = torch.empty(0)

    def add(self, part: Tensor) -> None:
        """The rows that come next (n, ...)."""
        if not self._filled:
            self._values = part.new_empty(self._count, *part.shape[1:])
        self._values[self._filled : self._filled + len(part)] = part
        self._filled += len(part)

    @property
    def values(self) -> Tensor:
        """Those that were given."""
        return self._values[: self._filled]


@dataclass(eq=False)
class _Sums:
    """What the chunks have given so far."""

    errors: Rows
    codes: Rows
    log_vars: Rows
    bce: float = 0.0
    loss: float = 0.0  # of a loss that is neither mse nor bce
    jacobian: float = 0.0


def _add(found: _Sums, experiment: Experiment, model: Autoencoder, x: Tensor, seen: Tensor) -> None:
    """What a chunk ``x`` (n, k), seen by the network as ``seen``, adds."""
    training, passed = experiment.training, model(seen)
    found.errors.add((model.reconstruction(passed.logits) - x).square().mean(dim=1))
    if training.loss not in ("mse", "bce"):
        found.loss += float(reconstruction_loss(training, model, passed.logits, x)) * len(x)
    found.codes.add(passed.code)
    if passed.log_var is not None:
        found.log_vars.add(passed.log_var)
    if _has_bce(model):
        found.bce += float(F.binary_cross_entropy_with_logits(passed.logits, x)) * len(x)
    if experiment.penalty.jacobian > 0:
        found.jacobian += _jacobian_sum(model, seen)


def _has_bce(model: Autoencoder) -> bool:
    facts = model.plan.facts
    return model.plan.output.activation == "sigmoid" and facts.low >= 0 and facts.high <= 1


def _regularisers(
    experiment: Experiment, model: Autoencoder, codes: Tensor, found: _Sums, clean: Samples
) -> dict[str, float]:
    """The terms beside the reconstruction, each over the whole set at once."""
    log_var = found.log_vars.values if len(found.log_vars.values) else None
    everything = Passed(codes, codes[:0], log_var, None if log_var is None else codes)
    # The Jacobian of the whole set would not fit: it was added up chunk by chunk.
    others = replace(experiment, "penalty.jacobian", 0.0)
    rest = regularisers(others, model, everything, codes, clean.features)
    terms = {name: float(value) for name, value in rest.items()}
    if experiment.penalty.jacobian > 0:
        terms["jacobian"] = experiment.penalty.jacobian * found.jacobian / len(clean)
    return terms


def _jacobian_sum(model: Autoencoder, seen: Tensor) -> float:
    parts: tuple[Tensor, ...] = torch.split(seen, _JACOBIAN_CHUNK)
    return sum(float(jacobian_norm(model, part)) * len(part) for part in parts)


def _loss(kind: Loss, errors: Tensor, bce: float | None, other: float) -> float:
    match kind:
        case "bce":
            assert bce is not None  # the plan has a problem otherwise
            return bce
        case "mse":
            return float(errors.cpu().mean(dtype=torch.float64))  # some devices have no float64
    return other
