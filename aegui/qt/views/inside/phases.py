"""What each phase of an update shows of one sample of the batch, and what it says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from aegui.analysis.inside import SlowSeen
from aegui.qt.views.inside.ground import Ground
from aegui.qt.views.text import count, figures
from aegui.qt.widgets.inks import Bytes
from aegui.qt.widgets.story import Stop
from aegui.spec.formula import definitions, is_noisy

TIPS = (
    "Corrupt: noise is added to the samples of the next batch, x → x̃",
    "Encode: the encoder makes the code, h = g(x̃)",
    "Decode: the decoder makes the reconstruction f(h)",
    "Compare: the reconstruction against the clean sample, and every term of the objective",
    "Update: every weight takes a step against its gradient",
)


def stops(phase: int, seen: SlowSeen, ground: Ground, table: Bytes) -> tuple[Stop, ...]:
    """The rows of a phase; the last one has bars instead."""
    ink = ground.sample_ink(seen.clean, seen.seen, seen.made)
    noisy = is_noisy(ground.experiment)
    clean = Stop("Clean x", (f"training sample {seen.row:,}",), seen.clean[None], ink, "feature")
    given = Stop(
        "Noisy x̃" if noisy else "Input x",
        _errors(seen.noise_error, seen.batch_noise_error) if noisy else ("no noise",),
        seen.seen[None],
        ink,
        "feature",
    )
    made = Stop(
        "Reconstruction",
        _errors(seen.error, seen.batch_error),
        seen.made[None],
        ink,
        "feature",
        ground.long_name(seen.decoder[-1].number),
    )
    match phase:
        case 0:
            words = definitions(ground.experiment)[-1] if noisy else "no noise: the network is given x itself"
            return clean, replace(given, arrow=words)
        case 1:
            return (
                given,
                *(ground.stop(layer, table) for layer in seen.encoder[:-1]),
                *_code(seen, ground, table),
            )
        case 2:
            decoder = (ground.stop(layer, table) for layer in seen.decoder[:-1])
            return ground.stop(seen.encoder[-1], table), *decoder, made
        case 3:
            return clean, replace(made, arrow="what came of it"), _squares(seen, ground, table)
    return ()


def _code(seen: SlowSeen, ground: Ground, table: Bytes) -> tuple[Stop, ...]:
    """The code; of a variational one also what it was drawn from."""
    code = ground.stop(seen.encoder[-1], table)
    if seen.mean is None or seen.log_var is None:
        return (code,)
    mean = replace(ground.stop(seen.mean, table), name="μ")
    spread = replace(ground.stop(seen.log_var, table), name="log σ²", arrow="beside it, by a head of its own")
    return mean, spread, replace(code, name="Code z", arrow="z = μ + σ·ε, with ε drawn from N(0, 1)")


def _errors(error: float, batch: float) -> tuple[str, str]:
    return f"MSEᵢ {figures(error)}", f"batch mean {figures(batch)}"


def _squares(seen: SlowSeen, ground: Ground, table: Bytes) -> Stop:
    """(x̂ − x)² at each place; of colours the mean."""
    shape = ground.dataset.shape
    squares = np.square(seen.made - seen.clean)
    if len(shape) == 3:
        squares, shape = squares.reshape(shape[0], -1).mean(axis=0), shape[1:]
    finite = squares[np.isfinite(squares)]
    most = float(finite.max(initial=0)) or 1.0
    notes = (f"mean: MSEᵢ {figures(seen.error)}", f"most: {figures(most, 3)}")
    ink = ground.signed_ink(shape, most, table, least=0.0)
    return Stop("Squared error", notes, squares[None], ink, "feature", "(reconstruction − x)² at each place")


def words(phase: int, seen: SlowSeen, ground: Ground) -> str:
    """What happens in a phase, with its numbers."""
    experiment, update = ground.experiment, seen.update
    batch = count(update.size, "sample")
    match phase:
        case 0 if is_noisy(experiment):
            return f"Noise is drawn afresh for the {batch} of the next batch. The target stays the clean x."
        case 0:
            return f"The next batch has {batch}. Without noise nothing is corrupted: x̃ = x."
        case 1 if experiment.code.variational:
            return "The encoder makes μ and log σ² of the code, and z = μ + σ·ε is drawn from them."
        case 1:
            return "The encoder makes the code h = g(x̃), layer by layer."
        case 2:
            return "The decoder makes the reconstruction f(h), layer by layer."
        case 3:
            return f"{objective(seen)}, the objective of the whole batch."
    return "Every weight takes a step against its gradient, ∂L/∂w."


def objective(seen: SlowSeen) -> str:
    """ "L = mse 0.03120 + code_l1 0.002100 = 0.03330"."""
    terms, total = seen.update.terms, figures(seen.update.total)
    parts = " + ".join(f"{name} {figures(value)}" for name, value in terms.items())
    return f"L = {parts} = {total}" if len(terms) > 1 else f"L = {parts}"


def outcome(seen: SlowSeen) -> str:
    """The objective of the batch before and behind the update."""
    after = seen.update.total_after
    if after is None:
        return "No optimiser is kept of earlier moments, so what the update did is not known here."
    before = seen.update.total
    verb = "falls" if after < before else "rises" if after > before else "stays"
    if not np.isfinite(before) or not np.isfinite(after):
        return "L is not a finite number: lower the rate."
    return f"On this batch L {verb} from {figures(before, 5)} to {figures(after, 5)}."
