"""What a window has left, in one line."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from aegui.qt.recovery_words import ago, words
from aegui.runs.sessions import Session
from aegui.spec import Experiment


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-3600, "just now"),  # the clock was put back
        (59, "just now"),
        (60, "1 minute ago"),
        (7199, "1 hour ago"),
        (3 * 86400, "3 days ago"),
    ],
)
def test_that_the_past_is_put_in_words(seconds: float, said: str) -> None:
    assert ago(seconds) == said


def test_that_a_long_title_leaves_room_for_what_there_is(tiny: Callable[..., Experiment]) -> None:
    session = Session(tiny({"title": "a" * 150}), None, True, Path("run"), 12345, time.time())
    held = "with unsaved changes and with its run at step 12,345, just now"
    assert words(session) == f"“{'a' * 150}” {held}"
    assert words(session, 40) == f"“{'a' * 39}…” {held}"
