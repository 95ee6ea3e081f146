"""Test samples under a noise, side by side: original, noisy, by the best linear denoiser, reconstructed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from aegui.analysis.denoising import Denoised, has_ssim, span_of, without_rounding
from aegui.analysis.similarity import psnr, ssim
from aegui.analysis.wiener import Wiener
from aegui.data.dataset import Dataset, Floats
from aegui.qt.views.samples import error_note, names_of, sheet_of
from aegui.qt.views.score_table import decibels, likeness
from aegui.qt.views.space_plot import Space
from aegui.qt.views.text import figures
from aegui.qt.views.tones import Tones
from aegui.qt.widgets.pixels import Bytes
from aegui.qt.widgets.space import AXES, as_space
from aegui.qt.widgets.stages import Row, Sheet
from aegui.training.snapshot import Pictures

Doubles = NDArray[np.float64]

_NAMES = {"noisy": "noisy", "wiener": "Wiener", "reconstruction": "reconstructed"}
_WIENER_TIP = (
    "the best linear denoiser (Wiener) of this noise: x̂ = x̄ + W·(x̃ − mean of x̃), W = Cxx̃·Cx̃x̃⁻¹,\n"
    "with means and covariances of training samples; not clipped"
)


@dataclass(frozen=True, eq=False)
class Likeness:
    """How near each of n samples is to its clean one."""

    mse: Doubles  # (n,) MSE_i
    psnr: Doubles  # (n,) dB
    ssim: Doubles | None  # (n,)

    def note(self, measure: str, row: int) -> str:
        """What stands beneath a picture."""
        match measure:
            case "PSNR":
                return decibels(float(self.psnr[row]))
            case "SSIM" if self.ssim is not None:
                return likeness(float(self.ssim[row]))
        return error_note(float(self.mse[row]))


@dataclass(frozen=True, eq=False)
class Stages:
    """Samples of an answer with what the linear denoiser makes of them; None while that is not fitted."""

    seen: Denoised
    dataset: Dataset
    wiener: Wiener | None
    linear: bool = True  # whether there is to be a linear denoiser at all

    @cached_property
    def samples(self) -> dict[str, Floats]:
        """(n, k) by stage, NaN for what is not known yet."""
        found = {"noisy": self.seen.noisy}
        if self.wiener is not None:
            found["wiener"] = self.wiener.denoise(self.seen.noisy)
        elif self.linear:
            found["wiener"] = np.full_like(self.seen.noisy, np.nan)
        return found | {"reconstruction": self.seen.reconstruction}

    @cached_property
    def likeness(self) -> dict[str, Likeness]:
        """By stage; without the linear denoiser while that is not fitted."""
        known = {k: v for k, v in self.samples.items() if k != "wiener" or self.wiener is not None}
        return {stage: self._likeness(values) for stage, values in known.items()}

    def sheet(self, measure: str, table: Bytes) -> Sheet:
        """The samples as columns of a grid, each stage with its measure beneath."""
        seen = self.seen
        with np.errstate(over="ignore"):  # of a run that has diverged
            error, noisy_error = (
                self.likeness[stage].mse.astype(np.float32) for stage in ("reconstruction", "noisy")
            )
        whole = sheet_of(
            Pictures(seen.rows, seen.clean, seen.noisy, seen.reconstruction, error, noisy_error),
            self.dataset,
            table,
        )
        rows = [self._noted(row, measure) for row in whole.rows if row.name != "difference"]
        if "wiener" in self.samples:
            made = rows[-1]
            wiener = Row("Wiener", self.samples["wiener"], behind=made.behind, tip=_WIENER_TIP)
            rows.insert(-1, self._noted(wiener, measure))
        return replace(whole, rows=tuple(rows))

    def space(self, colours: Tones) -> Space:
        """Points of space, a panel for each stage."""
        panels = [("original", as_space(self.seen.clean))]
        panels += [(_NAMES[stage], as_space(values)) for stage, values in self.samples.items()]
        of = Tones(colours.of[self.seen.rows], colours.table, colours.scale)
        return Space(tuple(panels), of, self.dataset.features_named or AXES)

    def told(self, row: int) -> list[str]:
        """What is known of one sample."""
        index = int(self.seen.rows[row])
        parts = names_of(self.dataset, index)
        for stage, found in self.likeness.items():
            text = f"{_NAMES[stage]}: MSEᵢ {figures(float(found.mse[row]))}, PSNR "
            text += f"{decibels(float(found.psnr[row]))} dB"
            if found.ssim is not None:
                text += f", SSIM {likeness(float(found.ssim[row]))}"
            parts.append(text)
        return parts

    def _noted(self, row: Row, measure: str) -> Row:
        stage = next((s for s, name in _NAMES.items() if name == row.name), "")
        if not stage:
            return row
        count, found = len(self.seen.rows), self.likeness.get(stage)
        notes = (found.note(measure, i) if found is not None else "…" for i in range(count))
        return replace(row, notes=tuple(notes), brief=(), noted="MSEᵢ" if measure == "MSE" else measure)

    def _likeness(self, values: Floats) -> Likeness:
        clean, span = self.seen.clean, span_of(self.dataset)
        with np.errstate(over="ignore", invalid="ignore"):
            mse = without_rounding(np.square(values - clean, dtype=np.float64).mean(axis=1))
            alike = ssim(clean, values, self.dataset.shape, span) if has_ssim(self.dataset) else None
        return Likeness(mse, psnr(mse, span), alike)
