"""The toolkit that spoils files notices what it is made to notice."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from fuzzing import MiB, cuts, flips, in_bounds, lies, replaced, tried

from aegui.errors import InvalidInput

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="measures the memory as Linux tells it")
HERE = "test_fuzzing"


def refuse(path: str) -> None:
    raise InvalidInput(f"{path}: is bad")


def swell(size: str) -> int:
    return len(bytes(1) * int(size))


def stall(_: str) -> None:
    time.sleep(60)


def break_down(_: str) -> None:
    raise KeyError("a bug")


def test_that_damages_are_all_there() -> None:
    assert list(cuts(b"abc")) == [b"", b"a", b"ab"] and len(list(cuts(bytes(1000), 10))) == 10
    assert len(set(flips(b"abc"))) == 24 and len(list(flips(b"abcdef", -2))) == 16
    assert b"ab\xff\xff" in set(lies(b"abcd", 2)) and all(len(lie) == 4 for lie in lies(b"abcd"))
    assert replaced(b"abcd", 3, b"xyz") == b"abcx"


def test_that_outcomes_are_counted_and_bugs_are_raised(tmp_path: Path) -> None:
    def read(path: Path) -> None:
        if not path.read_bytes():
            refuse(str(path))

    assert str(tried(read, [b"", b"1", b""], tmp_path / "x")) == "3 tried: 1 read, 2 refused"
    with pytest.raises(KeyError):
        tried(lambda path: break_down(str(path)), [b"1"], tmp_path / "x")
    with pytest.raises(AssertionError, match="is bad"):
        tried(lambda path: refuse("another"), [b"1"], tmp_path / "x")


@linux_only
def test_that_a_process_is_held_to_its_bounds() -> None:
    assert in_bounds(f"{HERE}:refuse", "file").message == "file: is bad"
    with pytest.raises(AssertionError, match=r"takes 6\d MiB"):
        in_bounds(f"{HERE}:swell", str(64 * MiB), memory=16 * MiB)
    with pytest.raises(AssertionError, match="MemoryError"):
        in_bounds(f"{HERE}:swell", str(2**34), memory=16 * MiB)
    with pytest.raises(AssertionError, match="KeyError"):
        in_bounds(f"{HERE}:break_down", "file")
    with pytest.raises(subprocess.TimeoutExpired):
        in_bounds(f"{HERE}:stall", "file", seconds=2)
