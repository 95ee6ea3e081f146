"""Independent random streams from one seed, so that one choice never shifts another."""

from __future__ import annotations

import zlib
from typing import Literal

import numpy as np

Stream = Literal["split", "weights", "shuffle", "noise", "test-noise", "code"]


def stream_seed(seed: int, name: Stream, *numbers: int) -> int:
    """A seed of 63 bits for the stream ``name`` of an experiment's ``seed``.

    ``numbers`` (an epoch, a part) tell streams of one name apart. Streams are independent
    as numpy's ``SeedSequence`` makes them, and the same on every machine.
    """
    sequence = np.random.SeedSequence(seed, spawn_key=(zlib.crc32(name.encode()), *numbers))
    return int(sequence.generate_state(1, np.uint64)[0] >> np.uint64(1))
