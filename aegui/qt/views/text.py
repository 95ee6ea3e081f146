"""Numbers as words, the same way in every view."""

from __future__ import annotations

import math
import unicodedata

_DECIMALS = 6  # at most
_JOINER = "\u200d"  # which makes one emoji of two


def figures(value: float, digits: int = 4) -> str:
    """A number with that many significant digits, zeros kept: 0.03120, −12.34, 1.2e-5."""
    if not math.isfinite(value):
        return "not finite"
    return _exponent(f"{value:#.{digits}g}".rstrip("."))


def scientific(value: float, most: int) -> str:
    """A number with an exponent, in at most so many characters as long as one digit fits: 3.91e-4, 2e-12."""
    texts = [_exponent(f"{value:.{decimals}e}") for decimals in (2, 1, 0)]
    return next((text for text in texts if len(text) <= most), texts[-1])


def short(value: object) -> str:
    """A setting in the fewest characters, as it is typed: 1e-4, 0.25, on."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, float):
        text = f"{value:e}"
        mantissa, exponent = text.split("e")
        if value and int(exponent) <= -3:
            return f"{float(mantissa):g}e{int(exponent)}"
        return f"{value:g}"
    return str(value)


def brief(name: str, most: int = 28) -> str:
    """Somebody's own name within a sentence: not too long, and without turning the words beside it round."""
    end = len(name)
    if end > most:
        end = most - 1
        while end and _joined(name, end):
            end -= 1
    text = name if end == len(name) else f"{name[:end].rstrip()}…"
    turns = any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in text)
    return f"\u2068{text}\u2069" if turns else text


def _joined(name: str, place: int) -> bool:
    """Whether the character at a place belongs to the one before it."""
    joins = name[place - 1] == _JOINER or name[place] == _JOINER
    return joins or bool(unicodedata.combining(name[place])) or unicodedata.category(name[place]) == "Mn"


def count(number: int, noun: str) -> str:
    """A number of things: 1 sample, 1,204 samples."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def decimals_of(value: float, before: int | None = None) -> int:
    """Decimals that give a value four figures; ``before`` is kept where that is nearly so."""
    if not math.isfinite(value) or value <= 0:
        return _DECIMALS if before is None else before
    if before is not None and 0.9 <= value / 10 ** (3 - before) < 11:
        return before
    return min(_DECIMALS, max(0, 3 - math.floor(math.log10(value))))


def fixed(value: float, decimals: int) -> str:
    """A number with so many decimals, or with an exponent where they would not show it."""
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "∞" if value > 0 else "−∞"
    shows = value == 0 or 9.5 <= abs(value) * 10**decimals < 10 ** (decimals + 6)
    return f"{value:.{decimals}f}".replace("-", "−") if shows else _exponent(f"{value:.1e}")


def _exponent(text: str) -> str:
    """A number's text with a true minus sign, and an exponent without zeros, as it is typed."""
    mantissa, mark, exponent = text.partition("e")
    return mantissa.replace("-", "−") + (f"e{int(exponent)}" if mark else "")
