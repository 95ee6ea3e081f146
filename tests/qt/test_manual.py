"""The manual: complete, true to the program's names, and with links that lead somewhere."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from aegui.qt.actions import ACTIONS, MENUS
from aegui.qt.keys import IN_VIEWS
from aegui.qt.manual.history import History
from aegui.qt.manual.pages import CONTENTS, FIRST, PAGES, found, page_of, page_text, title_of
from aegui.qt.workspaces import WORKSPACES
from aegui.resources import resource

LINK = re.compile(r"\[[^\]]+\]\(([^)]+)\)")
MENU = re.compile(r"(?<!\*)\*([^*\n]+)\*(?!\*)")
CODE = re.compile(r"`([^`\n]+)`")
KEYS = re.compile(r"\b(?:(?:Ctrl|Alt|Shift)\+)+[\w←→]+|\bF\d+\b(?!1 )")
MENU_TITLES = {title.replace("&", "") for title, _ in MENUS}
SUBMENUS = {"Theme", "Text size", "Panels"}


def written() -> list[str]:
    """The pages that are typed, not made."""
    return [name for name in PAGES if resource("help").joinpath(f"{name}.md").is_file()]


def test_that_every_page_is_in_the_contents_once_and_has_a_title() -> None:
    files = {path.stem for path in resource("help").iterdir()}
    assert files | {"keys", "settings"} == set(PAGES) and len(set(PAGES)) == len(PAGES)
    assert len({title_of(name) for name in PAGES}) == len(PAGES)
    for name in PAGES:
        assert page_text(name).startswith("# ") and len(page_text(name)) > 700, name
    assert all(names for _, names in CONTENTS)


def test_that_every_workspace_has_a_page() -> None:
    for workspace in WORKSPACES:
        assert title_of(workspace.id) == workspace.title


@pytest.mark.parametrize("name", PAGES)
def test_that_every_link_leads_to_a_page(name: str) -> None:
    links = LINK.findall(page_text(name))
    assert [link for link in links if page_of(link) is None] == []
    assert page_of("https://example.org/a.md") is None and page_of("../first-steps.md") is None


def test_that_every_page_can_be_reached_by_links_from_the_first() -> None:
    reached, open_ = {FIRST}, [FIRST]
    while open_:
        for link in LINK.findall(page_text(open_.pop())):
            if (name := page_of(link)) is not None and name not in reached:
                reached.add(name)
                open_.append(name)
    assert set(PAGES) - reached <= {"glossary", "troubleshooting", "command-line"}


def menu_items() -> set[str]:
    texts = {spec.id: spec.text.replace("&", "").rstrip("…") for spec in ACTIONS}
    items = {(title.replace("&", ""), texts[i]) for title, ids in MENUS for i in ids if i in texts}
    return {f"{menu}, {item}" for menu, item in items} | {f"View, {name}" for name in SUBMENUS}


@pytest.mark.parametrize("name", PAGES)
def test_that_every_menu_item_named_exists(name: str) -> None:
    named = {words for words in MENU.findall(page_text(name)) if words.partition(", ")[0] in MENU_TITLES}
    wrong = {words for words in named if words.rstrip("…") not in menu_items() and words not in MENU_TITLES}
    assert wrong == set()


def test_that_the_pages_name_every_item_that_needs_words() -> None:
    text = "\n".join(page_text(name) for name in written())
    for item in (
        "New from preset",
        "Open data",
        "Save run to",
        "Share",
        "Export figure",
        "Recover",
        "Show log",
    ):
        assert re.search(rf"\*(File|Help), {item}\*", text), item


@pytest.mark.parametrize("name", PAGES)
def test_that_every_key_named_exists(name: str) -> None:
    known = {spec.shortcut for spec in ACTIONS} | {key for keys, _ in IN_VIEWS for key in keys.split(", ")}
    known |= {key for keys in known for key in re.split(r" or |, ", keys)}
    named = {key.replace("←", "Left").replace("→", "Right") for key in KEYS.findall(page_text(name))}
    assert named - known - {"Ctrl+C"} == set()  # which interrupts a command


def paths(schema: dict[str, Any], part: dict[str, Any], path: str = "") -> Iterator[str]:
    """Every path of a setting that the JSON schema allows, with the kinds of a list as its first entry."""
    if "$ref" in part:
        yield from paths(schema, schema["$defs"][part["$ref"].rpartition("/")[2]], path)
    for choice in (*part.get("anyOf", ()), *part.get("oneOf", ())):
        yield from paths(schema, choice, path)
    if isinstance(part.get("items"), dict):
        yield from paths(schema, part["items"], f"{path}[0]")
    for name, inner in part.get("properties", {}).items():
        here = f"{path}.{name}" if path else name
        yield here
        yield from paths(schema, inner, here)


def test_that_the_page_of_settings_has_every_path_of_the_schema() -> None:
    schema = json.loads(resource("schema", "experiment.schema.json").read_text(encoding="utf-8"))
    named = {code.partition(" = ")[0] for code in CODE.findall(page_text("settings"))}
    wanted = {
        path.replace("architecture.decoder[0]", "architecture.encoder[0]") for path in paths(schema, schema)
    }
    sections = {"data", "architecture", "code", "penalty", "training"}
    assert len(wanted) > 70 and wanted - named == sections


def test_that_what_is_written_names_every_word_that_a_setting_may_be() -> None:
    schema = json.loads(resource("schema", "experiment.schema.json").read_text(encoding="utf-8"))
    kinds = {d["properties"]["kind"]["const"] for d in schema["$defs"].values() if "kind" in d["properties"]}
    text = "\n".join(page_text(name) for name in written()).lower().replace(" ", "-")
    assert {kind for kind in kinds if kind not in text} == set()


@pytest.mark.parametrize("name", PAGES)
def test_that_every_path_in_a_page_is_one_of_an_experiment(name: str) -> None:
    schema = json.loads(resource("schema", "experiment.schema.json").read_text(encoding="utf-8"))
    sections = ("data.", "architecture.", "code.", "penalty.", "noise.", "training.")
    known = set(paths(schema, schema))
    codes = (code.partition(" = ")[0] for code in CODE.findall(page_text(name)))
    assert {code for code in codes if code.startswith(sections) and code not in known} == set()


def test_that_a_search_finds_the_pages_that_have_all_words() -> None:
    assert found("contractive jacobian")[0] in PAGES and "types" in found("contractive jacobian")
    assert found("denoising")[0] == "denoising"
    assert found("wiener decibels") == ("denoising",)
    assert found("xylophone") == ()


def test_that_history_goes_back_to_where_a_page_was_left_and_forward_again() -> None:
    history = History()
    assert history.back(5) is None and history.forward(5) is None and history.page == FIRST
    history.go("types", 120)
    history.go("keys", 30)
    assert history.back(7) == 30 and history.page == "types"
    assert history.forward(31) == 7 and history.page == "keys"
    assert history.back(7) == 31 and history.back(0) == 120 and history.page == FIRST
    history.go("data", 0)
    assert not history.has_forward and history.has_back


def test_that_the_start_waits_for_nothing_of_the_help() -> None:
    call = "import sys; import aegui.qt.app; print([n for n in sys.modules if n in sys.argv[1:]])"
    modules = ("aegui.qt.manual", "aegui.qt.keys", "aegui.qt.about", "aegui.qt.widgets.prose", "aegui.parts")
    done = subprocess.run([sys.executable, "-c", call, *modules], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
