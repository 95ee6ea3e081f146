"""Names that stood in a file, as they can be shown, printed and saved."""

from __future__ import annotations

import unicodedata

_NO_TEXT = frozenset({"Cc", "Cs"})  # control characters, which steer terminals, and halves of characters
_BLANKS = str.maketrans(dict.fromkeys("\t\n\v\f\r\u2028\u2029", " "))


def shown(name: str) -> str:
    """A name with one spelling of accents, on one line, and nothing in it that is no text."""
    plain = unicodedata.normalize("NFC", name.translate(_BLANKS)).strip()
    if plain.isprintable():
        return plain
    return "".join("\N{REPLACEMENT CHARACTER}" if unicodedata.category(c) in _NO_TEXT else c for c in plain)
