"""Tasks: what they tell, how they are given up, and who hears of it."""

from __future__ import annotations

import threading

import pytest
from pytestqt.qtbot import QtBot

from aegui.errors import OperationFailed
from aegui.qt.tasks import Report, Task
from aegui.qt.widgets.task_line import TaskLine


@pytest.fixture
def task(qtbot: QtBot) -> Task:
    return Task()


def test_that_progress_parts_and_the_result_arrive_in_order(qtbot: QtBot, task: Task) -> None:
    heard: list[object] = []
    task.progressed.connect(lambda share, text: heard.append((share, text)))
    task.part_done.connect(heard.append)
    task.busy_changed.connect(heard.append)

    def work(report: Report) -> str:
        report.progress(0.5, "half")
        report.part(7)
        return "all"

    with qtbot.waitSignal(task.done) as done:
        task.start(work)
        assert task.busy
    assert done.args == ["all"]
    assert heard == [True, (0.5, "half"), 7, False] and not task.busy


def test_that_a_task_that_is_given_up_ends_at_its_next_report_and_is_not_heard_of(
    qtbot: QtBot, task: Task
) -> None:
    going, ended = threading.Event(), threading.Event()

    def work(report: Report) -> None:
        try:
            while True:
                report.progress(0.1)
                going.set()
        finally:
            ended.set()

    task.start(work)
    assert going.wait(10)
    with qtbot.assertNotEmitted(task.done), qtbot.assertNotEmitted(task.failed):
        task.cancel()
        assert not task.busy
        task.wait()
    assert ended.is_set()


def test_that_another_start_replaces_what_is_being_done(qtbot: QtBot, task: Task) -> None:
    going = threading.Event()

    def endless(report: Report) -> None:
        while True:
            report.progress(0.0)
            going.set()

    task.start(endless)
    assert going.wait(10)
    with qtbot.waitSignal(task.done) as done:
        task.start(lambda report: 42)
    assert done.args == [42]


def test_that_a_failure_arrives_with_a_traceback_only_if_it_is_a_bug(qtbot: QtBot, task: Task) -> None:
    def raises(error: Exception) -> object:
        def work(_report: Report) -> None:
            raise error

        return work

    for error, has_trace in ((OperationFailed("no room"), False), (ValueError("a bug"), True)):
        with qtbot.waitSignal(task.failed) as failed:
            task.start(raises(error))  # type: ignore[arg-type]
        assert failed.args[0] is error and bool(failed.args[1]) is has_trace
        assert not task.busy


def test_that_the_line_of_a_task_shows_how_far_it_is_and_can_give_it_up(qtbot: QtBot) -> None:
    line = TaskLine("the sweep")
    qtbot.addWidget(line)
    assert line.isHidden()
    line.show_busy(True)
    assert not line.isHidden() and line.bar.maximum() == 0  # not known yet how much there is
    line.show_progress(0.25, "2 of 8 sizes")
    assert line.bar.value() / line.bar.maximum() == 0.25 and line.text.text() == "2 of 8 sizes"
    with qtbot.waitSignal(line.cancelled):
        line.cancel.click()
    line.show_busy(False)
    assert line.isHidden()
