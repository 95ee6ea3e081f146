"""A figure as a file that says which run it shows: PNG, SVG or PDF, the same bytes for the same run."""

from __future__ import annotations

import io
import json
import os
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Literal

import matplotlib
from matplotlib.figure import Figure

import aegui
from aegui.data.dataset import Dataset
from aegui.plan import type_name
from aegui.spec import Experiment, dumps, plain
from aegui.spec.edits import flatten
from aegui.training.snapshot import Snapshot

Format = Literal["png", "svg", "pdf"]

FORMATS: tuple[Format, ...] = ("png", "svg", "pdf")
DPI = 300  # of pictures, and of the parts of SVG and PDF that hold thousands of points

_SOFTWARE = f"aegui {aegui.__version__}"
_STYLE: Any = {"svg.hashsalt": "aegui", "pdf.fonttype": 42}  # 42: letters stay letters, as journals ask for
# One thread for all figures: matplotlib opens its fonts anew for each that draws, and keeps them open.
_drawer = ThreadPoolExecutor(1, "aegui-figures")
DRAWING = threading.Lock()  # matplotlib's fonts and its mathematics are shared by all threads


def _draw_in_a_copy() -> None:
    """A copy of this process has none of its threads."""
    global _drawer  # noqa: PLW0603
    _drawer = ThreadPoolExecutor(1, "aegui-figures")


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_draw_in_a_copy)


@dataclass(frozen=True)
class Facts:
    """What a figure says of the run behind it."""

    title: str
    description: str  # a sentence: what was trained on what, how far, and how well
    keywords: tuple[str, ...]  # every setting and every metric, as ``path = value``
    experiment: str  # the experiment file

    def metadata(self, kind: Format) -> dict[str, Any]:
        """The entries that this kind of file has. No date, so that a run's figures stay the same."""
        keywords = [_printable(keyword) for keyword in self.keywords]
        title, description = _printable(self.title), _printable(self.description)
        match kind:
            case "png":
                common = {"Title": title, "Description": description, "Software": _SOFTWARE}
                return common | {
                    "Keywords": "; ".join(keywords),
                    "Experiment": _printable(self.experiment),
                }
            case "svg":
                common = {"Title": title, "Description": description, "Creator": _SOFTWARE}
                return common | {
                    "Keywords": keywords,
                    "Source": _printable(self.experiment),
                    "Date": None,
                }
        return {
            "Title": title,
            "Subject": description,
            "Creator": _SOFTWARE,
            "Keywords": "; ".join(keywords),
            "CreationDate": None,
        }


def facts(what: str, snapshot: Snapshot, dataset: Dataset, metrics: Mapping[str, Any] | None = None) -> Facts:
    """The facts of a run at one moment, for a figure of ``what``; ``metrics`` as in ``metrics.json``."""
    experiment = snapshot.experiment
    title = f"{experiment.title.strip() or 'Untitled'}: {what}"
    settings = [f"{path} = {_text(value)}" for path, value in flatten(experiment).items()]
    numbers = [f"{path} = {_text(value)}" for path, value in _leaves(metrics or {})]
    description = _description(experiment, snapshot, dataset)
    return Facts(title, description, (*settings, *numbers), dumps(experiment))


def figure_bytes(figure: Figure, kind: Format, of: Facts, dpi: int = DPI) -> bytes:
    """A figure as the contents of a file."""
    return _drawer.submit(_drawn, figure, kind, of, dpi).result()


def _drawn(figure: Figure, kind: Format, of: Facts, dpi: int) -> bytes:
    out = io.BytesIO()
    with DRAWING, matplotlib.rc_context(_STYLE):
        figure.savefig(out, format=kind, dpi=dpi, metadata=of.metadata(kind), facecolor="white")
    return out.getvalue()


def _description(experiment: Experiment, snapshot: Snapshot, dataset: Dataset) -> str:
    kind = type_name(experiment, dataset.facts())
    sizes = f"{len(dataset.train):,} training and {len(dataset.test):,} test samples"
    parts = [
        f"{kind[:1].upper()}{kind[1:]} with a code of {experiment.code.size:,} on {dataset.title} ({sizes})",
        f"after {snapshot.step:,} steps, epoch {snapshot.epoch:,} of {snapshot.epochs:,}",
    ]
    if snapshot.errors is not None and len(snapshot.errors):
        older = "" if snapshot.errors_step is None else f" at step {snapshot.errors_step:,}"
        parts.append(f"test MSE {float(snapshot.errors.mean(dtype=float)):.6g}{older}")
    if snapshot.baselines.pca_mse is not None:
        parts.append(f"PCA at the same code size {snapshot.baselines.pca_mse:.6g}")
    return f"{'; '.join(parts)}; seed {experiment.seed}; made with {_SOFTWARE}."


def _leaves(tree: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in tree.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{prefix}{name}.")
        elif value is not None:
            yield f"{prefix}{name}", value


def _text(value: Any) -> str:
    value = plain(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _printable(text: str) -> str:
    """Without letters that no XML file may hold."""
    return "".join(letter for letter in text if letter.isprintable() or letter in "\n\t")
