"""A snapshot on disk: back as it was, or refused."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aegui.errors import InvalidInput
from aegui.spec import replace
from aegui.training.observer import Observer
from aegui.training.snapshot import Baselines, Snapshot, Wishes
from aegui.training.snapshot_file import pack, unpack
from aegui.training.trainer import Trainer

TrainerOf = Callable[..., Trainer]


def snapshot_of(trainer: Trainer, wishes: Wishes, steps: int = 6) -> Snapshot:
    for _ in range(steps):
        next(trainer)
    observer = Observer(trainer)
    observer.baselines = Baselines(mean_mse=0.07, floor_bce=0.2)
    return observer.snapshot(wishes)


def equal(a: object, b: object) -> bool:
    if dataclasses.is_dataclass(a) and not isinstance(a, type):
        names = [f.name for f in dataclasses.fields(a)]
        return type(a) is type(b) and all(equal(getattr(a, n), getattr(b, n)) for n in names)
    if isinstance(a, np.ndarray):
        return isinstance(b, np.ndarray) and a.dtype == b.dtype and np.array_equal(a, b)
    return type(a) is type(b) and a == b


@pytest.mark.parametrize("changes", [{}, {"noise.kind": "masking", "penalty.code.kind": "l1"}])
@pytest.mark.parametrize("wishes", [Wishes(), Wishes(pictures=(1, 5)), Wishes(codes=False)])
@pytest.mark.parametrize("steps", [0, 6])
def test_that_a_snapshot_comes_back_as_it_was(
    trainer_of: TrainerOf, changes: dict[str, object], wishes: Wishes, steps: int
) -> None:
    snapshot = snapshot_of(trainer_of(changes), wishes, steps)
    assert equal(unpack(pack(snapshot), "file"), snapshot)


def test_that_marks_are_left_out(trainer_of: TrainerOf) -> None:
    trainer = trainer_of()
    next(trainer)
    trainer.apply(replace(trainer.experiment, "training.rate", 0.5))
    snapshot = snapshot_of(trainer, Wishes())
    assert snapshot.curves.marks
    back = unpack(pack(snapshot), "file")
    assert back.curves.marks == ()
    assert back.experiment.training.rate == 0.5


@pytest.mark.parametrize("data", [b"", b"PK", b"something else entirely", b"\x93NUMPY\x01\x00"])
def test_that_other_files_are_refused(data: bytes) -> None:
    with pytest.raises(InvalidInput, match=r"^file: is not a snapshot, or is damaged"):
        unpack(data, "file")


def test_that_a_single_array_and_another_archive_are_refused() -> None:
    array, archive, pickled = io.BytesIO(), io.BytesIO(), io.BytesIO()
    np.save(array, np.ones(3))
    np.savez(archive, step=np.array(3))
    np.savez(pickled, step=np.array([{"a": 1}], dtype=object))
    for data in (array, archive, pickled):
        with pytest.raises(InvalidInput, match=r"^file: is not a snapshot, or is damaged"):
            unpack(data.getvalue(), "file")


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7), cut=st.booleans())
def test_that_a_cut_or_a_flipped_bit_gives_the_same_numbers_or_is_refused(
    trainer_of: TrainerOf, share: float, bit: int, cut: bool
) -> None:
    snapshot = _kept.get("snapshot") or snapshot_of(trainer_of(), Wishes(pictures=(1, 2)))
    _kept["snapshot"] = snapshot
    data = bytearray(pack(snapshot))
    place = int(share * len(data))
    if cut:
        del data[place:]
    else:
        data[place] ^= 1 << bit
    try:
        back = unpack(bytes(data), "file")
    except InvalidInput as error:
        assert str(error).startswith("file: ")
    else:  # dates and the like
        assert not cut and equal(back.curves, snapshot.curves) and equal(back.codes, snapshot.codes)


_kept: dict[str, Snapshot] = {}
