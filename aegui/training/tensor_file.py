"""Tensors and a text in one safetensors file, with a checksum: a flipped bit would not show otherwise."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load
from torch import Tensor

from aegui.errors import InvalidInput, printable

LARGEST_HEADER = 2**24  # bytes; a hundred for each tensor
_ALIGNMENT = 8  # bytes, at which the numbers begin
_NAMES = {  # in the order in which they lie in a file: the largest first, so that all are aligned
    torch.int64: "I64",
    torch.float64: "F64",
    torch.complex64: "C64",
    torch.float32: "F32",
    torch.int32: "I32",
    torch.float16: "F16",
    torch.int16: "I16",
    torch.int8: "I8",
    torch.uint8: "U8",
    torch.bool: "BOOL",
}
_ORDER = [*_NAMES]


def pack_tensors(tensors: Mapping[str, Tensor], text: str = "") -> bytes:
    """The bytes of a safetensors file, the same for the same tensors; ``text`` goes into its header."""
    here = {name: t.detach().cpu().contiguous() for name, t in tensors.items()}
    return save(here, f"{_checksum(here, text)} {text}")


def save(tensors: Mapping[str, Tensor], entry: str) -> bytes:
    """A safetensors file of contiguous tensors in the machine's own memory. Raises MemoryError.

    The library's own function holds three copies of them all, and ends the program where memory is out.
    """
    header: dict[str, object] = {"__metadata__": {"aegui": entry}}
    names = sorted(tensors, key=lambda name: (_ORDER.index(tensors[name].dtype), name))
    end = 0
    for name in names:
        tensor, start = tensors[name], end
        end += tensor.nbytes
        header[name] = {"dtype": _NAMES[tensor.dtype], "shape": [*tensor.shape], "data_offsets": [start, end]}
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (-len(text) % _ALIGNMENT)
    return b"".join([len(text).to_bytes(8, "little"), text, *(_raw(tensors[name]) for name in names)])


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
        crc = zlib.crc32(_raw(tensor), crc)
    return f"{crc:08x}"


def _raw(tensor: Tensor) -> memoryview:
    """The bytes of a contiguous tensor, as they lie in memory."""
    return tensor.numpy().reshape(-1).view(np.uint8).data
