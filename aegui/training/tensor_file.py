"""Tensors and a text in one safetensors file, with a checksum: a flipped bit would not show otherwise."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping

import numpy as np
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from aegui.errors import InvalidInput, printable

LARGEST_HEADER = 2**24  # bytes; a hundred for each tensor


def pack_tensors(tensors: Mapping[str, Tensor], text: str = "") -> bytes:
    """The bytes of a safetensors file, the same for the same tensors; ``text`` goes into its header."""
    copied = {name: t.detach().cpu().contiguous().clone() for name, t in tensors.items()}
    # The library copies everything three times, and ends the program where memory is out: this raises.
    np.empty(3 * sum(t.nbytes for t in copied.values()) + 2**20, np.uint8)
    # One entry only: safetensors writes several in any order.
    return save(copied, metadata={"aegui": f"{_checksum(copied, text)} {text}"})


def unpack_tensors(data: bytes, source: str) -> tuple[dict[str, Tensor], str]:
    """The inverse of :func:`pack_tensors`. Raises InvalidInput if the file is damaged.

    A file that another program wrote has neither text nor checksum.
    """
    if int.from_bytes(data[:8], "little") > LARGEST_HEADER:
        raise InvalidInput(f"{source}: is not a safetensors file, or is damaged: its header is too large")
    try:
        tensors = load(data)
        checksum, _, text = _entry(data).partition(" ")
        intact = checksum in ("", _checksum(tensors, text))
    except (SafetensorError, ValueError, KeyError, TypeError, AttributeError, RuntimeError) as error:
        reason = printable(str(error))
        raise InvalidInput(f"{source}: is not a safetensors file, or is damaged: {reason}") from None
    if not intact:
        raise InvalidInput(f"{source}: is damaged: its checksum does not fit its contents")
    return tensors, text


def _entry(data: bytes) -> str:
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length])
    return str(header.get("__metadata__", {}).get("aegui", ""))


def _checksum(tensors: Mapping[str, Tensor], text: str) -> str:
    crc = zlib.crc32(text.encode())
    for name in sorted(tensors):
        tensor = tensors[name]
        crc = zlib.crc32(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode(), crc)
        crc = zlib.crc32(tensor.numpy().tobytes(), crc)
    return f"{crc:08x}"
