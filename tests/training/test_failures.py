"""Memory that is out and devices that fail, told apart from bugs and told to the user."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pytest
import torch

from aegui.errors import DeviceLost, InvalidExperiment, OutOfMemory
from aegui.spec import replace
from aegui.training import device
from aegui.training.checkpoint import checkpoint_bytes, restore
from aegui.training.evaluation import Rows
from aegui.training.failures import is_device_failure, is_out_of_memory, without_a_run
from aegui.training.frames import Frames
from aegui.training.host_copy import HostCopies
from aegui.training.observer import Observer
from aegui.training.snapshot import Wishes
from aegui.training.trainer import Trainer

TrainerOf = Callable[..., Trainer]
NO_MEMORY = [
    MemoryError(),
    np._core._exceptions._ArrayMemoryError((10**9,), np.dtype(float)),
    torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 200.00 GiB. GPU 0 has a total capacity of"),
    RuntimeError("[enforce fail at alloc_cpu.cpp:127] err == 0. DefaultCPUAllocator: can't allocate memory:"),
    RuntimeError(
        "[enforce fail at alloc_cpu.cpp:80] data. DefaultCPUAllocator: not enough memory: you tried"
    ),
    RuntimeError("MPS backend out of memory (MPS allocated: 8.00 GB, other allocations: 1.00 MB)"),
    RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"),
    RuntimeError("CUDA error: out of memory\nCUDA kernel errors might be asynchronously reported"),
]
FAILED = [
    ("cuda", "CUDA error: device-side assert triggered\nCUDA kernel errors might be reported later"),
    ("cuda", "CUDA error: uncorrectable ECC error encountered"),
    ("cuda", "CUDA error: unspecified launch failure"),
    ("cuda", "cuDNN error: CUDNN_STATUS_EXECUTION_FAILED"),
    ("cuda", "CUDA error: CUBLAS_STATUS_EXECUTION_FAILED when calling `cublasSgemm(...)`"),
    ("mps", "MPS device failed: the command buffer exited with error status"),
]


@pytest.fixture(autouse=True)
def no_device_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test says of devices is forgotten afterwards."""
    monkeypatch.setattr(device, "_lost", set())


@pytest.mark.parametrize("error", NO_MEMORY, ids=lambda e: str(e)[:40])
def test_that_memory_that_is_out_is_known_on_every_device(error: Exception) -> None:
    assert is_out_of_memory(error)
    assert not any(is_device_failure(error, name) for name in ("cpu", "cuda", "mps"))


@pytest.mark.parametrize(("name", "text"), FAILED)
def test_that_a_failed_device_is_known_by_its_words_and_the_processor_never_is(name: str, text: str) -> None:
    error = RuntimeError(text)
    assert is_device_failure(error, name) and not is_out_of_memory(error)
    assert not is_device_failure(error, "cpu")


def test_that_a_bug_stays_one(trainer_of: TrainerOf) -> None:
    trainer = trainer_of()
    for error in (
        RuntimeError("mat1 and mat2 shapes cannot be multiplied (32x64 and 65x6)"),
        KeyError("code"),
    ):
        assert trainer.explained(error) is error


def test_that_memory_that_is_out_names_batch_and_the_widest_layer(trainer_of: TrainerOf) -> None:
    layers = [{"kind": "dense", "units": 6}, {"kind": "dense", "units": 9}]
    trainer = trainer_of({"architecture.encoder": layers, "training.batch": 50})
    next(trainer)
    error = trainer.explained(MemoryError())
    assert isinstance(error, OutOfMemory) and error.exit_status == 1
    assert str(error) == (
        "device cpu: out of memory, so the run was stopped, and the weights of step 1 are kept; lower"
        " training.batch, now 50, or architecture.encoder[1].units, now 9"
    )
    assert error.paths == ("training.batch", "architecture.encoder[1].units")


