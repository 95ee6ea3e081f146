"""Everything that is wrong with a tree of plain values, in the user's words."""

from __future__ import annotations

import difflib
import reprlib
from collections.abc import Iterable, Iterator
from typing import Any, get_args

from pydantic import ValidationError

from aegui.errors import Problem, printable
from aegui.spec.value import LARGEST, Value, join_path

MOST = 100  # problems that are told at once; nobody mends more of them before the next look

_LONGEST = 60  # characters of a value in a message
_LARGEST_BITS = 1024  # of whole numbers that are shown in decimal digits
_AT_ONCE = 4 * MOST  # of pydantic's findings, which has up to four for one problem


def problems_of(error: ValidationError, tree: Any, root: type[Value]) -> list[Problem]:
    """pydantic's findings as problems with the path that the user wrote; the first :data:`MOST` of them."""
    items = [dict(item) for item in error.errors(include_url=False)[:_AT_ONCE]]
    located = [(_location(item, tree, root), item) for item in items]
    found: dict[str, str] = {}
    for location, item in located:
        if _is_other_member(location, item, located):
            continue
        path, sentence = _written(location), _sentence(item, location, tree, root)
        found[path] = _either(found[path], sentence) if path in found else sentence
    problems = [Problem(path, sentence) for path, sentence in found.items()]
    more = error.error_count() > _AT_ONCE or len(problems) > MOST
    return [*problems[:MOST], *([Problem("", f"has more problems than these {MOST}")] if more else [])]


def _written(location: tuple[str | int, ...]) -> str:
    """A location as a path, whatever an unknown key in it may be."""
    return join_path(tuple(p if isinstance(p, int) else _shortened(printable(p)) for p in location))


def too_large(tree: Any, location: tuple[str | int, ...] = ()) -> Iterator[Problem]:
    """Whole numbers that TOML has no room for, as few libraries and no network have."""
    match tree:
        case dict():
            for name, part in tree.items():
                yield from too_large(part, (*location, str(name)))
        case list() | tuple():
            for number, part in enumerate(tree):
                yield from too_large(part, (*location, number))
        case int() if abs(tree) > LARGEST:
            limit = f"at most {LARGEST}" if tree > 0 else f"at least {-LARGEST}"
            yield Problem(_written(location), f"must be {limit}, got {shown(tree)}")


def class_at(location: Iterable[str | int], tree: Any, root: type[Value]) -> type[Value] | None:
    """The class of the value at a location of a tree, unions decided by their ``kind``."""
    cls: type[Value] | None = root
    annotation: Any = root
    for part in location:
        if isinstance(part, int):
            tree = tree[part] if isinstance(tree, (list, tuple)) and part < len(tree) else None
        else:
            if cls is None or part not in cls.model_fields:
                return None
            annotation = cls.model_fields[part].annotation
            tree = tree.get(part) if isinstance(tree, dict) else None
        cls = _choose(annotation, tree)
    return cls


def value_classes(annotation: Any) -> tuple[type[Value], ...]:
    """Every Value class that an annotation mentions, however deep."""
    if isinstance(annotation, type) and issubclass(annotation, Value):
        return (annotation,)
    return tuple(c for arg in get_args(annotation) for c in value_classes(arg))


def closest(word: str, names: Iterable[str]) -> str | None:
    """The name that was probably meant."""
    near = difflib.get_close_matches(word.lower(), list(names), n=1, cutoff=0.6)
    return near[0] if near else None


def shown(value: Any) -> str:
    """A value as it would stand in the file, shortened."""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = f'"{value[:_LONGEST]}"' if isinstance(value, str) else _SHORT.repr(value)
    return _shortened(printable(text))


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."


class _Short(reprlib.Repr):
    """The start of a value, however deep, long or large it is."""

    def __init__(self) -> None:
        super().__init__()
        self.maxlevel = 6
        self.maxlist = self.maxdict = self.maxstring = self.maxother = _LONGEST

    def repr_int(self, x: int, level: int) -> str:
        """Python refuses to write numbers of thousands of digits other than as hexadecimal ones."""
        return repr(x) if x.bit_length() < _LARGEST_BITS else hex(x)


_SHORT = _Short()


def kinds(classes: Iterable[type[Value]]) -> list[str]:
    """The tags of the classes of a union."""
    return [c.model_fields["kind"].default for c in classes]


def _choose(annotation: Any, tree: Any) -> type[Value] | None:
    classes = value_classes(annotation)
    if len(classes) == 1:
        return classes[0]
    # A layer that does not say what it is, is dense; elsewhere no kind is called so.
    kind = tree.get("kind", "dense") if isinstance(tree, dict) else None
    return next((c for c in classes if c.model_fields["kind"].default == kind), None)


