"""Files of tensors that are damaged or made up: nothing native is given what does not fit."""

from __future__ import annotations

import io
import json
import pickle
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from fuzzing import Outcomes, cuts, damaged, flips, in_bounds, lies, tried
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aegui.data.dataset import Dataset
from aegui.errors import InvalidInput
from aegui.spec import Experiment
from aegui.training.checkpoint import checkpoint_bytes, restore
from aegui.training.frames import Frames
from aegui.training.tensor_file import LARGEST_HEADER, pack_tensors, unpack_tensors
from aegui.training.trainer import Trainer

Make = Callable[[], Trainer]
DIGITS = 10**4000


def headed(header: object, body: bytes = b"", length: int | None = None) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return (len(text) if length is None else length).to_bytes(8, "little") + text + body


def one(**changes: object) -> bytes:
    return headed({"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]} | changes}, b"\0" * 8)


REFUSED = {
    "empty": b"",
    "a header of 2^63": headed({}, length=2**63),
    "a header of 2^64": headed({}, length=2**64 - 1),
    "a header beyond the limit": headed(b" " * (LARGEST_HEADER + 1)),
    "no header": headed({}, length=100),
    "deep": headed(b'{"a":' * 100_000),
    "deep metadata": headed(b'{"__metadata__":{"aegui":' + b"[" * 100_000 + b"]" * 100_000 + b"}}"),
    "metadata of another type": headed({"__metadata__": {"aegui": 3}}),
    "digits": headed(b'{"a":{"dtype":"F32","shape":[' + b"9" * 5000 + b'],"data_offsets":[0,8]}}'),
    "not a number": headed(b'{"a":{"dtype":"F32","shape":[NaN],"data_offsets":[0,8]}}'),
    "half a letter": headed(b'{"\\ud800":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}', b"\0" * 8),
    "UTF-16": headed(json.dumps({}).encode("utf-16")),
    "negative offsets": one(data_offsets=[-8, 0]),
    "offsets backwards": one(data_offsets=[8, 0]),
    "offsets beyond the end": one(data_offsets=[0, 2**62]),
    "a hole": one(data_offsets=[4, 12]),
    "a negative shape": one(shape=[-2]),
    "a shape that overflows": one(shape=[2**62, 4]),
    "a shape that overflows to nothing": one(shape=[2**40, 2**40, 0]),
    "a shape of fractions": one(shape=[2.0]),
    "too many axes": one(shape=[2, *[1] * 1000]),
    "another type": one(dtype="I64"),
    "no type": one(dtype="F99"),
    "a type that torch has not": one(dtype="F8_E8M0", shape=[8]),
    "overlapping": headed(
        {n: {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]} for n in ("a", "b")}, b"\0" * 8
    ),
    "bytes left over": headed({"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}, b"\0" * 8),
    "a pickle": pickle.dumps({"a": 1}),
}


def unpacked(path: Path) -> object:
    return unpack_tensors(path.read_bytes(), str(path))


@pytest.mark.parametrize("data", REFUSED.values(), ids=REFUSED)
def test_that_an_absurd_file_is_refused(data: bytes, tmp_path: Path) -> None:
    assert tried(unpacked, [data], tmp_path / "file").refusals


def test_that_what_torch_saves_is_refused(tmp_path: Path) -> None:
    for zipped in (True, False):
        out = io.BytesIO()
        torch.save({"a": torch.ones(3)}, out, _use_new_zipfile_serialization=zipped)
        assert tried(unpacked, [out.getvalue()], tmp_path / "file").refusals


def unpack_file(path: str) -> int:
    """Of a file; to be called in a process of its own."""
    return len(unpack_tensors(Path(path).read_bytes(), path)[0])


@pytest.mark.long
@pytest.mark.parametrize("name", REFUSED)
def test_that_an_absurd_file_takes_little_memory(name: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(REFUSED[name])
    assert in_bounds("training.test_nasty_tensors:unpack_file", path).message


SMALL = pack_tensors({"a": torch.arange(6.0).reshape(2, 3), "b": torch.tensor(7)}, "text")


def spoilt(data: bytes) -> Iterator[bytes]:
    yield from cuts(data)
    yield from flips(data)
    yield from lies(data)


def test_that_a_damaged_file_is_read_or_refused(tmp_path: Path) -> None:
    found = tried(unpacked, [*cuts(SMALL), *flips(SMALL)], tmp_path / "file")
    assert found.refusals.total() > found.values


@pytest.mark.long
def test_that_every_damage_is_read_or_refused(tmp_path: Path) -> None:
    found = tried(unpacked, spoilt(SMALL), tmp_path / "file")
    print(f"tensors: {found}")
    assert found.refusals


@pytest.mark.long
@settings(max_examples=20_000, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=damaged(SMALL))
def test_that_any_mixture_is_read_or_refused(tmp_path: Path, data: bytes) -> None:
    tried(unpacked, [data], tmp_path / "file")


@pytest.fixture(scope="module")
def make(tiny: Callable[..., Experiment], tiny_digits: Dataset) -> Make:
    return lambda: Trainer(tiny(), tiny_digits)


@pytest.fixture(scope="module")
def written(make: Make) -> tuple[bytes, bytes]:
    """Checkpoint and frames of a run after seven steps."""
    trainer, frames = make(), Frames()
    frames.offer(trainer)
    for _ in range(7):
        next(trainer)
        frames.offer(trainer)
    return checkpoint_bytes(trainer), frames.pack()


def opened(data: bytes) -> tuple[dict[str, torch.Tensor], dict[str, Any]]:
    tensors, text = unpack_tensors(data, "file")
    return tensors, json.loads(text)


def taken_up(make: Make, data: bytes) -> bool:
    """Whether a run goes on from a checkpoint, to its end; False if it is refused in one line."""
    trainer = make()
    try:
        restore(trainer, data, "checkpoint")
    except InvalidInput as error:
        assert all(line.isprintable() and len(line) < 1000 for line in error.lines), error.lines
        return False
    for _ in trainer:
        pass
    checkpoint_bytes(trainer)
    return True


FACTS = (
    "version",
    "experiment",
    "step",
    "weights_step",
    "seconds",
    "diverged",
    "end_reason",
    "terms",
    "marks",
)
WRONG = (
    None, -1, 2**63, DIGITS, float("inf"), float("nan"), "x", "a\nb", [], {}, [[]], ["x"], ["mse", "mse"],
    [["mse"]], [[1]], [[1, "x", []]], [[-1, "training.rate", 1]], [[1, "a\nb", 1]], 3.7,
)  # fmt: skip


def test_that_a_checkpoint_with_wrong_facts_is_refused(make: Make, written: tuple[bytes, bytes]) -> None:
    tensors, facts = opened(written[0])
    found = Outcomes()
    for name in FACTS:
        assert name in facts
        for value in WRONG:
            if taken_up(make, pack_tensors(tensors, json.dumps(facts | {name: value}))):
                found.values += 1
                right = name == "diverged" or (name, value) in (("marks", []), ("seconds", 3.7))
                assert right or (name, value) == ("end_reason", "x"), (name, value)
        left = {key: value for key, value in facts.items() if key != name}
        assert taken_up(make, pack_tensors(tensors, json.dumps(left))) == (
            name in ("weights_step", "diverged", "end_reason")
        )
    for text in ("", "[]", "3", "{", "[" * 100_000, '{"a":' * 100_000):
        assert not taken_up(make, pack_tensors(tensors, text))


def misfits(tensor: torch.Tensor) -> Iterator[torch.Tensor]:
    yield from (tensor.double(), tensor.to(torch.complex64), tensor.bool(), tensor.half())
    yield from (torch.zeros(0), torch.zeros((0, 3)), torch.zeros((2, 2, 2)), torch.zeros((300, 300)))


def test_that_a_checkpoint_with_tensors_that_do_not_fit_is_refused(
    make: Make, written: tuple[bytes, bytes]
) -> None:
    """Fused optimisers would read and write beyond the ends of their memory."""
    tensors, facts = opened(written[0])
    text = json.dumps(facts)
    for name, tensor in list(tensors.items())[:: len(tensors) // 12]:
        assert not taken_up(make, pack_tensors({k: v for k, v in tensors.items() if k != name}, text)), name
        for other in misfits(tensor):
            assert not taken_up(make, pack_tensors(tensors | {name: other}, text)), (name, other.shape)
    numbers = ("99.exp_avg", "-1.step", "x.step", "9" * 5000 + ".step", "0.evil", "")
    for name in (*(f"optimizer.{n}" for n in numbers), "model.x", "model.\0"):
        assert not taken_up(make, pack_tensors(tensors | {name: torch.ones(2)}, text)), name


def test_that_frames_that_do_not_fit_are_refused(
    make: Make, written: tuple[bytes, bytes], tiny: Callable[..., Experiment]
) -> None:
    from aegui.spec import dumps

    tensors, facts = opened(written[1])
    trainer = make()

    def fit(tensors: dict[str, torch.Tensor], facts: dict[str, Any]) -> bool:
        try:
            Frames.unpack(pack_tensors(tensors, json.dumps(facts)), "frames").check(trainer, "frames")
        except InvalidInput as error:
            assert all(line.isprintable() for line in error.lines)
            return False
        return True

    assert fit(tensors, facts)
    for name in ("steps", "experiments", "experiment_of"):
        for value in (None, -1, DIGITS, "x", [], {}, [[]], [None] * 8, [2**63] * 8, [DIGITS] * 8, ["x"] * 8):
            assert not fit(tensors, facts | {name: value}), (name, value)
    assert not fit(tensors, facts | {"experiments": [dumps(tiny({"code.size": 5}))]})
    first = next(iter(tensors))
    for other in misfits(tensors[first]):
        assert not fit(tensors | {first: other}, facts)
    for name in ("", "x", "99.code.weight", "3.x", "9" * 5000 + ".x"):
        assert not fit(tensors | {name: torch.ones(2)}, facts)


@pytest.mark.long
@settings(max_examples=3000, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_that_any_mixture_of_checkpoint_and_frames_is_taken_up_or_refused(
    make: Make, written: tuple[bytes, bytes], data: st.DataObject
) -> None:
    taken_up(make, data.draw(damaged(*written)))
