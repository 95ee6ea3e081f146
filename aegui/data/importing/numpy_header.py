"""The header of an NPY file as shape, order and type, read with more suspicion than numpy has.

numpy makes a type of whatever a header declares, and some words end the process: the unit of time
``M8[s/0]`` divides by zero. Only types that numpy itself writes get that far.
"""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.lib import format as npy

LONGEST_HEADER = 10_000  # bytes, as for numpy itself
_SIZE = re.compile(r"(?<=\d)L\b")  # as Python 2 wrote whole numbers
_TYPE = re.compile(r"[<>|=]?(?:[biufcSUV]\d{1,10}|O8?|[mM]8(?:\[\d{0,9}[a-zA-Z]{1,2}\])?)")


@dataclass(frozen=True)
class Declared:
    """What the header of an array says."""

    shape: tuple[int, ...]
    fortran: bool
    dtype: np.dtype[Any]


def declared_in(text: str) -> Declared:
    """The array that a header declares; nothing in it is run.

    Raises ValueError, TypeError, SyntaxError, OverflowError or RecursionError if it is damaged.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of Python and numpy, on headers in an old or odd spelling
        match ast.literal_eval(_SIZE.sub("", text).strip()):
            case {"descr": descr, "fortran_order": bool(fortran), "shape": tuple(shape), **rest} if not rest:
                if not all(type(n) is int and n >= 0 for n in shape):
                    raise ValueError(f"it declares the shape {shape}")
                return Declared(shape, fortran, _dtype(descr))
    raise ValueError("it must declare descr, fortran_order and shape, and nothing else")


def _dtype(descr: object) -> np.dtype[Any]:
    if not _is_written_by_numpy(descr):
        raise ValueError(f"there is no type {descr!r:.100}")
    dtype: np.dtype[Any] = npy.descr_to_dtype(cast(Any, descr))
    return dtype


def _is_written_by_numpy(descr: object) -> bool:
    """Whether it is the name of a type, an array of one, or a list of fields with such types."""
    match descr:
        case str():
            return _TYPE.fullmatch(descr) is not None
        case (inner, tuple()) if isinstance(descr, tuple):
            return _is_written_by_numpy(inner)
        case [*fields] if isinstance(descr, list):
            return all(_is_field(field) for field in fields)
    return False


def _is_field(field: object) -> bool:
    """Whether it is a name with a type, and with the shape of an array of it if it is one."""
    return isinstance(field, tuple) and len(field) in (2, 3) and _is_written_by_numpy(field[1])
