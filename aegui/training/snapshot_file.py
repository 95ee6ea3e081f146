"""A snapshot as one NPZ file. Nothing in it is pickled."""

from __future__ import annotations

import dataclasses
import io
import zipfile
import zlib
from typing import Any

import numpy as np

from aegui.errors import InvalidInput
from aegui.spec import dumps, loads
from aegui.training.silence import Silence
from aegui.training.snapshot import Baselines, Codes, Curves, Pictures, Snapshot

_PARTS = ("curves", "codes", "pictures", "silent")
_OPTIONAL = ("errors", "errors_step")
_NAMES = "names"  # of all other arrays
# RuntimeError: flipped bits can make a part look encrypted, or packed by a method of the future.
_DAMAGE = (ValueError, KeyError, TypeError, EOFError, OSError, RuntimeError, zipfile.BadZipFile, zlib.error)


def pack(snapshot: Snapshot) -> bytes:
    """The snapshot as the bytes of an NPZ file."""
    arrays: dict[str, Any] = {
        "experiment": dumps(snapshot.experiment),
        "step": snapshot.step,
        "epoch": snapshot.epoch,
        "steps_per_epoch": snapshot.steps_per_epoch,
        "samples_per_second": snapshot.samples_per_second,
        "end_reason": snapshot.end_reason,
        "rate": snapshot.rate,
    }
    for part in _PARTS:
        arrays |= {f"{part}.{k}": v for k, v in _fields(getattr(snapshot, part)).items()}
    arrays |= {f"baselines.{k}": v for k, v in _fields(snapshot.baselines).items()}
    arrays |= {name: value for name in _OPTIONAL if (value := getattr(snapshot, name)) is not None}
    arrays[_NAMES] = sorted(arrays)
    out = io.BytesIO()
    savez: Any = np.savez_compressed  # its stub takes every keyword for allow_pickle
    savez(out, **{k: np.asarray(v) for k, v in arrays.items()})
    return out.getvalue()


def unpack(data: bytes, source: str) -> Snapshot:
    """The inverse of :func:`pack`. Raises InvalidInput if the file is damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if broken := archive.testzip():
                raise ValueError(f"the checksum of {broken} does not fit its contents")
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        # A directory with a flipped bit may lack entries, and nothing else would show it.
        if sorted(arrays) != sorted([_NAMES, *arrays[_NAMES].tolist()]):
            raise ValueError("parts are missing")
        return _snapshot(arrays, source)
    except _DAMAGE as error:
        raise InvalidInput(f"{source}: is not a snapshot, or is damaged: {error}") from None


def _snapshot(arrays: dict[str, Any], source: str) -> Snapshot:
    curves = _part(arrays, "curves")
    curves["terms"] = tuple(str(t) for t in curves["terms"])
    codes, pictures = _part(arrays, "codes"), _part(arrays, "pictures")
    silent = _part(arrays, "silent")
    if codes:
        codes["step"] = int(codes["step"])
    return Snapshot(
        experiment=loads(str(arrays["experiment"]), source),
        step=int(arrays["step"]),
        epoch=int(arrays["epoch"]),
        steps_per_epoch=int(arrays["steps_per_epoch"]),
        curves=Curves(**curves),
        codes=Codes(**codes) if codes else None,
        pictures=Pictures(**{"noisy": None, "noisy_error": None} | pictures) if pictures else None,
        baselines=Baselines(**{k: float(v) for k, v in _part(arrays, "baselines").items()}),
        errors=arrays.get("errors"),
        errors_step=int(arrays["errors_step"]) if "errors_step" in arrays else None,
        samples_per_second=float(arrays["samples_per_second"]),
        silent=Silence(**{k: int(v) for k, v in silent.items()}) if silent else None,
        end_reason=str(arrays.get("end_reason", "")),  # files of the first version have neither
        rate=float(arrays.get("rate", 0)),
    )


def _fields(part: Any) -> dict[str, Any]:
    """The parts that are set; marks are left out: they hold values of any type."""
    if part is None:
        return {}
    found = {f.name: getattr(part, f.name) for f in dataclasses.fields(part) if f.name != "marks"}
    return {name: value for name, value in found.items() if value is not None}


def _part(arrays: dict[str, Any], name: str) -> dict[str, Any]:
    return {k.removeprefix(f"{name}."): v for k, v in arrays.items() if k.startswith(f"{name}.")}
