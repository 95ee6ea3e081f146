"""Findings as the rows of a table."""

from __future__ import annotations

from collections.abc import Iterator

from tests.benchmarks.findings import Finding

_NAME = 72  # letters


def row(finding: Finding, before: float | None) -> str:
    """Name, value, spread, goal, what the value was before, and what is to be said of it."""
    return "  " + "  ".join(filter(None, _cells(finding, before))).rstrip()


def _cells(finding: Finding, before: float | None) -> Iterator[str]:
    yield f"{finding.name:<{_NAME}}"
    if finding.value is None:
        yield f"not measured: {finding.why}"
        return
    yield f"{number(finding.value):>9} {finding.unit:<4}"
    if finding.least is not None and finding.most is not None:
        yield f"{number(finding.least)} to {number(finding.most)}"
    if finding.goal:
        yield f"goal {finding.goal}: {'met' if finding.met else 'not met'}"
    if before is not None:
        yield f"before {number(before)}"
    yield finding.why


def number(value: float) -> str:
    """With three digits or more, and none that says nothing."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) < 0.1 else f"{value:.3f}"
