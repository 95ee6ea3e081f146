"""Whatever anybody does: no exception, no warning of Qt, nothing left behind.

The short form is part of every run. ``pytest -m long tests/journeys/monkey`` has 20,000 actions;
``--seed 3 --from 2100 --actions 50`` begins with the 2,100th of seed 3.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from monkey import SMALL, Monkey
from student import Student
from things import Things
from watch import Watch, kinds_of_widgets

Open = Callable[..., Student]
pytestmark = pytest.mark.journey

CHECK_EVERY = 50  # actions
REST_EVERY = 500  # actions, not in the short form: every view is made for it


@pytest.fixture
def let_loose(open_window: Open, tmp_path: Path, runs: Path) -> Callable[[int, int, int], Monkey]:
    """Opens a window on a small experiment, and lets the monkey act on it and close it."""

    def let(seed: int, start: int, count: int) -> Monkey:
        others = kinds_of_widgets()
        window = open_window(SMALL).window
        things = Things(tmp_path / "things", runs)
        monkey = Monkey(window, Watch(window, others), things, seed, tmp_path / "actions.log")
        try:
            for number in range(start, start + count):
                monkey.acts(number)
                if number % CHECK_EVERY == 0 or number == start + count - 1:
                    monkey.looks_around()
                if number % REST_EVERY == REST_EVERY - 1:
                    monkey.rests()
            monkey.closes()
        finally:
            monkey.end()
        return monkey

    return let


def test_that_a_monkey_cannot_break_the_window(let_loose: Callable[[int, int, int], Monkey]) -> None:
    assert let_loose(1, 0, 250).window.closed


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2, 6))
def test_that_a_monkey_cannot_break_the_window_in_the_long_run(
    let_loose: Callable[[int, int, int], Monkey], seed: int, request: pytest.FixtureRequest
) -> None:
    option = request.config.getoption
    chosen, start, count = option("seed", None), option("start", None), option("actions", None)
    if chosen is not None and seed != 2:
        pytest.skip("one seed was asked for")
    monkey = let_loose(chosen if chosen is not None else seed, start or 0, count or 5000)
    print(*monkey.watch.counts, sep="\n")
