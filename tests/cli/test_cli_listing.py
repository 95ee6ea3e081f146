"""``aegui presets`` and ``aegui schema``."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from aegui.resources import resource
from aegui.spec.presets import presets

Call = Callable[..., Any]


def test_that_presets_are_a_json_list(call: Call) -> None:
    done = call("presets", "--json")
    found = json.loads(done.out)
    assert done.status == 0 and done.out.count("\n") == 1
    assert found == [{"name": p.name, "title": p.title, "why": p.why} for p in presets()]


def test_that_presets_are_a_line_each(call: Call) -> None:
    done = call("presets")
    lines = done.out.splitlines()
    assert done.status == 0 and [line.split()[0] for line in lines] == [p.name for p in presets()]
    assert all(p.why in line for p, line in zip(presets(), lines, strict=True))


def test_that_the_schema_is_printed_as_it_ships(call: Call) -> None:
    done = call("schema")
    assert done.status == 0 and done.err == ""
    assert done.out == resource("schema", "experiment.schema.json").read_text(encoding="utf-8")
