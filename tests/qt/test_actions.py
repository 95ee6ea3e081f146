"""The table of actions: complete, and without two that fight over a key."""

from __future__ import annotations

from collections import Counter

from aegui.qt.actions import ACTIONS, MENUS, SEPARATOR, TOOLBAR
from aegui.qt.icons import icon
from aegui.qt.keys import keys_table


def test_that_every_action_has_words_and_a_tip() -> None:
    for spec in ACTIONS:
        assert spec.text and spec.tip and not spec.tip.endswith("."), spec.id


def test_that_no_two_actions_share_a_name_or_a_key() -> None:
    assert max(Counter(spec.id for spec in ACTIONS).values()) == 1
    assert max(Counter(spec.shortcut for spec in ACTIONS if spec.shortcut).values()) == 1


def test_that_menus_and_toolbar_name_actions_that_exist_and_leave_none_out() -> None:
    known = {spec.id for spec in ACTIONS}
    submenus = {"recent", "panels", "theme", "text", "figures"}
    named = [name for _, ids in MENUS for name in ids if name != SEPARATOR]
    assert set(named) <= known | submenus and set(TOOLBAR) <= known
    assert known <= set(named)


def test_that_letters_in_a_menu_are_used_once() -> None:
    texts = {spec.id: spec.text for spec in ACTIONS}
    for title, ids in MENUS:
        letters = [texts[i].partition("&")[2][:1].lower() for i in ids if i in texts]
        assert max(Counter(letters).values()) == 1, title


def test_that_the_list_of_keys_has_every_key() -> None:
    table = keys_table()
    assert all(spec.tip in table for spec in ACTIONS if spec.shortcut)
    assert "Space" in table


def test_that_every_icon_can_be_drawn(qapp: object) -> None:
    names = {spec.icon for spec in ACTIONS if spec.icon} | {"pause"}
    for name in names:
        image = icon(name, "#112233", "#cccccc").pixmap(16, 16).toImage()
        alphas = {image.pixelColor(x, y).alpha() for x in range(image.width()) for y in range(image.height())}
        assert len(alphas) > 1, name
