"""Work beside the window: in which order it is done, in how many threads, and what comes of it."""

from __future__ import annotations

import threading

from pytestqt.qtbot import QtBot

from aegui.qt.background import Background


def test_that_what_waits_is_done_in_its_order_and_in_one_thread(qtbot: QtBot) -> None:
    background, free, heard = Background(), threading.Event(), []
    before = threading.active_count()
    background.run(lambda: free.wait(30), heard.append, heard.append)
    for number in range(50):
        background.run(lambda n=number: n, heard.append, heard.append)
    assert threading.active_count() == before + 1
    free.set()
    background.wait()
    assert heard == [True, *range(50)]
    background.run(lambda: "again", heard.append, heard.append)
    qtbot.waitUntil(lambda: heard[-1] == "again")


def test_that_what_fails_is_told_and_the_next_is_done(qtbot: QtBot) -> None:
    background, failed, done = Background(), [], []
    background.run(lambda: 1 // 0, done.append, lambda error, trace: failed.append((error, trace)))
    background.run(lambda: 2, done.append, lambda *_: None)
    background.wait()
    ((error, trace),) = failed
    assert isinstance(error, ZeroDivisionError) and "1 // 0" in trace and done == [2]
