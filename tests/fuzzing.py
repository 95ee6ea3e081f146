"""Ways to spoil a file, and what has to come of it: a value, or a message for the user.

Cuts, flips and lies go through a file in order and need no luck; ``damaged`` draws mixtures of them.
``tried`` counts what came of many spoilt files, ``in_bounds`` calls a reader in a process of its own,
with a limit on time and memory. Called as a program, this file is that process.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import strategies as st

from aegui.errors import AeguiError

Read = Callable[[Path], object]

MiB = 2**20

_EXTREMES = (
    0,
    1,
    0x7F,
    0x80,
    0xFF,
    0x7FFF,
    0x8000,
    0xFFFF,
    2**31 - 1,
    2**31,
    2**32 - 1,
    2**63 - 1,
    2**64 - 1,
)
_WIDTHS = (1, 2, 4, 8)  # bytes of numbers in headers
_GUARD = 8  # times the memory that is allowed, as addresses: threads and libraries reserve more than they use


def cuts(content: bytes, most: int | None = None) -> Iterator[bytes]:
    """The file at every shorter length; of a long one ``most`` lengths, evenly spread."""
    step = 1 if most is None else max(1, len(content) // most)
    return (content[:length] for length in range(0, len(content), step))


def flips(content: bytes, start: int = 0, end: int | None = None) -> Iterator[bytes]:
    """The file with every single bit of the bytes from ``start`` to ``end`` turned over."""
    for place in range(*slice(start, end).indices(len(content))):
        for bit in range(8):
            yield replaced(content, place, bytes([content[place] ^ 1 << bit]))


def lies(content: bytes, start: int = 0, end: int | None = None) -> Iterator[bytes]:
    """The file with extreme numbers of 1 to 8 bytes, of both byte orders, at each of these places.

    Wherever a header has a length, a count or an offset, it is thus said to be nothing or enormous.
    """
    for place in range(*slice(start, end).indices(len(content))):
        yield from {replaced(content, place, number): None for number in _numbers()}


def replaced(content: bytes, place: int, piece: bytes) -> bytes:
    """The file with a piece written over what stood there, as far as it reaches."""
    return content[:place] + piece[: len(content) - place] + content[place + len(piece) :]


def _numbers() -> Iterator[bytes]:
    for width in _WIDTHS:
        for number in _EXTREMES:
            if number < 2 ** (8 * width):
                yield number.to_bytes(width, "big")
                yield number.to_bytes(width, "little")


def damaged(content: bytes, other: bytes = b"") -> st.SearchStrategy[bytes]:
    """The file after some edits: pieces removed, doubled, overwritten, or brought from an ``other`` one."""
    return st.lists(_edit(other or content), min_size=1, max_size=6).map(
        lambda edits: _edited(content, edits)
    )


Edit = Callable[[bytes], bytes]


def _edit(other: bytes) -> st.SearchStrategy[Edit]:
    share = st.floats(0, 1)
    length = st.integers(0, 40)
    pieces = st.one_of(st.binary(max_size=8), st.sampled_from(sorted(set(_numbers()))))
    return st.one_of(
        st.builds(lambda at: lambda old: old[: _at(old, at)], share),
        st.builds(lambda at, n: lambda old: old[: _at(old, at)] + old[_at(old, at) + n :], share, length),
        st.builds(lambda at, new: lambda old: replaced(old, _at(old, at), new), share, pieces),
        st.builds(lambda at, new: lambda old: old[: _at(old, at)] + new + old[_at(old, at) :], share, pieces),
        st.builds(lambda at, n: lambda old: old[: _at(old, at) + n] + old[_at(old, at) :], share, length),
        st.builds(lambda at, to: lambda old: old[: _at(old, to)] + other[_at(other, at) :], share, share),
        st.builds(
            lambda at, bit: (
                lambda old: (
                    replaced(old, _at(old, at), bytes([old[_at(old, at)] ^ 1 << bit]))
                    if _at(old, at) < len(old)
                    else old
                )
            ),
            share,
            st.integers(0, 7),
        ),
    )


def _at(content: bytes, share: float) -> int:
    return int(share * len(content))


def _edited(content: bytes, edits: Sequence[Edit]) -> bytes:
    for edit in edits:
        content = edit(content)
    return content


@dataclass
class Outcomes:
    """What came of many files."""

    values: int = 0
    refusals: Counter[str] = field(default_factory=Counter)  # by message, without the path

    @property
    def tried(self) -> int:
        return self.values + self.refusals.total()

    def __str__(self) -> str:
        return f"{self.tried:,} tried: {self.values:,} read, {self.refusals.total():,} refused"


def tried(read: Read, contents: Iterable[bytes], path: Path, *, named: bool = True) -> Outcomes:
    """Reads each content in the place of ``path``; anything but a value or an AeguiError is raised.

    With ``named`` each message has to name the file.
    """
    outcomes = Outcomes()
    for content in contents:
        path.write_bytes(content)
        try:
            read(path)
        except AeguiError as error:
            assert not named or str(path) in str(error), str(error)
            assert _is_one_line(str(error)) and "Traceback" not in str(error), str(error)
            outcomes.refusals[str(error).replace(str(path), "…")] += 1
        except Exception as error:
            error.add_note(f"the file was {content[:2000]!r}")
            raise
        else:
            outcomes.values += 1
    return outcomes


def _is_one_line(text: str) -> bool:
    return len(text.splitlines()) == 1 and not any(unicodedata.category(c) == "Cc" for c in text)


@dataclass(frozen=True)
class Bounded:
    """What a call in a process of its own came to."""

    message: str  # of the refusal; empty where there was a value
    value: str  # what the function returned, as text
    grown: int  # bytes of memory at the worst moment, beyond what the imports take
    seconds: float


def in_bounds(function: str, *words: str | Path, memory: int = 256 * MiB, seconds: float = 120) -> Bounded:
    """Calls ``module:function`` with words in a process of its own.

    It must give a value or an AeguiError, take at most ``memory`` bytes, and end: ``seconds`` only guard
    against a hang.
    """
    tests = Path(__file__).parent
    places = os.pathsep.join([str(tests.parent), *(str(p) for p in sys.path if p)])
    done = subprocess.run(
        [sys.executable, "-W", "error", __file__, function, str(memory), *map(os.fspath, words)],
        env=os.environ | {"PYTHONPATH": places, "OMP_NUM_THREADS": "1"},
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=seconds,
    )
    assert done.returncode == 0, done.stderr.decode(errors="replace")[-4000:] or done.returncode
    bounded = Bounded(**json.loads(done.stdout.splitlines()[-1]))
    assert bounded.grown <= memory, f"takes {bounded.grown / MiB:,.0f} MiB: {bounded}"
    return bounded


def _called(function: str, memory: int, words: Sequence[str]) -> Bounded:
    import resource

    module, name = function.split(":")
    call = getattr(importlib.import_module(module), name)
    before, addresses = _memory("VmHWM"), _memory("VmSize")
    resource.setrlimit(resource.RLIMIT_AS, (addresses + _GUARD * memory, resource.RLIM_INFINITY))
    start = time.perf_counter()
    message = value = ""
    try:
        value = str(call(*words))
    except AeguiError as error:
        message = str(error)
        assert message
    return Bounded(message, value, _memory("VmHWM") - before, time.perf_counter() - start)


def _memory(field_name: str) -> int:
    """Bytes that Linux counts for this process."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{field_name}:"):
            return int(line.split()[1]) * 1024
    raise LookupError(field_name)


if __name__ == "__main__":
    print(json.dumps(vars(_called(sys.argv[1], int(sys.argv[2]), sys.argv[3:]))))
