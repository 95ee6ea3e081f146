"""Checks bills of materials: ``python packaging/check_sbom.py FILE.cdx.json ...``.

Each has to be what the schema of CycloneDX says, and to name PyTorch, Qt, NumPy and Python with versions and
licences. Needs cyclonedx-python-lib with its extra "json-validation".
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

_INSIDE = {"Python", "numpy", "PySide6_Essentials", "torch"}


def problem_of(text: str) -> str | None:
    """What is wrong with a bill."""
    error = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if error is not None:
        return repr(error)
    libraries = [c for c in json.loads(text)["components"] if c["type"] == "library"]
    if missing := _INSIDE - {c["name"] for c in libraries}:
        return f"does not name {', '.join(sorted(missing))}"
    bare = [c["name"] for c in libraries if not c["version"] or not c["licenses"]]
    return f"no version or licence of {', '.join(bare)}" if bare else None


def main() -> None:
    bills = {path: path.read_text(encoding="utf-8") for path in map(Path, sys.argv[1:])}
    problems = [f"{path}: {told}" for path, text in bills.items() if (told := problem_of(text))]
    if problems or not bills:
        sys.exit("\n".join(problems) or __doc__)
    print(f"{len(bills)} bills of materials hold")


if __name__ == "__main__":
    main()
