"""Text is escaped unless it is HTML."""

from __future__ import annotations

from aegui.runs.report.html import Html, joined, table, tag, void


def test_that_text_is_escaped_and_html_is_not() -> None:
    assert tag("p", "<b>", Html("<i>x</i>"), title='"&"') == (
        '<p title="&quot;&amp;&quot;">&lt;b&gt;<i>x</i></p>'
    )
    assert joined(["<", tag("b", "&")]) == "&lt;<b>&amp;</b>"


def test_that_names_of_attributes_are_those_of_html() -> None:
    assert tag("p", class_="wide", aria_label="x") == '<p class="wide" aria-label="x"></p>'
    assert void("meta", name="a", http_equiv="b") == '<meta name="a" http-equiv="b">'


def test_that_a_table_aligns_its_numbers() -> None:
    made = table(("a", "b"), [("<", "1")], numbers=(1,))
    assert '<th>a</th><th class="number">b</th>' in made
    assert '<td>&lt;</td><td class="number">1</td>' in made
