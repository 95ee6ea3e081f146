"""Windows are killed at random moments, and what the next one offers is what was safe, and whole."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from restless import number_of
from student import Student

from aegui.data.load import load_dataset
from aegui.runs.folder import RunFolder
from aegui.runs.names import CHECKPOINT
from aegui.runs.reading import has, read_state
from aegui.runs.sessions import sessions_folder
from aegui.spec import Experiment
from aegui.training.checkpoint import read_checkpoint
from aegui.training.trainer import Trainer

pytestmark = [pytest.mark.journey, pytest.mark.long]

OpenWindow = Callable[[Experiment], Student]
_PHASES = {  # seconds from a line, or from the start, in which the window is killed
    "": 8.0,  # it opens, and edits
    "started": 3.0,  # it edits, trains, and writes states all the time
    "closing": 0.6,
}


class Restless:
    """One window, what it has said, and its end."""

    def __init__(self, seed: int, folder: Path) -> None:
        command = [sys.executable, str(Path(__file__).parent / "restless.py"), str(seed)]
        self.lines: list[str] = []
        self._said = threading.Condition()
        self._process = subprocess.Popen(
            [*command, str(folder / "settings.json")], stdout=subprocess.PIPE, encoding="utf-8"
        )
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            with self._said:
                self.lines.append(line.strip())
                self._said.notify_all()

    def killed(self, after: str, seconds: float) -> None:
        """Kills it some time after it has said something."""
        with self._said:
            assert not after or self._said.wait_for(lambda: after in self.lines, timeout=120)
        with self._said:
            self._said.wait_for(lambda: self.lines[-1:] == ["closed"], timeout=seconds)
        self._process.kill()
        self._thread.join()
        assert self._process.wait() in (-9, 0)
        assert self._process.stdout is not None
        self._process.stdout.close()

    def last(self, word: str) -> int:
        """The number that was said last with a word, -1 if there was none."""
        return max((int(line.split()[1]) for line in self.lines if line.startswith(f"{word} ")), default=-1)


def is_undisturbed(run: Path) -> int:
    """The step at which a run stands, where a trainer that nobody has disturbed has to stand as well."""
    experiment, checkpoint, _ = read_state(run)
    _, tensors = read_checkpoint(checkpoint, "checkpoint")
    dataset = load_dataset(experiment.data, experiment.seed)
    restored, whole = Trainer(experiment, dataset), Trainer(experiment, dataset)
    RunFolder.open(run).restore(restored)
    for _ in range(restored.step):
        next(whole)
    whole.flush()
    for name, tensor in whole.model.state_dict().items():
        assert tensors[f"model.{name}"].equal(tensor)
    for mine, theirs in (
        (restored.history.batch, whole.history.batch),
        (restored.history.test, whole.history.test),
    ):
        assert mine.prefix().tobytes() == theirs.prefix().tobytes()
    return restored.step


def check(victim: Restless, seed: int, student: Student, runs: Path) -> str:
    """That the next window has what was safe, nothing older, and nothing that never was; what it had."""
    window = student.window
    window.recovery.wait()
    safe = [run for run in runs.glob("*") if has(run, CHECKPOINT)]
    steps = [is_undisturbed(run) for run in safe]
    assert len(safe) <= 1 and max(steps, default=-1) >= victim.last("kept")
    if not window.recovery.left:
        assert "closing" in victim.lines or victim.last("saved") == -1
        return "nothing to restore"
    (left,) = window.recovery.left
    window.recovery.restore(left)
    shown = window.document.experiment
    assert shown.seed == seed
    # An edit may have been made, and its line not have been read any more.
    assert victim.last("saved") <= number_of(shown) <= victim.last("screen") + 1
    if left.session.run is None:
        assert "closing" in victim.lines or victim.last("kept") == -1 or steps
        return "the experiment"
    student.sees(lambda: window.session.has_run and not window.session.starting)
    assert [left.session.run] == safe and student.step == steps[0]
    assert student.step >= victim.last("kept")
    return "the experiment and its run"


def test_that_windows_that_are_killed_at_any_moment_come_back(
    open_window: OpenWindow,
    small: Experiment,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    pytestconfig: pytest.Config,
) -> None:
    chance, outcomes = random.Random(5), Counter[tuple[str, str]]()
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    for seed in range(pytestconfig.getoption("--window-kills")):
        folder = tmp_path / str(seed)
        folder.mkdir()
        monkeypatch.setenv("AEGUI_RUNS", str(folder / "runs"))
        monkeypatch.setenv("AEGUI_STATE", str(folder / "state"))
        after = [*_PHASES][seed % len(_PHASES)]
        victim = Restless(seed, folder)
        victim.killed(after, chance.uniform(0, _PHASES[after]))
        student = open_window(small)
        outcomes[after or "start", check(victim, seed, student, folder / "runs")] += 1
        student.window.document.undo_stack.setClean()
        student.window.close()
        assert not [*sessions_folder().glob("*/session.json")]
    print(*(f"{number} killed after {when}: {what}" for (when, what), number in outcomes.items()), sep="\n")
    assert any(what == "the experiment and its run" for _, what in outcomes)
