"""What the machine is told, in processes of their own: it cannot be taken back."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from aegui.machine import memory_bytes, own_memory

glibc = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="is about glibc's heaps")

COUNT_HEAPS = """
import ctypes, sys, threading
from aegui.machine import share_one_heap

if sys.argv[2] == "one":
    share_one_heap()
libc = ctypes.CDLL(None)
libc.malloc.restype = libc.fopen.restype = ctypes.c_void_p
together = threading.Barrier(4)

def take():
    together.wait()  # one that has ended leaves its heap to the next
    libc.malloc(ctypes.c_size_t(1000))
    together.wait()

threads = [threading.Thread(target=take) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
file = ctypes.c_void_p(libc.fopen(sys.argv[1].encode(), b"w"))
libc.malloc_info(0, file)
libc.fclose(file)
"""

FREE_EVERY_OTHER = """
from aegui.machine import give_back_memory

def resident():
    return int(open("/proc/self/statm").read().split()[1]) * 4096

pieces = [b"1" * 100_000 for _ in range(2000)]
del pieces[::2]
before = resident()
give_back_memory()
print(before - resident())
"""

PREPARED = """
import gc, os, sys
from aegui.machine import prepare_for_window

prepare_for_window()
print(gc.isenabled(), sys.getswitchinterval(), os.environ.get("OPENBLAS_NUM_THREADS"))
"""

LET_GO_IN_TURN = """
import numpy as np
from aegui.machine import own_memory

def resident():
    return int(open("/proc/self/statm").read().split()[1]) * 4096

pieces = []
for _ in range(200):
    pieces.append(np.frombuffer(own_memory(200_000), np.uint8))
    pieces[-1][:] = 1
    pieces.append(b"1" * 1000)  # what keeps a heap from shrinking
before = resident()
del pieces[::2]
print(before - resident())
"""


def heaps(file: Path, how: str, **environment: str) -> int:
    """How many heaps there are once four threads have taken memory at the same time."""
    environ = {k: v for k, v in os.environ.items() if k != "MALLOC_ARENA_MAX"} | environment
    subprocess.run([sys.executable, "-c", COUNT_HEAPS, str(file), how], check=True, env=environ)
    return file.read_text().count("<heap nr")


def given_back(program: str) -> int:
    """Bytes by which a program has shrunk, as it prints them."""
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    return int(done.stdout)


@glibc
def test_that_threads_share_one_heap_once_it_was_asked_for(tmp_path: Path) -> None:
    assert heaps(tmp_path / "one", "one") == 1
    assert heaps(tmp_path / "many", "many") > 1


@glibc
def test_that_a_number_of_heaps_which_the_user_has_set_stays(tmp_path: Path) -> None:
    assert heaps(tmp_path / "set", "one", MALLOC_ARENA_MAX="3") == 3


@glibc
def test_that_memory_which_lies_free_between_what_is_in_use_is_given_back() -> None:
    assert given_back(FREE_EVERY_OTHER) > 50_000_000  # of the 100 MB that were freed


@pytest.mark.skipif(sys.platform != "linux", reason="reads what Linux tells of a process")
def test_that_memory_of_its_own_goes_back_as_soon_as_nobody_holds_it() -> None:
    assert given_back(LET_GO_IN_TURN) > 36_000_000  # of the 40 MB that were let go


def test_that_memory_which_is_not_to_be_had_is_told_as_such() -> None:
    with pytest.raises(MemoryError, match="1,152,921,504,606,846,976 bytes"):
        own_memory(2**60)


def test_that_the_memory_of_this_machine_is_known_where_the_system_tells() -> None:
    assert sys.platform != "linux" or (memory_bytes() or 0) > 2**28


def prepared(**environment: str) -> list[str]:
    """Whether Python collects, how long a thread's turn is, and the threads of numpy's linear algebra."""
    environ = {k: v for k, v in os.environ.items() if k != "OPENBLAS_NUM_THREADS"} | environment
    done = subprocess.run(
        [sys.executable, "-c", PREPARED], check=True, capture_output=True, text=True, env=environ
    )
    return done.stdout.split()


def test_that_a_window_is_not_kept_waiting_by_what_else_runs() -> None:
    collects, turn, threads = prepared()
    assert (collects, float(turn)) == ("False", 0.001)
    assert threads == ("1" if platform.machine().lower() in ("x86_64", "amd64") else "None")


def test_that_a_number_of_threads_which_the_user_has_set_stays() -> None:
    assert prepared(OPENBLAS_NUM_THREADS="3")[2] == "3"
