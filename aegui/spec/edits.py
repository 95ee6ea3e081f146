"""Reading, replacing and comparing single parts of an experiment by their path."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from aegui.errors import InvalidExperiment, Problem
from aegui.spec.experiment import Experiment
from aegui.spec.problems import class_at, closest, problems_of, too_large, value_classes
from aegui.spec.source import FILES
from aegui.spec.value import Value, describe, join_path, split_path

# These may change during a run without changing what it has computed so far.
_FREE = ("title", "training.epochs")
_PLACES = frozenset(f"data.source.{name}" for name in FILES)


def get(experiment: Experiment, path: str) -> Any:
    """The part at ``path``, for instance ``noise.sigma``. Raises InvalidExperiment if there is none."""
    here: Any = experiment
    for part in split_path(path):
        if not _holds(here, part):
            raise _unknown(path, part, type(here))
        here = getattr(here, str(part)) if isinstance(here, Value) else here[part]
    return here


def replace(experiment: Experiment, path: str, value: Any) -> Experiment:
    """The experiment with another value at ``path``. Raises InvalidExperiment if it is not valid.

    Replacing a ``kind`` drops the parts that the new kind does not have. Numbers in the
    path name list entries. ``value`` may be a Value, a plain value, a dict or a list.
    """
    return replace_all(experiment, {path: value})


def replace_all(experiment: Experiment, changes: Mapping[str, Any]) -> Experiment:
    """As :func:`replace`, for several paths, in order; checked when all of them are in."""
    tree = plain(experiment)
    for path, value in changes.items():
        _put(tree, path, plain(value))
    return validated(tree)


def validated(tree: Any) -> Experiment:
    """An experiment from plain dicts and lists. Raises InvalidExperiment with every problem."""
    if absurd := list(too_large(tree)):
        raise InvalidExperiment(absurd)
    try:
        return Experiment.model_validate(tree)
    except ValidationError as error:
        raise InvalidExperiment(problems_of(error, tree, Experiment)) from None


def plain(value: Any) -> Any:
    """Values as the dicts and lists that a file holds."""
    match value:
        case Value():
            return {name: plain(getattr(value, name)) for name in type(value).model_fields}
        case dict():
            return {key: plain(v) for key, v in value.items()}
        case list() | tuple():
            return [plain(v) for v in value]
    return value


def label_of(experiment: Experiment, path: str) -> str:
    """What the part at ``path`` is called on screen; of a layer's part or an unknown one, the path's end."""
    *parents, name = split_path(path) or ("experiment",)
    if isinstance(name, int):
        return f"{label_of(experiment, join_path(tuple(parents)))}, layer {name + 1}"
    try:
        owner = get(experiment, join_path(tuple(parents))) if parents else experiment
    except InvalidExperiment:
        owner = None
    if isinstance(owner, Value) and name in type(owner).model_fields:
        return (
            _group_label(experiment, tuple(parents)) if name == "kind" else describe(owner, str(name)).label
        )
    return str(name).replace("_", " ")


def _group_label(experiment: Experiment, parents: tuple[str | int, ...]) -> str:
    return label_of(experiment, join_path(parents)) if parents else "kind"


def flatten(experiment: Experiment) -> dict[str, Any]:
    """Every leaf by its path. A list of layers or labels is one leaf."""
    leaves: dict[str, Any] = {}

    def walk(prefix: str, value: Any) -> None:
        if not isinstance(value, Value):
            leaves[prefix] = value
            return
        for name in type(value).model_fields:
            walk(f"{prefix}.{name}" if prefix else name, getattr(value, name))

    walk("", experiment)
    return leaves


def changed_paths(old: Experiment, new: Experiment) -> tuple[str, ...]:
    """The paths whose leaves differ, in the order of the file."""
    a, b = flatten(old), flatten(new)
    missing = object()
    return tuple(p for p in {**a, **b} if a.get(p, missing) != b.get(p, missing))


def is_live(experiment: Experiment, path: str) -> bool:
    """Whether the part at ``path`` may change during a run."""
    *parents, name = split_path(path)
    owner = get(experiment, join_path(tuple(parents))) if parents else experiment
    return isinstance(owner, Value) and name in type(owner).model_fields and describe(owner, str(name)).live


def older_paths(run: Experiment, now: Experiment) -> tuple[str, ...]:
    """The changes that make a run of ``run`` one of an older experiment than ``now``."""
    return tuple(path for path in changed_paths(run, now) if not _may_follow(run, now, path))


def foreign_paths(run: Experiment, now: Experiment) -> tuple[str, ...]:
    """The same, where the files of the data may lie in another place by now."""
    return tuple(path for path in older_paths(run, now) if path not in _PLACES)


def _may_follow(run: Experiment, now: Experiment, path: str) -> bool:
    if path in _FREE:
        return True
    a, b = flatten(run), flatten(now)
    kind = f"{path.rpartition('.')[0]}.kind"  # the weight of another penalty is another weight
    return path in a and path in b and a.get(kind) == b.get(kind) and is_live(now, path)


def _put(tree: dict[str, Any], path: str, value: Any) -> None:
    parts = split_path(path)
    if not parts:
        raise InvalidExperiment([Problem(path, "is not a path such as noise.sigma")])
    here: Any = tree
    for i, part in enumerate(parts[:-1]):
        if not _holds(here, part):
            raise _unknown(path, part, class_at(parts[:i], tree, Experiment))
        here = here[part]
    owner, last = class_at(parts[:-1], tree, Experiment), parts[-1]
    if isinstance(here, list) and isinstance(last, int) and last < len(here):
        here[last] = value
    elif isinstance(here, dict) and owner is not None and (last in owner.model_fields or last in here):
        if last == "kind":
            _change_kind(here, value, class_at(parts[:-2], tree, Experiment), parts[-2])
        here[last] = value
    else:
        raise _unknown(path, last, owner)


def _holds(here: Any, part: str | int) -> bool:
    match here:
        case dict():
            return part in here
        case list() | tuple():
            return isinstance(part, int) and part < len(here)
        case Value():
            return part in type(here).model_fields
    return False


def _change_kind(table: dict[str, Any], kind: Any, owner: type[Value] | None, part: str | int) -> None:
    """Drops the parts that the new kind does not have, so that they cannot be in its way."""
    annotation = owner.model_fields[str(part)].annotation if owner and isinstance(part, str) else None
    for cls in value_classes(annotation):
        if cls.model_fields["kind"].default == kind:
            for name in [n for n in table if n not in cls.model_fields]:
                del table[name]


def _unknown(path: str, part: str | int, owner: type | None) -> InvalidExperiment:
    message = f"there is no entry {part}" if isinstance(part, int) else "is not a known setting"
    if owner is not None and issubclass(owner, Value) and isinstance(part, str):
        if "kind" in owner.model_fields:
            message = f'is not a setting of the kind "{owner.model_fields["kind"].default}"'
        near = closest(part, owner.model_fields)
        message += f"; did you mean {near}?" if near else ""
    return InvalidExperiment([Problem(path, message)])
