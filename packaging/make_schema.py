"""Writes the JSON schema of the experiment file: ``python packaging/make_schema.py``.

Run it again when anything in ``aegui/spec`` changes; a test compares the two.
"""

from __future__ import annotations

from pathlib import Path

from aegui.spec.schema import schema_text
from aegui.writing import write_atomic

_FILE = Path(__file__).parent.parent / "resources" / "schema" / "experiment.schema.json"


def main() -> None:
    write_atomic(_FILE, schema_text().encode())


if __name__ == "__main__":
    main()
