"""What the denoising workspace says, and what its plot and its table show, from the answers to its looks."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from aegui.analysis.denoising import (
    CurveSeen,
    Denoising,
    NoiseCurve,
    Scored,
    Scores,
    strength,
    strength_param,
)
from aegui.analysis.wiener import MOST_FEATURES, fitted_samples
from aegui.data.dataset import Dataset
from aegui.qt.theme import Colours
from aegui.qt.views.denoising_plot import STAGES, NoisePicture, stage_colour
from aegui.qt.views.score_table import ScoreRow
from aegui.qt.views.text import count, figures
from aegui.qt.widgets.titles import title_of
from aegui.spec import Noise, NoNoise
from aegui.training.snapshot import Seen, Snapshot

_LOOKING = "This noise is only for looking: the experiment stays as it is."
_OWN = "This is the experiment's; others are only for looking."
_NAMES = {"noisy": "noisy input", "wiener": "Wiener", "reconstruction": "autoencoder"}
_TIPS = {
    "noisy": "what the network is given, left as it is",
    "reconstruction": "what the network makes of the noisy input",
}


def noise_words(noise: Noise) -> str:
    """A noise in a few words: "Gaussian noise, σ = 0.3"."""
    if isinstance(noise, NoNoise):
        return "no noise"
    unclipped = ", not clipped" if not getattr(noise, "clip", True) else ""
    symbol = strength_param(noise).symbol
    return f"{title_of(noise.kind)} noise, {symbol} = {strength(noise):g}{unclipped}"


def hint(snapshot: Snapshot | None, noise: Noise, wanted: Noise | None, hindrances: Mapping[str, str]) -> str:
    """What the noise shown is to the run on screen and to the experiment, whose noise is ``wanted``."""
    parts = [_standing(None if snapshot is None else snapshot.experiment.noise, noise, wanted)]
    if hindrances:
        parts.append(
            f"Not for these data: {', '.join(title_of(kind) for kind in hindrances)} (why: point here)."
        )
    return " ".join(parts)


def _standing(trained: Noise | None, noise: Noise, wanted: Noise | None) -> str:
    run = "" if trained is None else f"trained with {_lowered(noise_words(trained))}."
    if noise == wanted and trained not in (None, noise):
        return f"The experiment has this noise now; the run on screen was {run}"
    words = _OWN if noise == wanted else _LOOKING
    return f"{run[:1].upper()}{run[1:]} {words}".lstrip()


def reasons(hindrances: Mapping[str, str]) -> str:
    """Why some kinds cannot be chosen, a line each."""
    return "\n".join(f"{title_of(kind)}: {why}" for kind, why in hindrances.items())


def picture_of(
    curve: tuple[NoiseCurve, Seen],
    scored: tuple[Denoising, Seen] | None,
    linear: Mapping[Noise, Scores],
    trained: Noise | None,
) -> NoisePicture:
    """The lines over the strength, and the dots at the strength shown."""
    noises, seen = curve[0].noises, curve[1].value
    assert isinstance(seen, CurveSeen)
    param = strength_param(noises[0])
    errors = {"noisy": seen.noisy, "reconstruction": seen.reconstruction}
    found = [linear[n].mse if n in linear else math.nan for n in noises]
    errors["wiener"] = np.array(found, np.float64)
    same_trained = trained is not None and trained.kind == noises[0].kind
    present, dots = None, {}
    if scored is not None and scored[0].noise.kind == noises[0].kind:
        noise, scores = scored[0].noise, scored[1].value
        present = strength(noise)
        dots = {"noisy": scores.noisy.mse, "reconstruction": scores.reconstruction.mse}
        dots |= {"wiener": linear[noise].mse} if noise in linear else {}
    return NoisePicture(
        label=f"{param.label.lower()} {param.symbol}",
        log=param.log,
        strengths=tuple(strength(n) for n in noises),
        errors={stage: errors[stage] for stage in STAGES},
        present=present,
        present_errors=dots,
        trained=strength(trained) if same_trained and trained is not None else None,
    )


def rows_of(
    scored: Scored | None, linear: Scores | None, colours: Colours, dataset: Dataset | None
) -> tuple[ScoreRow, ...]:
    """The rows of the table, in the order of the stages."""
    found = {
        "noisy": scored.noisy if scored is not None else None,
        "wiener": linear,
        "reconstruction": scored.reconstruction if scored is not None else None,
    }
    tips = _TIPS | {"wiener": _wiener_tip(dataset)}
    stages = [s for s in STAGES if s != "wiener" or dataset is None or dataset.features <= MOST_FEATURES]
    return tuple(ScoreRow(_NAMES[s], stage_colour(s, colours), STAGES[s], found[s], tips[s]) for s in stages)


def summary(scored: tuple[Denoising, Seen], linear: Scores | None, dataset: Dataset | None) -> str:
    """Over what the scores are taken, and the verdict."""
    if dataset is None:
        return ""
    noise, seen = scored[0].noise, scored[1]
    total = len(dataset.test)
    used = scored[0].count
    some = f"{used:,} of {total:,} test samples" if used < total else f"all {count(total, 'test sample')}"
    parts = [f"{noise_words(noise)}: {some} at step {seen.step:,}."]
    made = seen.value.reconstruction.mse
    if dataset.features > MOST_FEATURES:
        parts.append(f"No linear denoiser: it would need {dataset.features:,}² weights.")
    elif linear is not None and linear.mse > 0 and math.isfinite(made):
        parts.append(f"The autoencoder's error is {figures(made / linear.mse, 3)} times Wiener's.")
    return " ".join(parts)


def _wiener_tip(dataset: Dataset | None) -> str:
    tip = "the best linear denoiser of this noise: x̂ = x̄ + W·(x̃ − mean of x̃), W = Cxx̃·Cx̃x̃⁻¹; not clipped"
    if dataset is None:
        return tip
    used, total = fitted_samples(dataset), len(dataset.train)
    of = f"{used:,} of {total:,} training samples" if used < total else f"all {total:,} training samples"
    fitted = f"Fitted on {of}; the noise enters by its exact mean and variance."
    return f"{tip}.\n{fitted}\nThis is what a denoising autoencoder has to beat."


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:] if not text.startswith(("Gaussian", "Poisson")) else text
