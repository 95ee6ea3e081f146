"""The kept moments of a run: which, how many, and that they are what the network was."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from aegui.errors import InvalidInput
from aegui.spec import replace
from aegui.training.frames import MOST, Frame, Frames
from aegui.training.trainer import Trainer

TrainerOf = Callable[..., Trainer]


def trained(trainer: Trainer, frames: Frames, steps: int) -> dict[int, dict[str, torch.Tensor]]:
    """Every state that the network had, by step."""
    states = {}
    for step in range(steps + 1):
        if step:
            next(trainer)
        frames.offer(trainer)
        states[trainer.step] = {k: v.clone() for k, v in trainer.model.state_dict().items()}
    return states


def equal(left: dict[str, torch.Tensor], right: dict[str, torch.Tensor]) -> bool:
    return left.keys() == right.keys() and all(torch.equal(left[k], right[k]) for k in left)


def test_that_a_frame_holds_the_weights_of_its_step(trainer_of: TrainerOf) -> None:
    frames = Frames()
    states = trained(trainer_of(), frames, 9)
    assert frames.steps.tolist() == list(range(10))
    for step, state in states.items():
        frame = frames.nearest(step)
        assert frame is not None and frame.step == step and equal(frame.weights, state)


class Run:
    """What of a trainer a frame is made from."""

    experiment = None

    def __init__(self, weights: dict[str, torch.Tensor]) -> None:
        self.step = self.weights_step = 0
        self.model = self
        self._weights = weights

    def state_dict(self) -> dict[str, torch.Tensor]:
        return self._weights


def test_that_a_frame_is_one_piece_of_memory_of_its_own() -> None:
    run = Run(
        {"w": torch.rand(3, 5), "count": torch.tensor(7), "none": torch.empty(0), "seen": torch.rand(9) > 0.5}
    )
    frames = Frames()
    for run.step in range(3):
        run.weights_step = run.step
        frames.offer(run)  # type: ignore[arg-type]
    kept = [frame.weights for frame in map(frames.nearest, range(3)) if frame is not None]
    assert all(equal(weights, run.state_dict()) for weights in kept)
    pieces = [{t.untyped_storage().data_ptr() for t in weights.values()} for weights in kept]
    assert [len(piece) for piece in pieces] == [1, 1, 1] and len(set.union(*pieces)) == 3


def test_that_the_nearest_moment_is_found_and_none_where_there_is_none(trainer_of: TrainerOf) -> None:
    frames = Frames()
    assert frames.nearest(3) is None
    trained(trainer_of(), frames, 4)
    nearest = frames.nearest(100)
    assert nearest is not None and nearest.step == 4


@settings(max_examples=40, deadline=None)
@given(room=st.integers(3, 40), steps=st.integers(1, 400))
def test_that_moments_stay_within_their_room_and_evenly_spaced(room: int, steps: int) -> None:
    frames, run = Frames(budget=room * 40), Run({"w": torch.zeros(10)})
    for run.step in range(steps + 1):
        run.weights_step = run.step
        frames.offer(run)  # type: ignore[arg-type]
    kept = frames.steps
    assert 1 <= len(kept) <= min(room, MOST) and frames.nbytes <= max(room, 3) * 40
    assert kept[0] == 0 and len(set(np.diff(kept).tolist())) <= 1
    assert len(kept) > room // 2 or len(kept) == steps + 1
    assert steps - kept[-1] < (kept[1] - kept[0] if len(kept) > 1 else 1)


def test_that_frames_survive_the_disk(trainer_of: TrainerOf) -> None:
    frames = Frames()
    states = trained(trainer_of({"noise.kind": "gaussian"}), frames, 6)
    back = Frames.unpack(frames.pack(), "frames")
    assert back.steps.tolist() == frames.steps.tolist()
    for step, state in states.items():
        frame, before = back.nearest(step), frames.nearest(step)
        assert frame is not None and before is not None
        assert equal(frame.weights, state) and frame.experiment == before.experiment


def test_that_a_small_disk_keeps_the_first_and_the_last_moment(trainer_of: TrainerOf) -> None:
    frames = Frames()
    trained(trainer_of(), frames, 11)
    each = frames.nbytes // len(frames)
    back = Frames.unpack(frames.pack(budget=4 * each), "frames")
    assert len(back) == 4 and back.steps[0] == 0 and back.steps[-1] == 11


def test_that_a_run_taken_up_again_goes_on_with_its_frames(trainer_of: TrainerOf) -> None:
    frames = Frames()
    trainer = trainer_of()
    trained(trainer, frames, 5)
    back = Frames.unpack(frames.pack(), "frames")
    trained(trainer, back, 3)
    assert back.steps.tolist() == list(range(9))


def test_that_a_damaged_file_of_frames_is_refused(trainer_of: TrainerOf) -> None:
    frames = Frames()
    trained(trainer_of(), frames, 2)
    data = frames.pack()
    for cut in (0, 7, len(data) // 2, len(data) - 1):
        with pytest.raises(InvalidInput, match=r"^frames: "):
            Frames.unpack(data[:cut], "frames")
    assert isinstance(frames.nearest(0), Frame)


def test_that_a_live_change_at_a_kept_step_belongs_to_its_moment(trainer_of: TrainerOf) -> None:
    frames, trainer = Frames(), trainer_of({"noise.kind": "gaussian"})
    trained(trainer, frames, 2)
    trainer.apply(replace(trainer.experiment, "noise.sigma", 0.1))
    frames.follow(trainer)
    kept = [frames.nearest(step) for step in (1, 2)]
    assert [f.experiment.noise.sigma for f in kept if f is not None] == [0.3, 0.1]
    assert frames.steps.tolist() == [0, 1, 2]
