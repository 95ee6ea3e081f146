from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.optim.lr_scheduler import CosineAnnealingLR, LRScheduler, OneCycleLR, StepLR

from aegui.spec import Constant, Cosine, OneCycle, Schedule, Step
from aegui.spec.rates import factor

PER_EPOCH, EPOCHS = 7, 10
TOTAL = PER_EPOCH * EPOCHS


def factors(schedule: Schedule, per_epoch: int = PER_EPOCH, epochs: int = EPOCHS) -> list[float]:
    return [factor(schedule, step, per_epoch, epochs) for step in range(per_epoch * epochs)]


def rates_of(scheduler: LRScheduler, steps: int) -> list[float]:
    found = []
    for _ in range(steps):
        found.append(scheduler.get_last_lr()[0])
        scheduler.optimizer.step()
        scheduler.step()
    return found


@pytest.fixture
def sgd() -> torch.optim.Optimizer:
    return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0, momentum=0.9)


def test_that_a_constant_rate_stays() -> None:
    assert factors(Constant()) == [1.0] * TOTAL


def test_that_a_step_drops_at_the_start_of_every_third_epoch() -> None:
    found = factors(Step(every=3, factor=0.1))
    assert found == pytest.approx([0.1 ** (step // PER_EPOCH // 3) for step in range(TOTAL)])


def test_that_a_step_is_torchs_in_epochs(sgd: torch.optim.Optimizer) -> None:
    theirs = rates_of(StepLR(sgd, step_size=4, gamma=0.3), EPOCHS)
    assert factors(Step(every=4, factor=0.3))[::PER_EPOCH] == pytest.approx(theirs)


def test_that_the_cosine_has_its_closed_form() -> None:
    found = factors(Cosine(final=0.2))
    assert found[0] == 1.0
    assert found[TOTAL // 2] == pytest.approx(0.6)
    assert factor(Cosine(final=0.2), TOTAL, PER_EPOCH, EPOCHS) == pytest.approx(0.2)
    quarter = factor(Cosine(final=0.2), 1, 4, 1)
    assert quarter == pytest.approx(0.2 + 0.8 * (1 + math.sqrt(0.5)) / 2)


def test_that_the_cosine_is_torchs(sgd: torch.optim.Optimizer) -> None:
    theirs = rates_of(CosineAnnealingLR(sgd, T_max=TOTAL, eta_min=0.05), TOTAL)
    assert factors(Cosine(final=0.05)) == pytest.approx(theirs, abs=1e-12)


def test_that_the_last_update_under_a_cosine_still_moves() -> None:
    assert factors(Cosine(final=0.0))[-1] > 0


def test_that_one_cycle_climbs_and_falls() -> None:
    found = factors(OneCycle(warmup=0.3, start=0.04, final=1e-4))
    assert found[0] == pytest.approx(0.04)
    assert max(found) == found[round(0.3 * TOTAL) - 1] == 1.0
    assert found[-1] == pytest.approx(1e-4)


@pytest.mark.parametrize("warmup", [0.1, 0.25, 0.3, 0.5, 0.77])
def test_that_one_cycle_is_torchs(sgd: torch.optim.Optimizer, warmup: float) -> None:
    scheduler = OneCycleLR(
        sgd,
        max_lr=1.0,
        total_steps=TOTAL,
        pct_start=warmup,
        anneal_strategy="cos",
        cycle_momentum=False,
        div_factor=20.0,
        final_div_factor=50.0,
    )
    ours = factors(OneCycle(warmup=warmup, start=0.05, final=0.001))
    assert ours == pytest.approx([*rates_of(scheduler, TOTAL - 1), 0.001], abs=1e-12)


@pytest.mark.parametrize("schedule", [Constant(), Step(), Cosine(), OneCycle()])
def test_that_a_run_of_a_single_update_takes_the_full_rate(schedule: Schedule) -> None:
    assert factor(schedule, 0, 1, 1) == 1.0


@given(
    st.sampled_from([Constant(), Step(every=1, factor=0.9), Cosine(final=0.01), OneCycle()])
    | st.builds(OneCycle, warmup=st.floats(0, 1, exclude_min=True, exclude_max=True)),
    st.integers(0, 500),
    st.integers(1, 20),
    st.integers(1, 20),
)
def test_that_every_factor_is_a_share(schedule: Schedule, step: int, per_epoch: int, epochs: int) -> None:
    assert 0 <= factor(schedule, step, per_epoch, epochs) <= 1 + 1e-12


def test_that_the_rate_stays_low_beyond_the_planned_end() -> None:
    for schedule in (Cosine(final=0.1), OneCycle(final=0.1)):
        assert factor(schedule, 5 * TOTAL, PER_EPOCH, EPOCHS) == pytest.approx(0.1)