LIMITED = """
import resource, sys
import torch
from aegui.data.load import load_dataset
from aegui.errors import OutOfMemory
from aegui.spec import replace_all
from aegui.spec.presets import preset
from aegui.training.trainer import Trainer

digits, layers = {"data.source": "digits"}, "architecture.encoder"
wide = digits | {layers: [{"kind": "dense", "units": 60000}], "training.batch": 1400}
narrow = digits | {layers: [{"kind": "dense", "units": 60}], "training.batch": 32}
experiment = preset("undercomplete").experiment
dataset = load_dataset(replace_all(experiment, wide).data, 0)
trainer = Trainer(replace_all(experiment, wide), dataset)  # 200 MB
before = [p.clone() for p in trainer.model.parameters()]
used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + 2**29,) * 2)  # a step takes 336 MB for each activation
try:
    next(trainer)
except OutOfMemory as error:
    print(error)
assert trainer.step == 0 and all(map(torch.equal, before, trainer.model.parameters()))
del trainer, before
again = Trainer(replace_all(experiment, narrow), dataset)
for _ in range(5):
    next(again)
print("went on to step", again.step)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="a limit that Linux has")
def test_that_a_run_without_enough_memory_stops_and_a_smaller_one_goes_on() -> None:
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"}
    command = [sys.executable, "-W", "error", "-c", LIMITED]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120, env=environment)
    first, second = done.stdout.splitlines()
    assert first == (
        "device cpu: out of memory, so the run was stopped; lower training.batch, now 1,400,"
        " or architecture.encoder[0].units, now 60,000"
    )
    assert second == "went on to step 5"


def on_a_card(trainer: Trainer) -> Trainer:
    """A trainer whose numbers are where they are, but which takes its device for a graphics card."""
    trainer.device = torch.device("cuda")
    return trainer


def lost(trainer: Trainer) -> DeviceLost:
    error = trainer.explained(RuntimeError("CUDA error: unspecified launch failure\nmore words"))
    assert isinstance(error, DeviceLost)
    return error


def test_that_a_run_whose_device_fails_goes_on_from_its_last_copy_as_if_nothing_had_happened(
    trainer_of: TrainerOf,
) -> None:
    trainer, whole = trainer_of({"training.epochs": 4}), trainer_of({"training.epochs": 4})
    frames = Frames()
    for _ in range(6):
        next(trainer)
        frames.offer(trainer)
    on_a_card(trainer)._copy_to_host()
    trainer.device = torch.device("cpu")
    for _ in range(4):
        next(trainer)
        frames.offer(trainer)
    error = lost(on_a_card(trainer))
    assert error.step == trainer.step == 6 and trainer.device.type == "cpu"
    assert (
        "step 6" in str(error)
        and "unspecified launch failure" in str(error)
        and "more words" not in str(error)
    )
    assert "set training.device to cpu" in str(error)
    assert len(trainer.history.batch) == 6 and len(trainer.history.test) == trainer.epoch + 1
    frames.offer(trainer)
    assert frames.steps.tolist() == [*range(1, 7)]
    for _ in trainer:
        pass
    for _ in whole:
        pass
    for mine, theirs in zip(trainer.model.parameters(), whole.model.parameters(), strict=True):
        assert torch.equal(mine, theirs)
    np.testing.assert_array_equal(trainer.history.test.prefix(), whole.history.test.prefix())
    np.testing.assert_array_equal(trainer.history.train.prefix(), whole.history.train.prefix())


@pytest.mark.parametrize("copied", [0, 2])
def test_that_a_live_change_after_the_last_copy_holds_from_there(trainer_of: TrainerOf, copied: int) -> None:
    trainer = trainer_of()
    for _ in range(copied):
        next(trainer)
    on_a_card(trainer)._copy_to_host()
    trainer.device = torch.device("cpu")
    next(trainer)
    trainer.apply(replace(trainer.experiment, "training.rate", 0.02))
    next(trainer)
    lost(on_a_card(trainer))
    assert trainer.step == copied and trainer.experiment.training.rate == 0.02
    marks = [(mark.step, mark.path, mark.value) for mark in trainer.history.marks]
    assert marks == ([(2, "training.rate", 0.02)] if copied else [])  # from the start it is no change


def test_that_what_looks_at_a_run_follows_it_from_a_failed_device(trainer_of: TrainerOf) -> None:
    trainer = trainer_of()
    observer = Observer(trainer)
    for _ in range(5):
        next(trainer)
        observer.frames.offer(trainer)
    on_a_card(trainer)._copy_to_host()
    trainer.device, frame = torch.device("cpu"), observer.frames.nearest(2)
    assert frame is not None
    before = observer.replay(frame, Wishes(pictures=(0,)))
    model = observer._replaying._model
    lost(on_a_card(trainer))
    again = observer.replay(frame, Wishes(pictures=(0,)))
    assert observer._replaying._model is not model
    assert before.pictures is not None and again.pictures is not None
    np.testing.assert_array_equal(before.pictures.reconstruction, again.pictures.reconstruction)
    snapshot = observer.snapshot(Wishes(pictures=(0,)), fresh=True)
    assert snapshot.step == 5 and snapshot.codes is not None and snapshot.codes.step == 5


def test_that_a_failed_device_is_not_taken_again(trainer_of: TrainerOf) -> None:
    trainer = trainer_of()
    on_a_card(trainer)._copy_to_host()
    lost(trainer)
    assert device.pick_device("auto").type != "cuda"
    with pytest.raises(InvalidExperiment) as caught:
        device.pick_device("cuda")
    (problem,) = caught.value.problems
    assert (
        problem.path == "training.device" and "has failed" in problem.message and '"cpu"' in problem.message
    )


def test_that_a_copy_with_numbers_that_are_not_finite_is_none_to_go_on_from(trainer_of: TrainerOf) -> None:
    trainer, copies = trainer_of(), HostCopies()
    next(trainer)
    copies.renew(trainer.model, trainer.optimizer, 1, 1, 0.0)
    assert not copies.due and copies.last is not None
    next(trainer)
    with torch.no_grad():
        trainer.model.code.bias.fill_(float("nan"))
    copies.renew(trainer.model, trainer.optimizer, 2, 2, 0.0)
    assert copies.last.step == 1


def test_that_a_copy_stays_as_it_was(trainer_of: TrainerOf) -> None:
    trainer, copies = trainer_of(), HostCopies()
    next(trainer)
    copies.renew(trainer.model, trainer.optimizer, 1, 1, 0.0)
    assert copies.last is not None
    before = copies.last.model["code.weight"].clone(), copies.last.optimizer["state"][0]["exp_avg"].clone()
    next(trainer)
    assert torch.equal(before[0], copies.last.model["code.weight"])
    assert torch.equal(before[1], copies.last.optimizer["state"][0]["exp_avg"])


def test_that_an_epoch_whose_end_found_no_memory_is_ended_later(
    trainer_of: TrainerOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    trainer, whole = trainer_of(), trainer_of()
    for _ in range(trainer.steps_per_epoch - 1):
        next(trainer)
    with monkeypatch.context() as patch:
        patch.setattr(Rows, "add", _no_memory)
        with pytest.raises(OutOfMemory):
            next(trainer)
    assert trainer.model.training and trainer.step == trainer.steps_per_epoch
    for _ in trainer:
        pass
    for _ in whole:
        pass
    np.testing.assert_array_equal(trainer.history.test.prefix(), whole.history.test.prefix())
    np.testing.assert_array_equal(trainer.history.train.prefix(), whole.history.train.prefix())


@pytest.mark.parametrize("epochs", [1, 3])
def test_that_a_run_whose_epoch_was_not_ended_is_taken_up_where_it_was(
    trainer_of: TrainerOf, monkeypatch: pytest.MonkeyPatch, epochs: int
) -> None:
    changes = {"training.epochs": epochs}
    trainer, again, whole = (trainer_of(changes) for _ in range(3))
    for _ in range(trainer.steps_per_epoch - 1):
        next(trainer)
    with monkeypatch.context() as patch:
        patch.setattr(Rows, "add", _no_memory)
        with pytest.raises(OutOfMemory):
            next(trainer)
    assert not trainer.finished
    restore(again, checkpoint_bytes(trainer), "checkpoint")
    assert not again.finished and next(again) == trainer.step
    for _ in again:
        pass
    for _ in whole:
        pass
    assert again.finished
    np.testing.assert_array_equal(again.history.test.prefix(), whole.history.test.prefix())
    np.testing.assert_array_equal(again.history.train.prefix(), whole.history.train.prefix())


def _no_memory(*_: object, **__: object) -> None:
    raise MemoryError


def test_that_work_beside_a_run_tells_memory_and_devices_too() -> None:
    assert str(without_a_run(MemoryError())).startswith("out of memory: ")
    told = without_a_run(RuntimeError("CUDA error: an illegal memory access was encountered"))
    assert isinstance(told, DeviceLost) and told.step is None and "start the run again" in str(told)
    bug = RuntimeError("dictionary changed size during iteration")
    assert without_a_run(bug) is bug


def test_that_no_moment_is_kept_whose_weights_are_not_finite(trainer_of: TrainerOf) -> None:
    trainer, frames = trainer_of(), Frames()
    next(trainer)
    frames.offer(trainer)
    next(trainer)
    with torch.no_grad():
        trainer.model.code.bias.fill_(float("inf"))
    frames.offer(trainer)
    assert frames.steps.tolist() == [1]
