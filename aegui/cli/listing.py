"""``aegui presets`` and ``aegui schema``."""

from __future__ import annotations

import json
from argparse import Namespace

from aegui.spec.presets import presets
from aegui.spec.schema import schema_text


def list_presets(arguments: Namespace) -> int:
    """Prints every preset with the reason for its values."""
    if arguments.json:
        print(json.dumps([{"name": p.name, "title": p.title, "why": p.why} for p in presets()]))
        return 0
    width = max(len(p.name) for p in presets())
    for p in presets():
        print(f"{p.name:<{width}}  {p.title}. {p.why}")
    return 0


def print_schema() -> int:
    """Prints the JSON schema of the experiment file."""
    print(schema_text(), end="")
    return 0
