"""A JSON schema of the experiment file, from which editors complete and check it."""

from __future__ import annotations

import json
from typing import Any

from aegui.spec.experiment import Experiment
from aegui.spec.value import LARGEST

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_FOR_FORMS = ("label", "symbol", "formula", "live", "log", "usual")
_BY_DEFAULT = "Dense"  # the layer that needs no kind


def experiment_schema() -> Schema:
    """The schema in draft 2020-12: names, sentences, limits and defaults of every setting."""
    schema = _described(Experiment.model_json_schema(mode="validation"))
    for definition in schema["$defs"].values():
        _require_kind(definition)
    head = {
        "$schema": DIALECT,
        "title": "aegui experiment",
        "description": "An experiment file of aegui, in TOML.",
    }
    return head | {key: part for key, part in schema.items() if key not in head}


def _described(part: Any) -> Any:
    """A part of the schema, with every setting in it described as in the window."""
    match part:
        case list():
            return [_described(inner) for inner in part]
        case dict():
            kept = {
                key: value for key, value in part.items() if key != "discriminator"
            }  # of another standard
            if kept.get("type") == "integer":
                kept = {"minimum": -LARGEST, "maximum": LARGEST} | kept
            return {key: _settings(v) if key == "properties" else _described(v) for key, v in kept.items()}
    return part


def _settings(properties: Schema) -> Schema:
    return {name: _setting(part) for name, part in properties.items()}


def _setting(part: Schema) -> Schema:
    """One setting: its label as title, its sentence written out, nothing that forms alone need."""
    words = {"title": part["label"]} if "label" in part else {}
    if "description" in part:
        words["description"] = _sentence(part)
    kept = {key: value for key, value in _described(part).items() if key not in _FOR_FORMS}
    if "default" in kept:
        kept["default"] = _without_none(kept["default"])
    if "const" in kept:
        kept["enum"] = [kept["const"]]  # which editors that know older drafts alone complete, too
    return _without_null(kept) | words


def _sentence(part: Schema) -> str:
    """What stands in the tooltip of the window: sentence, formula, whether it is live."""
    text = part["description"].strip().rstrip(".")
    lines = [f"{text[:1].upper()}{text[1:]}.", part.get("formula", "")]
    lines += ["Can be changed while training."] if part.get("live") else []
    return "\n".join(line for line in lines if line)


def _without_null(part: Schema) -> Schema:
    """TOML has no null: what may be left out may be nothing else."""
    choices = part.get("anyOf", [])
    if {"type": "null"} not in choices:
        return part
    choice: Schema = next(c for c in choices if c != {"type": "null"})
    return choice | {key: value for key, value in part.items() if key not in ("anyOf", "default")}


def _without_none(default: Any) -> Any:
    if not isinstance(default, dict):
        return default
    return {key: _without_none(value) for key, value in default.items() if value is not None}


def _require_kind(definition: Schema) -> None:
    """A table that may be of several kinds has to say which."""
    if "kind" in definition["properties"] and definition["title"] != _BY_DEFAULT:
        definition["required"] = ["kind"]


def schema_text() -> str:
    """The schema as the file that ships."""
    return json.dumps(experiment_schema(), indent=2, ensure_ascii=False) + "\n"
