"""Experiments of every kind, drawn by hypothesis from what the values say of themselves."""

from __future__ import annotations

import types
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from hypothesis import strategies as st

from aegui.spec import Experiment, Param, Value, describe

_LARGEST = 10**6
_MOST = 3  # layers or labels


def drawn(cls: type[Value]) -> st.SearchStrategy[Any]:
    """Values of a class with every part anywhere within its limits."""
    names = [name for name in cls.model_fields if name not in ("kind", "format")]
    return st.builds(
        cls, **{name: _of(cls.model_fields[name].annotation, describe(cls, name)) for name in names}
    )


def _of(annotation: Any, limits: Param) -> st.SearchStrategy[Any]:
    arguments = get_args(annotation)
    match get_origin(annotation):
        case origin if origin is Annotated:
            return _of(arguments[0], limits)
        case origin if origin is Literal:
            return st.sampled_from(arguments)
        case origin if origin in (Union, types.UnionType):
            return st.one_of(*(_of(argument, limits) for argument in arguments))
        case origin if origin is tuple:
            return st.lists(_of(arguments[0], limits), max_size=_MOST).map(tuple)
    if issubclass(annotation, Value):
        return drawn(annotation)
    return _plain(annotation, limits)


def _plain(annotation: type, limits: Param) -> st.SearchStrategy[Any]:
    low = 0 if limits.low is None else limits.low
    high = _LARGEST if limits.high is None else limits.high
    if annotation is int:
        return st.integers(int(low), int(high))
    if annotation is float:
        return st.floats(
            low, high, exclude_min=limits.above_low, exclude_max=limits.below_high, allow_subnormal=False
        )
    return {bool: st.booleans(), str: st.text(max_size=8), type(None): st.none()}[annotation]


experiments = drawn(Experiment)
