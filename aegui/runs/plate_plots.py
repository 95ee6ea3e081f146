"""Plots and bars of a sheet."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import LogLocator, NullFormatter, StrMethodFormatter

from aegui.runs.drawing import literal, titled
from aegui.runs.plate_keys import KEY, draw_shades, key_handles
from aegui.runs.plates import GREY, Bars, Plot, Rule, Series

_GROUND: dict[str, Any] = {"facecolor": "white", "edgecolor": "none", "pad": 1, "alpha": 0.8}
_FEW = 60  # points that are drawn large
_BESIDE = 1.5  # inches of a name of a line
_UPPER = 0.88  # share of the height above which a name stands beneath its line
_DECADES = 3  # of a logarithmic axis with numbers in full


def draw_plot(axes: Axes, plot: Plot, wide: float) -> None:
    """Lines, points and rules, with a legend or what the colours stand for."""
    for series in plot.series:
        _draw_series(axes, series)
    for word in plot.words:
        axes.text(word.x, word.y, literal(word.text), fontsize=8, ha="center", va="center", bbox=_GROUND)
    scales = ["log" if log else "linear" for log in plot.log]
    axes.set(xlabel=literal(plot.labels[0]), ylabel=literal(plot.labels[1]))
    axes.set(xscale=scales[0], yscale=scales[1])
    if plot.limits is not None:
        axes.set(xlim=plot.limits[0], ylim=plot.limits[1])
    if plot.equal:
        axes.set_aspect("equal", adjustable="datalim")
    for axis, log in zip((axes.xaxis, axes.yaxis), plot.log, strict=True):
        if log:
            _number(axis)
    for rule in plot.rules:
        _draw_rule(axes, rule)
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_title(titled(plot.title, wide), fontsize=9, pad=_pad(plot.rules))
    if plot.shades is not None:
        draw_shades(axes.figure, plot.shades, [axes])  # type: ignore[arg-type]
    if plot.key:
        dots, names, columns = key_handles(plot.key)
        axes.legend(dots, names, ncols=columns, loc="upper left", bbox_to_anchor=(1, 1), **KEY)
    elif any(series.name for series in plot.series):
        axes.legend(loc="upper left", bbox_to_anchor=(1, 1), **KEY)


def _number(axis: Axis) -> None:
    """Numbers in full on a logarithmic axis that is short."""
    low, high = axis.get_view_interval()
    if 0 < low < high <= low * 10**_DECADES and low >= 1e-4 and high <= 1e5:
        axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axis.set_major_formatter(StrMethodFormatter("{x:g}"))
        axis.set_minor_formatter(NullFormatter())
    elif high > 10 * low > 0:
        axis.set_minor_formatter(NullFormatter())


def _draw_series(axes: Axes, series: Series) -> None:
    named: dict[str, Any] = {"label": titled(series.name, _BESIDE)} if series.name else {}
    match series.style:
        case "points" if series.colours is not None:
            area = float(np.clip(20_000 / max(1, len(series.x)), 3.0, 14.0))
            shown: dict[str, Any] = {"c": series.colours, "linewidths": 0, "rasterized": True}
            axes.scatter(series.x, series.y, s=area, **shown, **named)
        case "points":
            area = 36.0 if len(series.x) < _FEW else 4.0
            axes.scatter(series.x, series.y, s=area, c=series.colour, linewidths=0, zorder=3, **named)
        case "cross":
            axes.scatter(series.x, series.y, s=120, c=series.colour, marker="x")
        case "steps":
            axes.stairs(series.y, series.x, fill=True, color=series.colour, alpha=0.35, **named)
            axes.stairs(series.y, series.x, color=series.colour)
        case _:
            dash = "--" if series.style == "dash" else "-"
            axes.plot(series.x, series.y, dash, color=series.colour, **named)


def _pad(rules: tuple[Rule, ...]) -> float:
    """Points between the axes and a title, with room for the names of upright rules."""
    return 16.0 if any(rule.axis == "x" for rule in rules) else 6.0


def _draw_rule(axes: Axes, rule: Rule) -> None:
    line: dict[str, Any] = {"linestyle": ":", "color": "0.4", "linewidth": 1}
    words: dict[str, Any] = {"va": "bottom", "fontsize": 8}
    if rule.axis == "x":
        axes.axvline(rule.value, **line)
        place = axes.get_xaxis_transform()
        axes.text(rule.value, 1, literal(rule.name), transform=place, ha="center", **words)
        return
    axes.axhline(rule.value, **line)
    place = axes.get_yaxis_transform()
    height = (axes.transData + axes.transAxes.inverted()).transform((axes.get_xlim()[0], rule.value))[1]
    words["va"] = "top" if height > _UPPER else "bottom"
    text = axes.text(0.99, rule.value, literal(rule.name), transform=place, ha="right", clip_on=True, **words)
    text.set_in_layout(False)  # a line beyond the axes must not move them


def draw_bars(axes: Axes, bars: Bars, wide: float) -> None:
    """A bar for each name, the first one at the top."""
    places = np.arange(len(bars.names))
    drawn = axes.barh(places, np.nan_to_num(bars.values), color=list(bars.colours) or GREY, height=0.7)
    axes.bar_label(drawn, [literal(words) for words in bars.words], padding=3, fontsize=8)
    for rule in bars.rules:
        _draw_rule(axes, rule)
    axes.set(xlabel=literal(bars.label), xscale="log" if bars.log else "linear")
    axes.set_yticks(places, [literal(name) for name in bars.names], fontsize=8)
    axes.invert_yaxis()
    axes.margins(x=0.12)
    if bars.most is not None:
        axes.set_xlim(0, 1.08 * bars.most)
    known = bars.values[np.isfinite(bars.values) & (bars.values > 0)]
    if bars.log and len(known):  # from a whole power of ten on, so that the least one has a length
        axes.set_xlim(10 ** np.floor(np.log10(known.min()) - 0.1), known.max() * 2)
        _number(axes.xaxis)
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_title(titled(bars.title, wide), fontsize=9, pad=_pad(bars.rules))
