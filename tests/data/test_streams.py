"""Seeds of independent streams."""

from __future__ import annotations

from aegui.data.streams import stream_seed


def test_that_a_stream_is_the_same_on_every_machine() -> None:
    assert stream_seed(0, "weights") == 8123138349646949767


def test_that_streams_numbers_and_seeds_are_all_told_apart() -> None:
    seeds = {
        stream_seed(seed, name, *numbers)
        for seed in range(4)
        for name in ("split", "weights", "shuffle", "noise", "test-noise", "code")
        for numbers in ((), (0,), (1,), (0, 1), (1, 0))
    }
    assert len(seeds) == 4 * 6 * 5


def test_that_seeds_have_63_bits() -> None:
    seeds = [stream_seed(seed, "shuffle", epoch) for seed in (0, 2**53) for epoch in range(100)]
    assert all(0 <= seed < 2**63 for seed in seeds)
    assert max(seeds) > 2**62
