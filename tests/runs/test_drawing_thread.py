"""Figures are asked for by many threads, and drawn in one."""

from __future__ import annotations

import os
import sys
import threading

import pytest
from matplotlib.figure import Figure

from aegui.runs.figure_file import Facts, figure_bytes


@pytest.mark.skipif(sys.platform != "linux", reason="counts open files as Linux lists them")
def test_that_threads_which_ask_for_figures_leave_no_file_open() -> None:
    drawn: list[bytes] = []

    def draw() -> None:
        figure = Figure(figsize=(2, 1))
        figure.subplots().set_xlabel("code $z_1$")
        drawn.append(figure_bytes(figure, "png", Facts("A figure", "of nothing", (), "")))
        together.wait()  # a thread that has ended would lend its number to the next

    for count in (1, 6):
        before, together = len(os.listdir("/proc/self/fd")), threading.Barrier(count)
        threads = [threading.Thread(target=draw) for _ in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(drawn) == 7 and len(os.listdir("/proc/self/fd")) == before
