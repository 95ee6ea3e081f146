"""t-SNE of codes: a map of neighbours, without axes (van der Maaten & Hinton 2008). numpy and openTSNE."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aegui.analysis.latent import leading_axes
from aegui.data.draw import stratified

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Doubles = NDArray[np.float64]

MOST = 5_000  # samples that are laid out
PERPLEXITY = 30.0  # roughly how many neighbours count, where there are enough
FEWEST = 4  # samples
_EARLY, _LATE = 250, 500  # iterations with exaggerated attraction, and without
_EVERY = 25  # iterations between two reports
_EXAGGERATION = 12.0
_START = 1e-4  # standard deviation of the first places (Kobak & Berens 2019)

Tell = Callable[[float, Floats], None]


@dataclass(frozen=True, eq=False)
class Embedding:
    """Places (n, 2) of some test samples, laid out from their codes under the weights of one step."""

    points: Floats
    samples: Ints  # (n,) indices into the test set, ascending
    step: int
    perplexity: float


def drawn(finite: Ints, labels: Ints | None) -> Ints:
    """At most 5,000 of some test samples (n,), with every label in its share, the same each time."""
    chosen: Ints = finite[stratified(None if labels is None else labels[finite], MOST, 0, len(finite))]
    return chosen


def perplexity_of(count: int) -> float:
    """30, or less where there are fewer than ninety neighbours."""
    return min(PERPLEXITY, (count - 1) / 3)


def embed(codes: Floats, tell: Tell) -> Floats:
    """Places (n, 2) of codes (n, d), at least four of them.

    ``tell`` gets how much is done and the places so far; what it raises ends the work. The start is
    the plane of the first two principal axes, so the same codes have the same places.
    """
    from openTSNE import TSNEEmbedding
    from openTSNE.affinity import PerplexityBasedNN

    affinities = PerplexityBasedNN(codes, perplexity_of(len(codes)), method="exact", n_jobs=1)
    tell(0.1, _first_places(codes).astype(np.float32))
    found = TSNEEmbedding(_first_places(codes), affinities, n_jobs=1, random_state=0)
    done = 0
    for iterations, options in (
        (_EARLY, {"exaggeration": _EXAGGERATION, "momentum": 0.5}),
        (_LATE, {"momentum": 0.8}),
    ):

        def report(iteration: int, _error: float, places: Doubles, before: int = done) -> None:
            share = (before + iteration) / (_EARLY + _LATE)
            tell(0.1 + 0.9 * share, np.array(places, np.float32))

        found.optimize(iterations, inplace=True, callbacks=report, callbacks_every_iters=_EVERY, **options)
        done += iterations
    return np.array(found, np.float32)


def _first_places(codes: Floats) -> Doubles:
    """The plane of the first two principal axes, tiny, and no two places alike."""
    centred = codes.astype(np.float64) - codes.mean(axis=0, dtype=np.float64)
    places = centred @ leading_axes(codes, 2)[0].T
    spread = float(places[:, 0].std()) or 1.0
    jitter = np.random.default_rng(0).normal(0, 0.01 * _START, places.shape)
    first: Doubles = places * (_START / spread) + jitter
    return first
