"""Measures how fast everything is, beside what could be and beside others, in one run.

    python -m tests.benchmarks [--quick] [--only training,start] [--json] [--history FILE]

Numbers are medians of rounds in which everybody takes turns, with the least and the most of them behind;
without a unit they are ratios. What was found is kept in a history, outside of the repository. The peers
come with the extra "bench"; those that are not installed are left out, and named. Parts:

{parts}
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from tests.benchmarks import history
from tests.benchmarks.findings import Scale
from tests.benchmarks.parts import PARTS, chosen, run
from tests.benchmarks.surroundings import busy, commit, in_words, machine
from tests.benchmarks.table import row


def main(argv: list[str] | None = None) -> int:
    """Runs the parts that are asked for; returns 0, and 2 for a name that there is not."""
    parser = _parser()
    arguments = parser.parse_args(argv)
    try:
        parts = chosen(arguments.only)
    except ValueError as error:
        parser.error(str(error))
    scale = Scale(
        quick=arguments.quick,
        rounds=arguments.rounds or (2 if arguments.quick else 7),
        threads=arguments.threads,
        drop_caches=arguments.drop_caches,
    )
    place = arguments.history or history.usual_place()
    here, load = machine(), busy()
    facts = {"commit": commit(), "machine": here, "quick": scale.quick, "threads": scale.threads}
    _tell(arguments.json, f"{in_words(here)}; {scale.threads} thread(s) each; load {load}")
    known = history.before(place, facts)
    found: history.Findings = {}
    for part in parts:
        _tell(arguments.json, f"\n{part.name}: {part.about}")
        found[part.name] = []
        for finding in run(part, scale):
            found[part.name].append(finding)
            _tell(arguments.json, row(finding, known.get((part.name, finding.name))))
    line = history.entry(found, **facts, rounds=scale.rounds, load=[load, busy()])
    history.append(place, line)
    print(json.dumps(line, ensure_ascii=False) if arguments.json else f"\nKept in {place}")
    return 0


def _tell(as_json: bool, text: str) -> None:
    print(text, file=sys.stderr if as_json else sys.stdout, flush=True)


def _parser() -> argparse.ArgumentParser:
    listed = "\n".join(f"    {part.name:<12} {part.about}" for part in PARTS)
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks",
        description=(__doc__ or "").format(parts=listed),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--quick", action="store_true", help="few samples and rounds: only whether it works")
    parser.add_argument("--only", default="", metavar="NAME[,NAME]", help="these parts alone")
    parser.add_argument("--json", action="store_true", help="the new line of the history, on standard output")
    parser.add_argument("--history", type=Path, metavar="FILE", help="instead of the one in the user's cache")
    parser.add_argument("--rounds", type=int, help="of each contest (7, with --quick 2)")
    parser.add_argument("--threads", type=int, default=1, help="of every contestant (1)")
    parser.add_argument(
        "--drop-caches",
        action="store_true",
        help="takes the packages' files out of the system's memory before a cold start",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
