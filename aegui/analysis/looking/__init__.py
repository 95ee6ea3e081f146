"""Answers looks: what the views ask of a network. torch.

samples      codes and errors of training samples
drawing      what becomes of a sample that was drawn by hand
denoising    samples under any noise, and the error over its strength
filters      weights of a layer as pictures
activations  what a sample makes of every unit
updates      gradients, and the next update phase by phase
anomaly      errors of test and training samples under the same weights
features     codes of clean samples, norms of the decoder's columns, a copy of the network
reports      the numbers of every workspace for those who have no window; reduction and inside
             hold those of theirs, the others stand beside their looks
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

from aegui.analysis.anomaly import ErrorsOf
from aegui.analysis.denoising import Denoise, Denoising, NoiseCurve
from aegui.analysis.drawing import Drawn
from aegui.analysis.features import CleanCodes, DecoderNorms, NetworkCopy
from aegui.analysis.inside import Activations, Filters, NextUpdate, SlowUpdate
from aegui.analysis.looking.activations import activations
from aegui.analysis.looking.anomaly import errors_of
from aegui.analysis.looking.denoising import denoise, denoising, noise_curve
from aegui.analysis.looking.drawing import drawn
from aegui.analysis.looking.features import clean_codes, decoder_norms, network_copy
from aegui.analysis.looking.filters import filters
from aegui.analysis.looking.samples import train_part
from aegui.analysis.looking.updates import next_update, slow_update
from aegui.analysis.looks import TrainPart
from aegui.piecewise import at_once
from aegui.training.bench import Bench
from aegui.training.snapshot import Look

_SOON: dict[type[Look], Callable[[Bench, Any], object]] = {
    Drawn: drawn,
    Denoise: denoise,
    Filters: filters,
    Activations: activations,
    NextUpdate: next_update,
    SlowUpdate: slow_update,
    DecoderNorms: decoder_norms,
    NetworkCopy: network_copy,
}
_IN_PARTS: dict[type[Look], Callable[[Bench, Any], Generator[None, None, object]]] = {
    TrainPart: train_part,
    Denoising: denoising,
    NoiseCurve: noise_curve,
    ErrorsOf: errors_of,
    CleanCodes: clean_codes,
}


def see(bench: Bench, look: Look) -> object:
    """The answer to a look, of the type that its docstring names."""
    return at_once(see_in_parts(bench, look))


def see_in_parts(bench: Bench, look: Look) -> Generator[None, None, object]:
    """The same, with rests as :data:`aegui.training.bench.See` has them."""
    if type(look) in _SOON:
        return _SOON[type(look)](bench, look)
    return (yield from _IN_PARTS[type(look)](bench, look))


__all__ = ["see", "see_in_parts"]
