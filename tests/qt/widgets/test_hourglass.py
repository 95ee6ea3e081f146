from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QRectF

from aegui.plan import Facts, resolve
from aegui.qt.widgets.hourglass import Bar, Hourglass, bars_of
from aegui.qt.widgets.strip import largest_of
from aegui.spec import Experiment, replace_all

PICTURES = Facts((28, 28), 0.0, 1.0, 60_000, 10_000, 10)
SIGNALS = Facts((128,), 0.0, 1.0, 600, 100, 2, layout="signal")
ROOM = QRectF(0, 0, 600, 100)


def bars(encoder: list[dict[str, Any]], facts: Facts = PICTURES, **settings: Any) -> tuple[Bar, ...]:
    changes = {"architecture.encoder": encoder, "code.size": 8, **settings}
    return bars_of(resolve(replace_all(Experiment(), changes), facts))


def places(of: tuple[Bar, ...], room: QRectF = ROOM) -> Hourglass:
    return Hourglass(room, of, largest_of(of))


CONVOLUTIONAL = [
    {"kind": "conv", "channels": 16, "stride": 2},
    {"kind": "conv", "channels": 32, "stride": 2},
    {"kind": "dense", "units": 64},
]


def test_that_a_network_of_units_is_drawn_as_bars() -> None:
    drawn = bars([{"units": 512}, {"units": 128}])
    assert [bar.role for bar in drawn] == ["input", *["encoder"] * 2, "code", *["decoder"] * 2, "output"]
    assert not any(bar.box for bar in drawn)
    assert drawn[0].tip == "Input\n784 features (28 × 28)"
    assert drawn[1].tip == "Hidden layer 1: dense\n784 → 512\nReLU\n401,920 parameters".replace(
        "784 →", "1×28×28 →"
    )
    heights = [places(drawn).body(i).height() for i in range(7)]
    assert heights == sorted(heights[:4], reverse=True) + sorted(heights[4:])


def test_that_convolutions_are_boxes_that_shrink_and_grow_again() -> None:
    drawn = bars(CONVOLUTIONAL)
    assert [bar.shape for bar in drawn if bar.box] == [
        (1, 28, 28),
        (16, 14, 14),
        (32, 7, 7),
        (32, 7, 7),
        (16, 14, 14),
        (1, 28, 28),
    ]
    where = places(drawn)
    heights = [where.body(i).height() for i, bar in enumerate(drawn) if bar.box]
    assert heights[0] > heights[1] > heights[2]
    assert heights == heights[::-1]
    assert where.body(2).width() > where.body(1).width() > where.body(0).width(), "thicker with more channels"
    assert where.depth(0).x() > where.depth(2).x(), "deeper with wider pictures"


def test_that_everything_stays_in_its_place() -> None:
    for drawn in (bars(CONVOLUTIONAL), bars([{"units": 2 + i} for i in range(40)])):
        where = places(drawn)
        for i in range(len(drawn)):
            assert ROOM.adjusted(-1, -1, 1, 1).contains(where.outline(i))
            assert where.index_at(where.middle(i)) == i
        rights = [where.outline(i).right() for i in range(len(drawn))]
        lefts = [where.outline(i).left() for i in range(len(drawn))]
        assert all(right < left for right, left in zip(rights, lefts[1:], strict=False))
    assert where.index_at(-5) is None
    assert where.index_at(605) is None


def test_that_signals_stand_upright_and_have_no_depth_to_speak_of() -> None:
    drawn = bars([{"kind": "conv", "stride": 2, "kernel": 5}], SIGNALS)
    where = places(drawn)
    assert drawn[1].shape == (16, 1, 64)
    assert where.body(0).height() > 1.5 * where.body(1).height()
    assert where.depth(0).x() <= 4


def test_that_pools_dropout_and_norms_are_thin() -> None:
    drawn = bars([{"kind": "conv"}, {"kind": "batch-norm"}, {"kind": "pool"}, {"kind": "dropout"}])
    where = places(drawn)
    assert [bar.thin for bar in drawn[1:5]] == [False, True, True, True]
    assert where.body(2).width() < where.body(1).width() / 2
    assert where.body(3).height() < where.body(2).height() == where.body(1).height()


def test_that_only_rows_of_units_that_are_set_can_be_pulled() -> None:
    drawn = bars([*CONVOLUTIONAL, {"kind": "dropout"}])
    assert [bar.title for bar in drawn if bar.resizable] == ["Hidden layer 3: dense", "Code: dense"]
    assert drawn[1].path == "architecture.encoder[0].channels"
    assert drawn[1].size == 16
    assert drawn[4].path == ""


def test_that_a_tied_layer_knows_the_one_whose_weights_it_uses() -> None:
    drawn = bars([{"units": 64}, {"units": 16}], **{"architecture.decoder": "tied"})
    assert [bar.tied for bar in drawn] == [None, None, None, None, 3, 2, 1]
    assert "transposed" in drawn[-1].tip


def test_that_an_impossible_layer_says_why() -> None:
    drawn = bars([{"units": 64}, {"kind": "conv"}])
    assert drawn[2].problem
    assert drawn[2].tip.splitlines()[-1].startswith("Needs a picture")
    assert not drawn[2].resizable


@pytest.mark.parametrize("units", [1, 2, 784, 1_000_000_000])
def test_that_heights_and_units_are_each_others_inverse(units: int) -> None:
    where = places(bars([{"units": units}]))
    assert where.units(where.height(units)) == pytest.approx(units)


def test_that_a_variational_code_counts_both_of_its_heads() -> None:
    plain = bars([{"units": 64}])
    both = bars([{"units": 64}], **{"code.variational": True})
    assert both[2].parameters == 2 * plain[2].parameters
