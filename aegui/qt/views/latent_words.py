"""What is said about the plot of codes: its caption, and the names of its axes."""

from __future__ import annotations

from aegui.analysis.latent import Projection
from aegui.analysis.tsne import Embedding
from aegui.qt.views.scatter_marks import Prior
from aegui.qt.views.text import count
from aegui.training.snapshot import Codes

WIDEST = ("10,000 test samples", "steps 10,000–10,000")
_CIRCLES = "circles hold 39, 86 and 99 % of the prior N(0, I)"  # 1 − exp(−σ²/2)
_LINES = "lines hold 68, 95 and 99.7 % of the prior N(0, 1)"


def caption(codes: Codes, finite: int, shown: Embedding | None, prior: Prior | None) -> tuple[str, ...]:
    """How many codes there are, of which step, and what else there is to see."""
    parts = [count(len(codes.values), "test sample"), f"step {codes.step:,}"]
    if shown is not None:
        parts = [f"{len(shown.samples):,} of {parts[0]}", f"laid out at step {shown.step:,}"]
    if missing := len(codes.values) - finite:
        parts.append(f"{missing:,} left out, not finite")
    return (*parts, *prior_words(prior))


def prior_words(prior: Prior | None) -> tuple[str, ...]:
    """How much of the prior is within 1, 2 and 3 σ."""
    return () if prior is None else (_LINES if prior.lines else _CIRCLES,)


def axis_labels(projection: Projection | None, is_map: bool) -> tuple[str, str]:
    """Of the horizontal and of the vertical axis."""
    if is_map:
        return "t-SNE 1", "t-SNE 2"
    return projection.labels if projection is not None else ("", "")
