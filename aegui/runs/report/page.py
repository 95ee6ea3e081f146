"""The page of a report."""

from __future__ import annotations

import aegui
from aegui.plan import type_name
from aegui.runs.measured import MeasuredRun
from aegui.runs.report import sections
from aegui.runs.report.html import Html, joined, tag, void

# Nothing is fetched, whatever a title or a class is called.
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"

_STYLE = Html(
    """
:root { color-scheme: light dark; --page: #ffffff; --text: #1d2430; --faint: #5b6675; --line: #d8dee6;
  --card: #f4f6f9; --accent: #2c50dd; --warn: #8a4b00; }
@media (prefers-color-scheme: dark) { :root { --page: #16191e; --text: #e4e8ee; --faint: #9aa5b4;
  --line: #333b46; --card: #20252c; --accent: #8fa8ff; --warn: #f0b060; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 62rem; background: var(--page);
  color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
h1 { margin: 0; font-size: 1.8rem; line-height: 1.2; overflow-wrap: anywhere; }
h2 { margin: 2.5rem 0 .75rem; font-size: 1.25rem; }
h3 { margin: 1.5rem 0 .5rem; font-size: 1rem; }
p { margin: .5rem 0; }
.kind { color: var(--faint); }
.warning { color: var(--warn); }
.headlines { display: flex; flex-wrap: wrap; gap: .75rem; margin: 1.5rem 0; }
.headlines div { flex: 1 1 9rem; padding: .75rem 1rem; border-radius: .5rem; background: var(--card); }
.headlines b { display: block; font-size: 1.35rem; font-variant-numeric: tabular-nums; }
.headlines div:first-child b { color: var(--accent); }
.headlines span, small, figcaption { color: var(--faint); font-size: .85rem; }
.formula { display: flex; flex-wrap: wrap; gap: 1rem .6rem; align-items: flex-start; padding: 1.25rem;
  border-radius: .5rem; background: var(--card); }
.term { display: flex; flex-direction: column; align-items: center; gap: .5rem; font-size: 1.25rem; }
.term > span { display: flex; align-items: center; height: 2.6em; }
.term > svg { height: auto; margin: .9em 0; }
svg { fill: currentColor; max-width: 100%; }
figure { margin: 0 0 1.5rem; }
figure img { display: block; max-width: 100%; height: auto; margin: 0 auto .35rem; border-radius: .5rem;
  background: #ffffff; }
.loss img, .latent img { width: 40rem; }
.pictures img { width: 100%; }
.wide { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: .92rem; }
th, td { padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); text-align: left;
  vertical-align: top; }
th { color: var(--faint); font-weight: 600; }
td:first-child { white-space: nowrap; }
td { overflow-wrap: anywhere; }
.settings th:nth-child(1) { width: 22%; }
.settings th:nth-child(2) { width: 24%; }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
pre { padding: .75rem 1rem; overflow-x: auto; border-radius: .5rem; background: var(--card);
  font: .85rem/1.45 ui-monospace, monospace; }
summary { cursor: pointer; color: var(--accent); }
footer { margin-top: 3rem; color: var(--faint); font-size: .85rem; }
@media print { body { max-width: none; } figure, table { break-inside: avoid; } }
"""
)


def page(run: MeasuredRun) -> str:
    """The report of a run as a whole document."""
    experiment, dataset = run.snapshot.experiment, run.dataset
    title = experiment.title.strip() or "Untitled"
    kind = type_name(experiment, dataset.facts())
    data = (
        f"{dataset.title}, {len(dataset.train):,} training and {len(dataset.test):,} test samples"
        f" of {dataset.features:,} features"
    )
    head = tag(
        "head",
        void("meta", charset="utf-8"),
        void("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        void("meta", name="viewport", content="width=device-width, initial-scale=1"),
        void("meta", name="generator", content=f"aegui {aegui.__version__}"),
        tag("title", title),
        tag("style", _STYLE),
    )
    body = tag(
        "body",
        tag("h1", title),
        tag("p", f"{kind[:1].upper()}{kind[1:]} · {data}", class_="kind"),
        _state(run),
        sections.warnings(run),
        sections.headlines(run.metrics),
        *_section("Objective", sections.objective(experiment)),
        *_section("Figures", sections.drawings(run)),
        *_section("Metrics", sections.measured(run.metrics)),
        *_section("Network", sections.network(run)),
        *_section("Settings", sections.settings(experiment)),
        *_section("Repeat it", sections.repeat(run)),
        tag("footer", f"Made with aegui {aegui.__version__}."),
    )
    return f"<!doctype html>\n{tag('html', head, body, lang='en')}\n"


def _section(title: str, content: Html) -> tuple[Html, Html]:
    return tag("h2", title), content


def _state(run: MeasuredRun) -> Html:
    """How far the run came."""
    snapshot, reason = run.snapshot, run.snapshot.end_reason
    far = f"After {snapshot.epoch:,} of {snapshot.epochs:,} epochs, {snapshot.step:,} steps."
    return joined([tag("p", far, class_="kind"), *([tag("p", f"It stopped: {reason}.")] if reason else [])])
