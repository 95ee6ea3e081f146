"""``aegui compare``: runs side by side."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Iterator, Sequence
from typing import Any

from aegui.analysis.comparison import Comparison, compare
from aegui.analysis.json_text import json_text
from aegui.errors import InvalidInput, printable
from aegui.runs.reading import read_run

_WIDEST = 24  # letters of a cell; values with one that is longer stand below each other


def compare_runs(arguments: Namespace) -> int:
    """Prints the settings in which runs differ, and their metrics. Raises InvalidInput."""
    if len(arguments.runs) < 2:
        raise InvalidInput(f"{arguments.runs[0]}: is one run; name another one to compare it with")
    found = compare([read_run(path) for path in arguments.runs])
    if arguments.json:
        print(json_text(_facts(found)))
    else:
        print(*map(printable, _lines(found)), sep="\n")
    return 0


def _facts(found: Comparison) -> dict[str, Any]:
    return {
        "runs": [
            {"path": run.path, "title": run.title, "seed": run.experiment.seed, "metrics": run.metrics}
            for run in found.runs
        ],
        "differences": found.differences,
        "best": {row.metric.path: _numbers_of(row.best) for row in found.rows if any(row.best)},
        "notes": found.notes,
    }


def _numbers_of(marks: Sequence[bool]) -> list[int]:
    """Places of runs in the call, counted from 0."""
    return [i for i, marked in enumerate(marks) if marked]


def _lines(found: Comparison) -> Iterator[str]:
    width = max(len(run.title) for run in found.runs)
    for i, run in enumerate(found.runs, 1):
        yield f"[{i}] {run.title:<{width}}  {run.metrics.get('type', '')}, {run.path}"
    numbers = [f"[{i}]" for i in range(1, len(found.runs) + 1)]
    yield ""
    if found.differences:
        cells = [(path, [_value(v) for v in values]) for path, values in found.differences.items()]
        yield from _table([("settings that differ", numbers), *cells])
    else:
        yield "Every setting is the same."
    yield ""
    rows = [(row.metric.label, _marked(row.values, row.best)) for row in found.rows]
    yield from _table([("metrics", numbers), *rows])
    if any(any(row.best) for row in found.rows):
        yield "* best"
    yield from found.notes


def _table(rows: list[tuple[str, list[str]]]) -> Iterator[str]:
    """Names at the left, cells in columns of one width; wide cells below each other."""
    short = [row for row in rows if max(map(len, row[1])) <= _WIDEST]
    first = max(len(name) for name, _ in rows)
    width = max(len(cell) for _, cells in short for cell in cells)
    for name, cells in rows:
        if max(map(len, cells)) <= _WIDEST:
            yield f"{name:<{first}}  {'  '.join(cell.ljust(width) for cell in cells)}".rstrip()
            continue
        yield name
        yield from (f"  [{i}] {cell}" for i, cell in enumerate(cells, 1))


def _marked(values: Sequence[float | None], best: Sequence[bool]) -> list[str]:
    return [f"{_number(value)}{'*' * is_best}" for value, is_best in zip(values, best, strict=True)]


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,}" if isinstance(value, int) else f"{value:.6g}"


def _value(value: Any) -> str:
    """A setting as a file would have it; a list of layers by their kinds and numbers."""
    match value:
        case None:
            return "-"
        case str():
            return value
        case [{}, *_]:
            return ", ".join(_layer(layer) for layer in value)
    return json.dumps(value, ensure_ascii=False)


def _layer(layer: dict[str, Any]) -> str:
    return " ".join(str(part) for part in layer.values())
