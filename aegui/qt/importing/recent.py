"""The sources of one's own that were used before, kept from one start to the next."""

from __future__ import annotations

import json
from functools import cache

from pydantic import TypeAdapter, ValidationError

from aegui.qt.settings import Settings
from aegui.spec import Source, plain


def recent_sources(settings: Settings) -> tuple[Source, ...]:
    """Sources with their options, the last first; without what this version cannot read."""
    found = []
    for text in settings.recent_data:
        try:
            found.append(_adapter().validate_json(text))
        except ValidationError:
            continue
    return tuple(found)


def remember_source(settings: Settings, source: Source) -> None:
    """Puts a source first; of one path only the last options are kept."""
    others = [s for s in recent_sources(settings) if s.path != source.path]
    settings.recent_data = [json.dumps(plain(s)) for s in (source, *others)]


def forget_source(settings: Settings, source: Source) -> None:
    """Takes a source out whose file is gone."""
    settings.recent_data = [json.dumps(plain(s)) for s in recent_sources(settings) if s.path != source.path]


@cache
def _adapter() -> TypeAdapter[Source]:
    return TypeAdapter(Source)