def _as_written(loc: tuple[str | int, ...], tree: Any, root: type[Value]) -> tuple[str | int, ...]:
    """pydantic's location without the names of union members that it puts in between."""
    path: list[str | int] = []
    for i, part in enumerate(loc):
        last = i == len(loc) - 1
        if isinstance(part, str):
            cls = class_at(path, tree, root)
            here = _at(tree, path)
            known = cls is not None and part in cls.model_fields
            written = isinstance(here, dict) and (part in here or (last and known))
            if not written and not (cls is root and not path):
                continue
        path.append(part)
    return tuple(path)


def _location(item: dict[str, Any], tree: Any, root: type[Value]) -> tuple[str | int, ...]:
    location = _as_written(item["loc"], tree, root)
    return (*location, "kind") if item["type"].startswith("union_tag") else location


def _is_other_member(
    location: tuple[str | int, ...],
    item: dict[str, Any],
    located: list[tuple[tuple[str | int, ...], dict[str, Any]]],
) -> bool:
    """A part that is a word or a list or table fails as both; only the one that was meant is reported."""
    kind, got = item["type"], item["input"]
    unmeant = (
        (kind == "literal_error" and isinstance(got, list))
        or (kind == "tuple_type" and isinstance(got, str))
        or (kind == "string_type" and isinstance(got, dict))
    )
    return unmeant and any(
        other is not item and where[: len(location)] == location for where, other in located
    )


def _either(one: str, other: str) -> str:
    """Two sentences about one value that may be of two sorts, as one."""
    start, end = "must be ", other[other.rfind(", got ") :]
    if one.endswith(end) and other.startswith(start):
        return f"{one.removesuffix(end)} or {other.removeprefix(start)}"
    return f"{one}; {other}"


def _at(tree: Any, path: Iterable[str | int]) -> Any:
    for part in path:
        try:
            tree = tree[part]
        except (KeyError, IndexError, TypeError):
            return None
    return tree


def _sentence(item: dict[str, Any], location: tuple[str | int, ...], tree: Any, root: type[Value]) -> str:
    got, context = shown(item["input"]), item.get("ctx", {})
    match item["type"]:
        case "extra_forbidden":
            return "is not a known setting" + _did_you_mean(location, tree, root)
        case "missing":
            return "is required"
        case "greater_than_equal":
            return f"must be at least {context['ge']:.16g}, got {got}"
        case "greater_than":
            return f"must be above {context['gt']:.16g}, got {got}"
        case "less_than_equal":
            return f"must be at most {context['le']:.16g}, got {got}"
        case "less_than":
            return f"must be below {context['lt']:.16g}, got {got}"
        case "literal_error":
            return f"must be {context['expected']}, got {got}" + _near(item["input"], context["expected"])
        case "union_tag_invalid":
            tags = str(context["expected_tags"])
            return f"must be one of {tags}, got {shown(context['tag'])}" + _near(context["tag"], tags)
        case "union_tag_not_found":
            return "is required"
        case "int_type" | "int_from_float" | "int_parsing":
            return f"must be a whole number, got {got}"
        case "float_type" | "float_parsing":
            return f"must be a number, got {got}"
        case "finite_number":
            return f"must be a finite number, got {got}"
        case "bool_type" | "bool_parsing":
            return f"must be true or false, got {got}"
        case "string_type":
            return f"must be text, got {got}"
        case "tuple_type" | "list_type":
            return f"must be a list, got {got}"
        case "too_long":
            return f"must have at most {context['max_length']:,} entries, has {len(item['input']):,}"
        case "string_too_long":
            return f"must have at most {context['max_length']:,} characters, has {len(item['input']):,}"
        case "model_type" | "model_attributes_type" | "dict_type":
            return f"must be a table of settings, got {got}"
    return f"{item['msg'][:1].lower()}{item['msg'][1:]}, got {got}"


def _did_you_mean(location: tuple[str | int, ...], tree: Any, root: type[Value]) -> str:
    cls = class_at(location[:-1], tree, root)
    near = closest(str(location[-1]), cls.model_fields) if cls else None
    return f"; did you mean {near}?" if near else ""


def _near(got: Any, expected: str) -> str:
    names = [name.strip(" '") for name in expected.replace(" or ", ",").split(",")]
    near = closest(got, names) if isinstance(got, str) else None
    return f'; did you mean "{near}"?' if near else ""
