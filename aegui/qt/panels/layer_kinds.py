"""The kinds of layers as a user meets them: order, sentence, and what a new one is like."""

from __future__ import annotations

import math
from dataclasses import dataclass

from aegui.plan import Shape
from aegui.plan.chain import chain
from aegui.spec import Conv, ConvTransposed, Dense, Dropout, Layer, Reshape, Value, plain, variants

KINDS: dict[str, type[Value]] = variants(Layer)
FOLDED = frozenset({"padding"})  # options that are rarely changed

# The usual ones, then the rest.
_ORDER = {
    "encoder": (
        ("dense", "conv", "pool", "dropout", "batch-norm"),
        ("layer-norm", "upsample", "conv-transposed", "reshape"),
    ),
    "decoder": (
        ("dense", "reshape", "conv-transposed", "upsample", "conv", "dropout", "batch-norm"),
        ("layer-norm", "pool"),
    ),
}
_LARGEST_SIDE = 8  # of the picture that a row of units is taken as


def order_of(part: str) -> tuple[tuple[str, ...], ...]:
    """Groups of kinds, the usual ones of ``part`` ("encoder" or "decoder") first."""
    return _ORDER[part]


def sentence_of(kind: str) -> str:
    """What a layer of this kind does."""
    return " ".join((KINDS[kind].__doc__ or "").split())


@dataclass(frozen=True)
class Place:
    """Where a layer is to stand."""

    part: str  # "encoder" or "decoder"
    before: tuple[Layer, ...]
    given: Shape | None  # what the layers before give, None while it is not known
    along: bool  # whether it is a signal that they give
    narrowest: int  # the code's size

    def obstacle(self, kind: str) -> str:
        """Why a new layer of a kind cannot stand here; empty if it can."""
        if self.given is None:
            return ""
        layer = new_layer(kind, self)
        return next(iter(chain((layer,), self.given, "", "", along=self.along))).problem


def new_layer(kind: str, place: Place) -> Layer:
    """A layer as it would be meant: towards the code fewer units and more channels, behind it the reverse."""
    given = place.given
    likes = [layer for layer in place.before if layer.kind == kind]
    match kind:
        case "dense":
            return _next_dense([layer for layer in likes if isinstance(layer, Dense)], place)
        case "conv" if likes:
            return _next_conv(likes[-1], 2 if place.part == "encoder" else 0.5)
        case "conv-transposed" if likes:
            return _next_conv(likes[-1], 0.5)
        case "conv-transposed" if given is not None and len(given) == 3:
            return ConvTransposed(channels=max(1, given[0] // 2))
        case "dropout" if likes and isinstance(likes[-1], Dropout):
            return likes[-1]
        case "reshape" if given is not None:
            return picture_of(math.prod(given), place.along)
    return KINDS[kind]()  # type: ignore[return-value]  # every kind has defaults for all of its parts


def changed_kind(layer: Layer, kind: str) -> Layer:
    """A layer of another kind, with the options that both kinds have."""
    cls = KINDS[kind]
    kept = {name: value for name, value in plain(layer).items() if name != "kind"}
    made: Value = cls()
    for name, value in kept.items():
        if name in cls.model_fields and cls.model_fields[name].annotation == _annotation(layer, name):
            made = made.model_copy(update={name: value})
    return made  # type: ignore[return-value]  # of a class of Layer


def picture_of(units: int, along: bool) -> Reshape:
    """The largest square of at most 8×8 pixels that as many units fill; ``along``: a signal of at most 64."""
    if along:
        width = max(s for s in range(1, _LARGEST_SIDE**2 + 1) if units % s == 0)
        return Reshape(channels=units // width, height=1, width=width)
    side = max(s for s in range(1, _LARGEST_SIDE + 1) if units % (s * s) == 0)
    return Reshape(channels=units // (side * side), height=side, width=side)


def _next_dense(before: list[Dense], place: Place) -> Layer:
    if not before:
        return Dense()
    last = before[-1]
    if place.part == "decoder":
        return Dense(units=last.units * 2, activation=last.activation)
    units = max(place.narrowest, last.units // 2, 1)
    return Dense(units=min(units, last.units), activation=last.activation)


def _next_conv(last: Layer, factor: float) -> Layer:
    assert isinstance(last, Conv | ConvTransposed)
    return last.model_copy(update={"channels": max(1, int(last.channels * factor))})


def _annotation(layer: Layer, name: str) -> object:
    return type(layer).model_fields[name].annotation
