"""The next update of a network, tried on a copy: the one that learns is left as it is."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from aegui.analysis.inside import LayerSeen, Move, NextUpdate, SlowSeen, SlowUpdate, Update
from aegui.analysis.looking.activations import layer_seen, recorded
from aegui.analysis.looking.filters import layers_of
from aegui.nets.autoencoder import Autoencoder
from aegui.objectives.objective import Terms
from aegui.training.bench import Bench
from aegui.training.upcoming import Upcoming, backward


def next_update(bench: Bench, _look: NextUpdate) -> Update:
    """Gradients and changes of every layer by the next update."""
    return _Trial(bench.upcoming).update


def slow_update(bench: Bench, look: SlowUpdate) -> SlowSeen:
    """The next update, phase by phase, with one sample of its batch."""
    trial = _Trial(bench.upcoming)
    place = min(look.place, len(trial.clean) - 1)
    clean, seen, made = (part[place] for part in (trial.clean, trial.forward.seen, trial.made))
    encoder, decoder = trial.layers(place)
    errors = (trial.made - trial.clean).square().mean(dim=1)
    noise = (trial.forward.seen - trial.clean).square().mean(dim=1)
    passed, code = trial.forward.passed, len(trial.model.encoder)
    mean, log_var = (
        None if part is None else layer_seen(trial.model, code, part[place])
        for part in (passed.mean, passed.log_var)
    )
    return SlowSeen(
        update=trial.update,
        place=place,
        row=int(trial.rows[place]),
        clean=clean.cpu().numpy(),
        seen=seen.cpu().numpy(),
        encoder=encoder,
        decoder=decoder,
        made=made.cpu().numpy(),
        error=float(errors[place]),
        noise_error=float(noise[place]),
        batch_error=float(errors.mean()),
        batch_noise_error=float(noise.mean()),
        mean=mean,
        log_var=log_var,
    )


class _Trial:
    """One update done on a copy of the network and of its optimiser."""

    def __init__(self, upcoming: Upcoming) -> None:
        self.upcoming = upcoming
        self.rows = upcoming.rows()
        self.clean = upcoming.train.take(self.rows)  # (B, k)
        self.model, optimizer = upcoming.copied()
        with torch.enable_grad():
            with recorded(self.model) as self.outputs:
                self.forward = upcoming.forward(self.model, self.clean)
            backward(self.forward.parts, [*self.model.parameters()])
        self.made = self.model.reconstruction(self.forward.passed.logits.detach())  # (B, k)
        gradients = _norms(self.model, gradient=True)
        before = [p.detach().clone() for p in self.model.parameters()]
        sizes = _norms(self.model)
        changes: list[float] | None = None
        after: Terms | None = None
        if optimizer is not None:
            with torch.enable_grad():
                upcoming.descend(self.model, optimizer)
            after = self._again()
            changes = _changes(self.model, before)
        self.update = self._update(gradients, sizes, changes, after)

    def layers(self, place: int) -> tuple[tuple[LayerSeen, ...], tuple[LayerSeen, ...]]:
        """One sample in every layer up to the code, and behind it; a variational code is the one drawn."""
        code = len(self.model.encoder)
        outputs = [*self.outputs, self.made]
        outputs[code] = self.forward.passed.code
        seen = [layer_seen(self.model, number, output[place]) for number, output in enumerate(outputs)]
        return tuple(seen[: code + 1]), tuple(seen[code + 1 :])

    def _again(self) -> Terms:
        """The terms of the same batch behind the update, with the same noise and the same units dropped."""
        with torch.no_grad():
            return self.upcoming.forward(self.model, self.clean).parts

    def _update(
        self, gradients: list[float], sizes: list[float], changes: list[float] | None, after: Terms | None
    ) -> Update:
        upcoming = self.upcoming
        training = upcoming.experiment.training
        moves = [
            Move(layer, gradients[i], sizes[i], None if changes is None else changes[i], spread)
            for i, (layer, spread, _) in enumerate(_learning(self.model))
        ]
        return Update(
            step=upcoming.step,
            size=len(self.clean),
            terms=_floats(self.forward.parts),
            after=None if after is None else _floats(after),
            norm=math.hypot(*gradients),
            clip=training.clip_norm,
            rate=upcoming.rate,
            moves=tuple(moves),
        )


def _learning(model: Autoencoder) -> list[tuple[int, bool, nn.Module]]:
    """Every module with parameters of its own: number of its layer, whether it is log σ²'s, and itself."""
    found: list[tuple[int, bool, nn.Module]] = []
    for number, module in enumerate(layers_of(model)):
        if next(module.parameters(), None) is not None:
            found.append((number, False, module))
        if module is model.code and model.log_var is not None:
            found.append((number, True, model.log_var))
    return found


def _norms(model: Autoencoder, gradient: bool = False) -> list[float]:
    """‖w‖ of each learning module, or ‖∂L/∂w‖."""
    return [
        _norm([p.grad if gradient else p.detach() for p in module.parameters()])
        for _, _, module in _learning(model)
    ]


def _changes(model: Autoencoder, before: list[Tensor]) -> list[float]:
    """‖Δw‖ of each learning module."""
    old = dict(zip(model.parameters(), before, strict=True))
    return [_norm([p.detach() - old[p] for p in module.parameters()]) for _, _, module in _learning(model)]


def _norm(parts: list[Tensor | None]) -> float:
    """The norm of all numbers together; a parameter without a gradient has none of zero size."""
    norms = [torch.linalg.vector_norm(part) for part in parts if part is not None]
    return math.hypot(*torch.stack(norms).tolist()) if norms else 0.0


def _floats(parts: Terms) -> dict[str, float]:
    return {name: float(value.detach()) for name, value in parts.items()}
