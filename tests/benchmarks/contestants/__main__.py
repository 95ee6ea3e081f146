"""One contestant: says who it is, and then trains each time it is asked to.

    python -m tests.benchmarks.contestants bare '{"batch": 128}'

Questions are words on the standard input, answers are lines of JSON: ``train 2`` (epochs), ``score``, and
``memory`` for the most that the process has held.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

from tests.benchmarks.children import own_line, pin
from tests.benchmarks.contestants.contest import Contestant, Task
from tests.benchmarks.contestants.entrants import ENTRANTS, Entrant
from tests.benchmarks.memory import peak_mib


def main() -> None:
    name, facts = sys.argv[1], sys.argv[2]
    entrant, task, line = ENTRANTS[name], Task(**json.loads(facts)), own_line()
    if entrant.pinned:
        pin(task.threads)

    def say(**answer: Any) -> None:
        print(json.dumps(answer), file=line, flush=True)

    try:
        contestant = made(entrant, task)
        say(ready=name)
        for words in sys.stdin:
            say(**answer_of(contestant, words))
    except ImportError as error:
        say(failed=f"{error.name or name} is not installed" if error.name else str(error))
    except Exception as error:
        say(failed=f"{type(error).__name__}: {error}".splitlines()[0])


def made(entrant: Entrant, task: Task) -> Contestant:
    """Its libraries are loaded, and its data are in memory."""
    if entrant.uses_torch:
        import torch

        torch.set_num_threads(task.threads)
    make: Callable[..., Contestant] = getattr(import_module(entrant.module), entrant.cls)
    return make(task, *entrant.words)


def answer_of(contestant: Contestant, words: str) -> dict[str, Any]:
    """What it answers to one line."""
    match words.split():
        case ["train", epochs]:
            turn = contestant.train(int(epochs))
            return {"samples": turn.samples, "seconds": turn.seconds}
        case ["score"]:
            return {"mse": contestant.score()}
        case ["memory"]:
            return {"mib": peak_mib()}
    raise ValueError(f"no such question: {words.strip()}")


if __name__ == "__main__":
    main()
