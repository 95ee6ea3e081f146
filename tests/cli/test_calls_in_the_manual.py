"""The calls, files and places that the manual names are those of the program."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

from aegui.cli.arguments import COMMANDS, parse
from aegui.cli.export import EXPORTS
from aegui.data.catalog import catalog
from aegui.resources import resource
from aegui.spec import loads, parse_setting, replace_all
from aegui.spec.presets import preset

SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
BLOCK = re.compile(r"^```\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PLACES = re.compile(r"AEGUI_[A-Z]+")


def pages() -> dict[str, str]:
    """The typed pages, by name."""
    return {path.stem: path.read_text(encoding="utf-8") for path in resource("help").glob("*.md")}


def calls() -> Iterator[list[str]]:
    """Every call of aegui in the pages, without its name, with something in the place of KIND."""
    for text in pages().values():
        lines = (line for block in BLOCK.findall(text) for line in block.splitlines())
        for code in (*SPAN.findall(text), *lines):
            words = shlex.split(code.replace("KIND", "codes"), comments=True) if code[:6] == "aegui " else []
            if words and not {"COMMAND", "[FILE]"} & set(words):
                yield words[1:]


def test_that_every_call_is_one_that_the_program_takes() -> None:
    alone = {words[0] for words in calls() if len(words) == 1}  # a command by its name
    found = {parse(words).command for words in calls() if len(words) > 1}
    assert alone | found == set(COMMANDS) and len(found) > 6


def test_that_settings_in_calls_suit_the_preset_that_they_change() -> None:
    found = (parse(words) for words in calls() if words[0] == "train" and "--set" in words)
    changed = [(arguments.experiment, arguments.settings) for arguments in found]
    assert len(changed) > 1
    for name, settings in changed:
        replace_all(preset(name).experiment, dict(map(parse_setting, settings)))


def test_that_the_experiment_file_can_be_read() -> None:
    files = [block for block in BLOCK.findall(pages()["command-line"]) if block.startswith("format")]
    assert [loads(text).code.size for text in files] == [64]


def test_that_every_kind_of_export_and_every_data_set_is_told() -> None:
    text = pages()
    assert all(f"| `{kind}` |" in text["command-line"] for kind in EXPORTS)
    assert all(f"`{entry.name}`" in text["data"] for entry in catalog() if not entry.files)


def test_that_every_variable_is_one_that_the_program_reads() -> None:
    source = Path(__file__).parents[2] / "aegui"
    read = {
        name for path in source.rglob("*.py") for name in PLACES.findall(path.read_text(encoding="utf-8"))
    }
    named = {name for text in pages().values() for name in PLACES.findall(text)}
    assert named <= read and len(named) == 4
