"""``aegui presets`` and ``aegui data list``."""

from __future__ import annotations

import json
from argparse import Namespace
from typing import Any

from aegui.data.catalog import Entry, catalog
from aegui.spec.presets import presets


def list_presets(arguments: Namespace) -> int:
    """Prints every preset with the reason for its values."""
    if arguments.json:
        print(json.dumps([{"name": p.name, "title": p.title, "why": p.why} for p in presets()]))
        return 0
    width = max(len(p.name) for p in presets())
    for p in presets():
        print(f"{p.name:<{width}}  {p.title}. {p.why}")
    return 0


def data(arguments: Namespace) -> int:
    """Prints every built-in data set with its shape and size."""
    entries = catalog()
    if arguments.json:
        print(json.dumps([_facts(e) for e in entries]))
        return 0
    width = max(len(e.name) for e in entries)
    for e in entries:
        shape, classes = "×".join(map(str, e.shape)), len(e.classes)
        print(f"{e.name:<{width}}  {e.title}: {e.train:,} train and {e.test:,} test samples,", end=" ")
        print(f"{shape}, {classes} classes. {e.source}")
    return 0


def _facts(e: Entry) -> dict[str, Any]:
    return {
        "name": e.name,
        "title": e.title,
        "shape": list(e.shape),
        "train": e.train,
        "test": e.test,
        "classes": list(e.classes),
        "range": [e.low, e.high],
        "source": e.source,
    }
