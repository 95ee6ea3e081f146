"""What macOS reads of the program before it starts, for ``packaging/aegui.spec``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.metadata import Distribution, distributions

_OLDEST = (11, 0)  # the first macOS on Apple's own processors
_SYSTEM = re.compile(r"^Tag: .*-macosx_(\d+)_(\d+)_", re.MULTILINE)
_PACKAGE = "aegui.package"


def information(minimum: str) -> dict[str, object]:
    """Entries of ``Info.plist``; ``minimum`` is the oldest macOS that the program starts on.

    Types are told by the last ending of a name alone, so that experiment files are TOML like many others:
    aegui is offered for them, and takes them from no editor.
    """
    return {
        "LSMinimumSystemVersion": minimum,
        "NSHighResolutionCapable": True,
        "NSHumanReadableCopyright": "The aegui authors, MIT licence",
        "LSApplicationCategoryType": "public.app-category.education",
        "CFBundleDocumentTypes": [
            {
                "CFBundleTypeName": "Package of aegui",
                "CFBundleTypeRole": "Editor",
                "CFBundleTypeIconFile": "aegui-package.icns",
                "LSHandlerRank": "Owner",
                "LSItemContentTypes": [_PACKAGE],
            },
            {
                "CFBundleTypeName": "Experiment of aegui",
                "CFBundleTypeRole": "Editor",
                "CFBundleTypeIconFile": "aegui-experiment.icns",
                "LSHandlerRank": "Alternate",
                "CFBundleTypeExtensions": ["toml"],
            },
        ],
        "UTExportedTypeDeclarations": [
            {
                "UTTypeIdentifier": _PACKAGE,
                "UTTypeDescription": "Package of aegui",
                "UTTypeIconFile": "aegui-package.icns",
                "UTTypeConformsTo": ["public.zip-archive"],
                "UTTypeTagSpecification": {
                    "public.filename-extension": ["aegui"],
                    "public.mime-type": ["application/vnd.aegui.package"],
                },
            }
        ],
    }


def oldest_system(names: Iterable[str]) -> str:
    """The oldest macOS that every one of these distributions was built for.

    pip takes the wheels that suit the machine it runs on, and those of numerical libraries are made for
    rather new systems.
    """
    wanted = set(names)
    found = (_built_for(d) for d in distributions() if d.name in wanted)
    return ".".join(map(str, max((_OLDEST, *filter(None, found)))))


def _built_for(distribution: Distribution) -> tuple[int, int] | None:
    """The oldest system among those that a wheel names; None where it does not depend on the system."""
    text = distribution.read_text("WHEEL") or ""
    return min(((int(m[1]), int(m[2])) for m in _SYSTEM.finditer(text)), default=None)
