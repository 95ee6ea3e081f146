"""Weights of earlier steps, thinned as a run grows: every view can show them again."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

import numpy as np
import torch
from torch import Tensor

from aegui.errors import InvalidInput
from aegui.machine import own_memory
from aegui.spec import Experiment, dumps, foreign_paths, loads
from aegui.training.checked import check_count, check_fit
from aegui.training.kept_weights import all_finite
from aegui.training.snapshot import FRAME_DISK, FRAME_MEMORY, Ints
from aegui.training.tensor_file import pack_tensors, unpack_tensors
from aegui.training.trainer import Trainer

MOST = 240  # frames: as many as a slider of usual width has places for
FEWEST = 3  # the first, one between and the last one, whatever they take
_ALIGNMENT = 64  # bytes, at which a tensor begins


class Frame:
    """The weights at one step, and the experiment with its live changes up to then."""

    def __init__(self, step: int, experiment: Experiment, weights: dict[str, Tensor]) -> None:
        self.step, self.experiment, self.weights = step, experiment, weights

    @property
    def nbytes(self) -> int:
        """Memory of the weights."""
        return sum(t.numel() * t.element_size() for t in self.weights.values())


class Frames:
    """Evenly spaced moments of a run: a frame every ``stride`` steps, which doubles when there is no room.

    From the second half of the room on there are always at least half as many as fit.
    """

    def __init__(self, budget: int = FRAME_MEMORY) -> None:
        self._budget = budget
        self._stride = 1
        self._frames: list[Frame] = []

    def __len__(self) -> int:
        return len(self._frames)

    @property
    def steps(self) -> Ints:
        """The steps that are kept, in order."""
        return np.array([frame.step for frame in self._frames], np.int64)

    @property
    def nbytes(self) -> int:
        """Memory that the frames take."""
        return len(self._frames) * self._frames[0].nbytes if self._frames else 0

    def offer(self, trainer: Trainer) -> None:
        """Keeps the weights as they are now, if it is their turn."""
        while self._frames and self._frames[-1].step > trainer.step:  # it came back from a failed device
            self._frames.pop()
        step = trainer.weights_step
        if step % self._stride == 0 and (not self._frames or self._frames[-1].step < step):
            frame = _frame(trainer)
            if all_finite(frame.weights.values()):  # others would show nothing: the run is about to diverge
                self._keep(frame)

    def follow(self, trainer: Trainer) -> None:
        """A live change at a step that is kept already: the moment is one of the changed experiment."""
        if self._frames and self._frames[-1].step == trainer.step:
            self._frames[-1] = Frame(trainer.step, trainer.experiment, self._frames[-1].weights)

    @property
    def experiments(self) -> tuple[Experiment, ...]:
        """What was trained at each of them."""
        return tuple(frame.experiment for frame in self._frames)

    def nearest(self, step: int) -> Frame | None:
        """The frame that is closest to a step, None if there is none."""
        return min(self._frames, key=lambda frame: abs(frame.step - step), default=None)

    def of_other(self, change: Callable[[Experiment], Experiment]) -> Frames:
        """The same weights of a run whose experiment is another one now, as its data have moved."""
        other = Frames(self._budget)
        other._adopt([Frame(f.step, change(f.experiment), f.weights) for f in self._frames])
        return other

    def pack(self, budget: int = FRAME_DISK) -> bytes:
        """The frames as one safetensors file of about that size at most, thinned evenly if need be."""
        frames = self._thinned(budget)
        tensors = {f"{f.step}.{name}": t for f in frames for name, t in f.weights.items()}
        experiments: list[str] = []
        of = []
        for text in (dumps(f.experiment) for f in frames):
            if text not in experiments:
                experiments.append(text)
            of.append(experiments.index(text))
        facts = {"steps": [f.step for f in frames], "experiments": experiments, "experiment_of": of}
        return pack_tensors(tensors, json.dumps(facts))

    @classmethod
    def unpack(cls, data: bytes, source: str, budget: int = FRAME_MEMORY) -> Frames:
        """The inverse of :meth:`pack`. Raises InvalidInput if the file is damaged."""
        tensors, text = unpack_tensors(data, source)
        found = cls(budget)
        try:
            facts = json.loads(text)
            steps = [check_count({"step": step}, "step") for step in facts["steps"]]
            if len(set(steps)) < len(steps) or len(steps) > MOST:
                raise ValueError(f"it must have at most {MOST} different steps, has {len(steps)}")
            experiments = [loads(t, source) for t in facts["experiments"][: len(steps)]]
            weights: dict[int, dict[str, Tensor]] = {step: {} for step in steps}
            for name in [*tensors]:
                step, _, key = name.partition(".")
                weights[int(step)][key] = tensors.pop(name)
            pairs = zip(steps, facts["experiment_of"], strict=True)
            frames = [Frame(s, experiments[i], _apart(weights.pop(s))) for s, i in pairs]
        except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
            raise InvalidInput(f"{source}: does not hold the frames of a run: {error}") from None
        found._adopt(frames)
        return found

    def check(self, trainer: Trainer, source: str) -> None:
        """Raises InvalidInput unless these are moments of the run of a trainer."""
        wanted = trainer.model.state_dict()
        for frame in self._frames:
            if foreign := foreign_paths(frame.experiment, trainer.experiment):
                words = f"is of another experiment, which differs in {', '.join(foreign)}"
                raise InvalidInput(f"{source}: step {frame.step:,} {words}")
            try:
                check_fit(frame.weights, wanted)
            except ValueError as error:
                raise InvalidInput(f"{source}: step {frame.step:,} does not fit its run: {error}") from None

    def _adopt(self, frames: list[Frame]) -> None:
        self._frames = sorted(frames, key=lambda frame: frame.step)
        gaps = np.diff(self.steps)
        widest = int(gaps.max(initial=1))
        self._stride = 2 ** int(np.ceil(np.log2(max(widest, 1))))

    def _keep(self, frame: Frame) -> None:
        self._frames.append(frame)
        room = max(FEWEST, min(MOST, self._budget // max(frame.nbytes, 1)))
        while len(self._frames) > room:
            self._stride *= 2
            kept = [f for f in self._frames if f.step % self._stride == 0]
            # Those of a run that was taken up again may lie between: then every second one goes.
            self._frames = kept if len(kept) < len(self._frames) else self._frames[::2]

    def _thinned(self, budget: int) -> list[Frame]:
        each = self._frames[0].nbytes if self._frames else 1
        room = max(FEWEST, budget // max(each, 1))
        if len(self._frames) <= room:
            return self._frames
        chosen = np.unique(np.linspace(0, len(self._frames) - 1, room).round().astype(int))
        return [self._frames[i] for i in chosen]


def _frame(trainer: Trainer) -> Frame:
    return Frame(trainer.weights_step, trainer.experiment, _apart(trainer.model.state_dict()))


@torch.no_grad()
def _apart(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Copies on the processor, all in one piece of memory, which is free for others when they go."""
    starts = np.cumsum([0, *(-(-t.nbytes // _ALIGNMENT) * _ALIGNMENT for t in tensors.values())]).tolist()
    whole = torch.frombuffer(own_memory(max(starts[-1], 1)), dtype=torch.uint8)
    copies = {}
    for start, (name, t) in zip(starts, tensors.items(), strict=False):  # behind the last one is the end
        copies[name] = whole[start : start + t.nbytes].view(t.dtype).view(t.shape).copy_(t)
    return copies
