"""What was found before: a file with a line for each time, outside of the repository."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import platformdirs

from tests.benchmarks.findings import Finding

Findings = dict[str, list[Finding]]  # by part
Entry = dict[str, Any]


def usual_place() -> Path:
    """In the user's cache, or where ``AEGUI_BENCHMARKS`` says."""
    chosen = os.environ.get("AEGUI_BENCHMARKS")
    return (
        Path(chosen)
        if chosen
        else platformdirs.user_cache_path("aegui", appauthor=False) / "benchmarks.jsonl"
    )


def entry(found: Findings, **facts: Any) -> Entry:
    """One line of it: when, and everything that was found."""
    parts = {part: [finding.as_json() for finding in findings] for part, findings in found.items()}
    return {"date": datetime.now(UTC).isoformat(timespec="seconds"), **facts, "parts": parts}


def append(path: Path, line: Entry) -> None:
    """Adds an entry."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")


def entries(path: Path) -> list[Entry]:
    """Everything that is kept, the oldest first; a line that was cut off counts for nothing."""
    if not path.exists():
        return []
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return found


def before(path: Path, like: Entry) -> dict[tuple[str, str], float]:
    """The values of the last entry that was made in the same way on the same machine, by part and name."""
    alike = [e for e in entries(path) if all(e.get(k) == like[k] for k in ("machine", "quick", "threads"))]
    known: dict[tuple[str, str], float] = {}
    for old in alike:
        known |= {(p, f["name"]): f["value"] for p, fs in old["parts"].items() for f in fs if "value" in f}
    return known
