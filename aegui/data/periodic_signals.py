"""Periodic signals, most of them normal, some with an anomaly that has a name."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from aegui.data.dataset import Split
from aegui.data.stored import frozen

POINTS = 128
NORMAL = 4_500
EACH = 125  # signals of each kind of anomaly
SEED = 20_131_220
NOISE = 0.05  # standard deviation

KINDS = ("normal", "spike", "flat", "frequency jump", "drift")

Doubles = NDArray[np.float64]
Random = np.random.Generator


def periodic_signals() -> Split:
    """Every signal, float32 (n, POINTS), with its kind as label and its factors as columns.

    A normal one is a·(sin θ + q·sin(3θ)/3) with θ = 2π·f·i/POINTS + φ at point i, and noise:
    ``frequency`` f in periods per signal, ``phase`` φ in degrees, ``amplitude`` a and
    ``squareness`` q, which is 1 for the first two terms of a square wave.
    """
    random = np.random.Generator(np.random.PCG64(SEED))
    labels = random.permutation(np.repeat(np.arange(len(KINDS)), [NORMAL, *[EACH] * (len(KINDS) - 1)]))
    count = len(labels)
    factors = {
        "frequency": random.uniform(2, 5, count),
        "phase": random.uniform(0, 360, count),
        "amplitude": random.uniform(0.6, 1.2, count),
        "squareness": random.uniform(0, 1, count),
    }
    rows = {kind: np.flatnonzero(labels == label) for label, kind in enumerate(KINDS)}
    angle = _angle(factors["frequency"], factors["phase"])
    angle[rows["frequency jump"]] += _extra_angle(factors["frequency"][rows["frequency jump"]], random)
    signals = _wave(angle, factors["amplitude"], factors["squareness"])
    signals += random.normal(0, NOISE, signals.shape)
    signals[rows["spike"]] += _spikes(EACH, random)
    signals[rows["drift"]] += _ramps(EACH, random)
    signals[rows["flat"]] = _held(signals[rows["flat"]], random)
    columns = {name: values.astype(np.float32) for name, values in factors.items()}
    for array in (labels, *columns.values()):
        frozen(array)
    # Four decimals, as of an instrument: the last bit of a sine differs between machines.
    return Split(frozen(signals.round(4).astype(np.float32)), labels, columns=columns)


def _angle(frequency: Doubles, phase: Doubles) -> Doubles:
    """θ in radians, (n, POINTS)."""
    return 2 * np.pi * np.outer(frequency, _time()) + np.radians(phase)[:, None]


def _wave(angle: Doubles, amplitude: Doubles, squareness: Doubles) -> Doubles:
    wave: Doubles = np.sin(angle) + squareness[:, None] * np.sin(3 * angle) / 3
    return amplitude[:, None] * wave


def _extra_angle(frequency: Doubles, random: Random) -> Doubles:
    """The frequency is 1.6 to 2.2 times as high after a point in the second or third quarter."""
    more = random.uniform(0.6, 1.2, len(frequency))
    return 2 * np.pi * (frequency * more)[:, None] * _since(random.uniform(0.25, 0.75, len(frequency)))


def _spikes(count: int, random: Random) -> Doubles:
    """One to three points that are 1.5 to 2.5 too high or too low."""
    start, width = random.integers(4, POINTS - 8, count), random.integers(1, 4, count)
    height = random.uniform(1.5, 2.5, count) * _sign(count, random)
    place = np.arange(POINTS) - start[:, None]
    spikes: Doubles = np.where((place >= 0) & (place < width[:, None]), height[:, None], 0.0)
    return spikes


def _ramps(count: int, random: Random) -> Doubles:
    """The level moves away in a straight line after a point in the first half, by 1 to 2 in the end."""
    start, rise = random.uniform(0, 0.5, count), random.uniform(1, 2, count) * _sign(count, random)
    ramps: Doubles = (rise / (_time()[-1] - start))[:, None] * _since(start)
    return ramps


def _held(signals: Doubles, random: Random) -> Doubles:
    """The sensor repeats one value, without noise, for 24 to 48 points."""
    count = len(signals)
    start, length = random.integers(8, POINTS - 56, count), random.integers(24, 49, count)
    place = np.arange(POINTS) - start[:, None]
    value = signals[np.arange(count), start]
    return np.where((place >= 0) & (place < length[:, None]), value[:, None], signals)


def _since(start: Doubles) -> Doubles:
    """Time after ``start``, 0 before, (n, POINTS)."""
    return np.maximum(_time() - start[:, None], 0)


def _time() -> Doubles:
    return np.arange(POINTS) / POINTS


def _sign(count: int, random: Random) -> Doubles:
    return random.choice(np.array([-1.0, 1.0]), count)
