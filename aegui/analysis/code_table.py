"""The codes of all samples as a table for other programs: CSV, NPZ or Parquet. numpy."""

from __future__ import annotations

import importlib
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from aegui.data.dataset import Dataset, Floats
from aegui.errors import InvalidInput
from aegui.writing import write_atomic

Input = Literal["clean", "noisy"]  # what the network was given

_QUOTED = ('"', ",", "\n", "\r")  # what a cell of a CSV file is quoted for
_ROWS = 4096  # of a CSV file that are put together at once


@dataclass(frozen=True, eq=False)
class CodeTable:
    """One row per sample, the training part first."""

    split: NDArray[np.str_]  # (N,) "train" or "test"
    index: NDArray[np.int64]  # (N,) of the sample in its part, from 0
    label: NDArray[np.str_] | None  # (N,) name of the class; None without labels
    mse: Floats  # (N,) MSE_i against the clean sample
    codes: Floats  # (N, d); of a variational code its mean

    def __len__(self) -> int:
        return len(self.index)

    @property
    def units(self) -> tuple[str, ...]:
        """Names of the columns of the code: h1 to hd."""
        return tuple(f"h{j}" for j in range(1, self.codes.shape[1] + 1))


def table_of(dataset: Dataset, codes: Floats, errors: Floats) -> CodeTable:
    """Codes (N, d) and MSE_i (N,) of the training and after it of the test part as a table."""
    parts = (dataset.train, dataset.test)
    labels = [part.labels for part in parts if part.labels is not None]
    names = np.array(dataset.classes, np.str_)
    return CodeTable(
        split=np.repeat(["train", "test"], [len(part) for part in parts]),
        index=np.concatenate([np.arange(len(part)) for part in parts]),
        label=names[np.concatenate(labels)] if len(labels) == len(parts) else None,
        mse=errors,
        codes=codes,
    )


def check_suffix(path: Path) -> None:
    """Raises InvalidInput if a table cannot be written as a file of this name."""
    writer = _WRITERS.get(path.suffix.lower())
    if writer is None:
        raise InvalidInput(f"{path}: must end in {', '.join(_WRITERS)}, which says what kind of file it is")
    if writer is _parquet:
        _arrow(path)


def write_table(table: CodeTable, path: Path) -> None:
    """Writes a table by the suffix of its file. Raises InvalidInput and OperationFailed."""
    check_suffix(path)
    write_atomic(path, _WRITERS[path.suffix.lower()](table))


def _csv(table: CodeTable) -> bytes:
    """A line per sample; nine digits give every float32 back as it was."""
    out = io.StringIO()
    out.write(",".join((*_columns(table), *table.units)) + "\n")
    numbers = ",%.9g" * (1 + table.codes.shape[1])
    for start in range(0, len(table), _ROWS):
        rows = slice(start, start + _ROWS)
        values = np.column_stack([table.mse[rows], table.codes[rows]])
        for words, row in zip(_words(table, rows), values.tolist(), strict=True):
            out.write(words + numbers % tuple(row) + "\n")
    return out.getvalue().encode()


def _columns(table: CodeTable) -> tuple[str, ...]:
    return ("split", "index", *(() if table.label is None else ("label",)), "mse")


def _words(table: CodeTable, rows: slice) -> Iterator[str]:
    """What stands in a line before its numbers."""
    places = zip(table.split[rows], table.index[rows], strict=True)
    if table.label is None:
        return (f"{split},{index}" for split, index in places)
    labels = table.label[rows]
    return (f"{split},{index},{_cell(label)}" for (split, index), label in zip(places, labels, strict=True))


def _cell(text: str) -> str:
    if any(sign in text for sign in _QUOTED):
        return '"' + text.replace('"', '""') + '"'
    return text


def _npz(table: CodeTable) -> bytes:
    arrays = {"split": table.split, "index": table.index, "mse": table.mse, "codes": table.codes}
    if table.label is not None:
        arrays["label"] = table.label
    out = io.BytesIO()
    np.savez_compressed(out, allow_pickle=False, **arrays)
    return out.getvalue()


def _parquet(table: CodeTable) -> bytes:
    arrow, parquet = importlib.import_module("pyarrow"), importlib.import_module("pyarrow.parquet")
    columns: dict[str, Any] = {name: getattr(table, name) for name in _columns(table)}
    columns |= dict(zip(table.units, table.codes.T, strict=True))
    out = io.BytesIO()
    parquet.write_table(arrow.table({name: arrow.array(values) for name, values in columns.items()}), out)
    return out.getvalue()


def _arrow(path: Path) -> None:
    try:
        importlib.import_module("pyarrow.parquet")
    except ImportError:
        raise InvalidInput(
            f"{path}: writing Parquet needs the package pyarrow, which is not installed: "
            "pip install pyarrow, or take .csv or .npz"
        ) from None


_WRITERS: dict[str, Callable[[CodeTable], bytes]] = {".csv": _csv, ".npz": _npz, ".parquet": _parquet}
