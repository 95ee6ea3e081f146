"""Findings as the rows of a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tests.benchmarks.findings import Finding

_NAME = 66  # letters


def rows(findings: Sequence[Finding], part: str, before: Mapping[tuple[str, str], float]) -> Iterator[str]:
    """A line for each: value, spread, goal, what it was before, and what is to be said of it."""
    for finding in findings:
        yield "  " + "  ".join(filter(None, _cells(finding, before.get((part, finding.name))))).rstrip()


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
