"""Processes that measure: each alone with its libraries, and told when it is its turn."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import Any, TextIO

from tests.benchmarks.surroundings import ROOT, environment

_PATIENCE = 900.0  # seconds for one answer


class NotMeasured(Exception):
    """Why there is no number."""


@dataclass(frozen=True)
class Done:
    """What a process has left."""

    status: int
    lines: list[str]  # of its standard output
    words: str  # the last line of its errors


def done(module: str, words: Sequence[str], *, threads: int = 1, patience: float = _PATIENCE) -> Done:
    """Runs a module of this package to its end. Raises NotMeasured if that does not come."""
    with _folder() as folder:
        try:
            ended = subprocess.run(
                [sys.executable, "-m", f"tests.benchmarks.{module}", *words],
                cwd=ROOT,
                env=environment(folder, threads),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=patience,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise NotMeasured(f"{module} was not done after {patience:.0f} s") from None
    return Done(ended.returncode, ended.stdout.splitlines(), _last_words(ended.stderr))


def answers(module: str, words: Sequence[str], *, threads: int = 1, patience: float = _PATIENCE) -> list[Any]:
    """The lines of JSON that a module of this package prints. Raises NotMeasured."""
    found = done(module, words, threads=threads, patience=patience)
    lines = [json.loads(line) for line in found.lines if line.startswith("{")]
    if found.status or not lines:
        raise NotMeasured(found.words or f"{module} ended with status {found.status}")
    return lines


class Child:
    """A process that does what it is asked for, one line of JSON for each.

    Nothing of it runs between its turns: it waits for a line on its standard input.
    """

    def __init__(self, module: str, words: Sequence[str], folder: Path, threads: int) -> None:
        self._errors = (folder / "errors").open("w+", encoding="utf-8", errors="replace")
        self._process = subprocess.Popen(
            [sys.executable, "-m", f"tests.benchmarks.{module}", *words],
            cwd=ROOT,
            env=environment(folder, threads),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
        )

    def ask(self, question: str = "", patience: float = _PATIENCE) -> Any:
        """What it answers; without a question, to what it was asked last. Raises NotMeasured."""
        out = self._process.stdout
        assert self._process.stdin is not None and out is not None
        try:
            if question:
                self._process.stdin.write(question + "\n")
                self._process.stdin.flush()
        except BrokenPipeError:
            raise NotMeasured(self._end()) from None
        limit = Timer(patience, self._process.kill)
        limit.start()
        line = out.readline()
        limit.cancel()
        if not line:
            raise NotMeasured(self._end())
        found = json.loads(line)
        if "failed" in found:
            raise NotMeasured(found["failed"])
        return found

    def close(self) -> None:
        """Lets it end, and ends it if it does not."""
        assert self._process.stdin is not None
        if not self._process.stdin.closed:
            with suppress(BrokenPipeError):
                self._process.stdin.close()
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._errors.close()

    def _end(self) -> str:
        status = self._process.wait(timeout=60)
        self._errors.seek(0)
        return _last_words(self._errors.read()) or f"it ended with status {status}"


@contextmanager
def child(module: str, words: Sequence[str], threads: int) -> Iterator[Child]:
    """A child that is closed afterwards."""
    with _folder() as folder:
        made = Child(module, words, folder, threads)
        try:
            yield made
        finally:
            made.close()


def own_line() -> TextIO:
    """Where a child's answers go: its standard output, which from now on nobody else writes to."""
    if sys.platform == "linux":
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    line = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return line


def pin(count: int) -> None:
    """Keeps this process on so many cores, where the system can."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:count])


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="aegui-benchmark-", ignore_cleanup_errors=True) as name:
        yield Path(name)


def _last_words(errors: str) -> str:
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    return lines[-1] if lines else ""
