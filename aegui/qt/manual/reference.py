"""The page with every setting of an experiment, made from where they are declared."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

from aegui.spec import Experiment, Param, Value, describe

_HEAD = """\
# Every setting

All that an [experiment file](command-line.md) may hold, each setting by its path, as it stands in messages
and in `--set PATH=VALUE`. What a file leaves out takes its default. The tooltips of the window say the same.
"""
_TITLES = {"architecture": "Layers", "penalty": "Penalties"}
_LAYERS = "architecture.encoder"  # whose kinds are those of the decoder, too


def settings_page() -> str:
    """The page in Markdown."""
    parts = [name for name in Experiment.model_fields if _part(Experiment, name) or name == "noise"]
    own = [name for name in Experiment.model_fields if name not in parts]
    sections = {"The experiment": "".join("".join(_setting(name, Experiment, name)) for name in own)}
    for name in parts:
        sections[_TITLES.get(name, name.capitalize())] = "".join(_section(name))
    return _HEAD + "".join(f"\n## {title}\n\n{lines}" for title, lines in sections.items())


def _section(name: str) -> Iterator[str]:
    owner = _part(Experiment, name)
    if owner is None:
        yield from _setting(name, Experiment, name)
        return
    for part in owner.model_fields:
        yield from _setting(f"{name}.{part}", owner, part)


def _part(owner: type[Value], name: str) -> type[Value] | None:
    """The class of a part that has settings of its own, None for a setting."""
    annotation = owner.model_fields[name].annotation
    return annotation if isinstance(annotation, type) and issubclass(annotation, Value) else None


def _setting(path: str, owner: type[Value], name: str) -> Iterator[str]:
    """A setting, and below it the settings of each of its kinds."""
    yield f"- {_line(path, owner, name)}\n"
    if path == "architecture.decoder":
        return
    inside = f"{path}[0]" if path == _LAYERS else path
    for cls in _kinds(owner.model_fields[name].annotation):
        doc = " ".join((cls.__doc__ or "").split())
        yield f'  - `{inside}.kind = "{cls.model_fields["kind"].default}"`: {doc}\n'
        for part in cls.model_fields:
            if part != "kind":
                yield f"    - {_line(f'{inside}.{part}', cls, part)}\n"


def _line(path: str, owner: type[Value], name: str) -> str:
    known = describe(owner, name)
    head, *lines = known.tooltip.splitlines()
    formulas = known.formula.splitlines()
    told = [f"`{' '.join(line.split())}`" for line in formulas]
    told += [line for line in lines if line not in formulas]
    words = list(_words(owner.model_fields[name].annotation))
    choice = f"One of {', '.join(f'`{word}`' for word in words)}." if len(words) > 1 else ""
    return " ".join(part for part in (f"`{path}`", f"**{head}**.", *told, choice, _default(known)) if part)


def _default(known: Param) -> str:
    match known.default:
        case "" | () | None | Value():
            return ""
        case bool():
            return f"Default: `{str(known.default).lower()}`."
        case tuple():  # of layers
            return "Default: one dense layer of 128 units."
    return f"Default: `{known.default}`."


def _kinds(annotation: Any) -> Iterator[type[Value]]:
    """The classes tagged ``kind`` anywhere in an annotation."""
    if isinstance(annotation, type) and issubclass(annotation, Value) and "kind" in annotation.model_fields:
        yield annotation
    for inner in get_args(annotation):
        yield from _kinds(inner)


def _words(annotation: Any) -> Iterator[str]:
    """The words that a setting may be."""
    for inner in get_args(annotation):
        if get_origin(annotation) is Literal:
            yield str(inner)
        elif get_origin(inner) in (Literal, typing.Union, typing.Annotated):
            yield from _words(inner)
