"""Words for times."""

from __future__ import annotations

import pytest

from aegui.qt.progress import duration


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "0 s"),
        (42, "42 s"),
        (59.6, "1 min 00 s"),
        (185, "3 min 05 s"),
        (3599.7, "1 h 00 min"),
        (7800, "2 h 10 min"),
    ],
)
def test_that_times_are_said_as_people_say_them(seconds: float, words: str) -> None:
    assert duration(seconds) == words
