"""Which array of a numpy file holds the samples, which the labels, which the test part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from aegui.data.importing.labels import label_shape_problem
from aegui.data.importing.limits import LONGEST_NAME, counted, no_such, problem, refused
from aegui.data.importing.numpy_file import Header, summary
from aegui.errors import InvalidExperiment, Problem
from aegui.spec.source import ArraySource

Headers = dict[str, Header]

_SAMPLES = ("x", "data", "images", "image", "imgs", "samples", "features", "inputs", "signals", "arr0", "")
_LABELS = ("y", "label", "labels", "target", "targets", "class", "classes", "category", "species", "arr1")
_CLASS_NAMES = ("classnames", "labelnames", "targetnames", "labelsnames")
_MOST_NAMES = 1000
_UNITS = {"b": "flags", "i": "whole numbers", "u": "whole numbers", "f": "floats"}


@dataclass(frozen=True)
class Choice:
    """The arrays that are used."""

    samples: Header
    labels: Header | None = None
    test: Header | None = None
    test_labels: Header | None = None
    class_names: Header | None = None
    notes: tuple[str, ...] = ()


def choose(path: Path, source: ArraySource, found: Headers) -> Choice:
    """The arrays to use. Raises InvalidExperiment with every problem of names, lengths and types."""
    problems = list(_unknown(path, source, found))
    if problems:
        raise InvalidExperiment(problems)
    samples = found[source.array] if source.array else _usual_samples(path, found)
    problems += _unusable_samples(path, samples)
    labels = found[source.label] if source.label else _usual_labels(samples, found)
    if labels is not None and source.label:
        problems += _unusable_labels(path, labels, samples)
    if problems:
        raise InvalidExperiment(problems)
    notes = () if labels else tuple(_no_labels(samples, found))
    return _with_test(samples, labels, found, notes)


def _unknown(path: Path, source: ArraySource, found: Headers) -> Iterator[Problem]:
    for field, name in (("array", source.array), ("label", source.label)):
        if name and "" in found:
            message = f'is an NPY file, which holds a single array without a name; leave "{name}" out'
            yield problem(path, message, field)
        elif name and name not in found:
            yield problem(path, no_such("array", name, tuple(found)), field)


def _usual_samples(path: Path, found: Headers) -> Header:
    """The array of the usual name, else the largest one with samples along its first axis."""
    able = [header for header in found.values() if header.dtype.kind in "biuf" and len(header.shape) >= 2]
    if not able and len(found) == 1:
        return next(iter(found.values()))  # whose own problem says more
    if not able:
        message = f"has no array of numbers with two axes or more, samples first; it has {summary(found)}"
        raise refused(path, message, "array")
    usual = [header for header in able if _stem(header.name) in _SAMPLES and not _is_test(header.name)]
    if usual:
        return min(usual, key=lambda h: ("train" not in h.name.lower(), _SAMPLES.index(_stem(h.name))))
    return max(able, key=lambda h: (not _is_test(h.name), h.size))


def _unusable_samples(path: Path, header: Header) -> Iterator[Problem]:
    what, field = (f'"{header.name}"', "array") if header.name else ("its array", "path")
    if header.dtype.hasobject:
        message = (
            f"{what} holds pickled Python objects, which are never read, since they can run programs;"
            " save an array of numbers"
        )
        yield problem(path, message, field)
    elif header.dtype.kind not in "biuf":
        yield problem(path, f"{what} must hold numbers, holds {header.dtype}", field)
    elif not header.shape or 0 in header.shape:
        words = "×".join(str(n) for n in header.shape) or "no axis"
        yield problem(path, f"{what} holds no samples: its shape is {words}", field)


def _usual_labels(samples: Header, found: Headers) -> Header | None:
    """The array of the usual name that has a label for each sample."""
    training = "train" in samples.name.lower()
    able = [
        header
        for header in found.values()
        if _stem(header.name) in _LABELS
        and header.name != samples.name
        and not _is_test(header.name)
        and _label_problem(header, samples) is None
        and (_stem(header.name) != "arr1" or len(header.shape) == 1)
    ]
    order = [(("train" in h.name.lower()) != training, _LABELS.index(_stem(h.name))) for h in able]
    return able[order.index(min(order))] if able else None


def _unusable_labels(path: Path, labels: Header, samples: Header) -> Iterator[Problem]:
    message = _label_problem(labels, samples)
    if message is not None:
        yield problem(path, f'"{labels.name}" {message}', "label")


def _label_problem(labels: Header, samples: Header) -> str | None:
    if labels.dtype.hasobject:
        return "holds pickled Python objects, which are never read; save numbers or text of fixed length"
    if labels.dtype.kind not in "biufUS":
        return f"must hold whole numbers or text, holds {labels.dtype}"
    if labels.dtype.kind in "US" and labels.dtype.itemsize > 4 * LONGEST_NAME:
        return f"must have labels of at most {LONGEST_NAME:,} letters, holds {labels.dtype}"
    if message := label_shape_problem(labels.shape):
        return message
    count = labels.shape[0] if labels.shape else 0
    wanted = samples.shape[0] if samples.shape else 0
    if count != wanted:
        return f"must have a label for each of the {wanted:,} samples, has {counted(count, 'label')}"
    return None


def _no_labels(samples: Header, found: Headers) -> Iterator[str]:
    """Why an array of a usual name is not taken as labels."""
    for name, header in found.items():
        reason = _label_problem(header, samples)
        if _stem(name) in _LABELS[:-1] and name != samples.name and not _is_test(name) and reason:
            yield f'"{name}" is not taken as labels: it {reason}.'


def _with_test(samples: Header, labels: Header | None, found: Headers, more: tuple[str, ...]) -> Choice:
    """The choice with the official test part, where there is one that fits."""
    names = next((h for h in found.values() if _are_names(h)), None)
    notes = [f"Samples are {samples.words}.", *more] if samples.name else []
    test = _partner(samples, found)
    if test is None:
        return Choice(samples, labels, class_names=names, notes=(*notes, *_left_out(samples, found)))
    reason = _unfit(test, samples)
    test_labels = _partner(labels, found) if labels else None
    if labels and not reason:
        reason = _unlabelled(test_labels, test)
    if reason:
        notes.append(f'"{test.name}" is left out, since it {reason}; a test part is drawn by seed.')
        return Choice(samples, labels, class_names=names, notes=tuple(notes))
    notes.append(f'The test part is "{test.name}" with {counted(test.shape[0], "sample")}.')
    return Choice(samples, labels, test, test_labels, names, (*notes, *_left_out(samples, found)))


def _unlabelled(labels: Header | None, test: Header) -> str:
    """Why the test part has no classes; empty where it has some."""
    if labels is None:
        return "has no labels of its own"
    message = _label_problem(labels, test)
    return f'has no labels: "{labels.name}" {message}' if message else ""


def _unfit(test: Header, samples: Header) -> str:
    if test.dtype.kind not in "biuf":
        return f"holds {test.dtype}"
    if test.shape[1:] != samples.shape[1:] or not test.shape or test.shape[0] == 0:
        return f"has the shape {test.shape}"
    if _UNITS[test.dtype.kind] != _UNITS[samples.dtype.kind]:  # such as bytes, and the same divided by 255
        return f'holds {test.dtype} while "{samples.name}" holds {samples.dtype}'
    return ""


def _are_names(header: Header) -> bool:
    fits = header.dtype.kind in "US" and len(header.shape) == 1 and header.shape[0] <= _MOST_NAMES
    return fits and _plain(header.name) in _CLASS_NAMES


def _left_out(samples: Header, found: Headers) -> Iterator[str]:
    """Validation parts, which are not used."""
    for name in found:
        if name != samples.name and _plain(name).replace("val", "train") == _plain(samples.name):
            yield f'"{name}" is not used.'


def _partner(header: Header, found: Headers) -> Header | None:
    """The array of the test part: ``x_test`` for ``x_train``."""
    for train, test in (("train", "test"), ("Train", "Test"), ("TRAIN", "TEST")):
        if train in header.name and header.name.replace(train, test) in found:
            return found[header.name.replace(train, test)]
    return None


def _is_test(name: str) -> bool:
    plain = _plain(name)
    return "test" in plain or "val" in plain


def _stem(name: str) -> str:
    return _plain(name).replace("train", "")


def _plain(name: str) -> str:
    return "".join(c for c in name.lower() if c.isalnum())
