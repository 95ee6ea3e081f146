"""Writes the bill of materials of a frozen folder: ``python packaging/sbom.py FROZEN aegui.cdx.json``.

CycloneDX 1.6 in JSON, made from the list of parts that ``packaging/licensing.py`` leaves in the folder, with
the data sets on board. What a library has linked into its own wheel is that library's matter, and is not
listed. Needs nothing but Python. The same folder gives the same bytes.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
import uuid
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# An expression of SPDX. Other names of licences, "BSD License" for one, are kept as they are told.
_EXPRESSION = re.compile(r"[A-Za-z0-9.+-]*\d[A-Za-z0-9.+-]*|ISC|MIT|Zlib|Unlicense")
_JOINED = re.compile(r" (?:AND|OR|WITH) |[()]")

Component = dict[str, object]


def bill_of(frozen: Path, data: Path, version: str) -> dict[str, object]:
    """The bill of a folder, with the data sets that ``data`` holds the licences of."""
    parts = json.loads(_listing(frozen).read_text(encoding="utf-8"))
    components = [*map(_library, parts), *map(_data, sorted(data.glob("*.md")))]
    bill = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": "aegui",
                "name": "aegui",
                "version": version,
                "licenses": [{"license": {"id": "MIT"}}],
            }
        },
        "components": components,
        "dependencies": [{"ref": "aegui", "dependsOn": [str(c["bom-ref"]) for c in components]}],
    }
    serial = uuid.uuid5(uuid.NAMESPACE_OID, json.dumps(bill, sort_keys=True))
    return bill | {"serialNumber": serial.urn}


def _listing(frozen: Path) -> Path:
    """On macOS the folder is that of the resources in the bundle."""
    places = (frozen / inside / "licences" / "parts.json" for inside in ("_internal", "."))
    return next(place for place in places if place.is_file())


def _library(part: dict[str, str]) -> Component:
    name, version = part["name"], part["version"]
    key = re.sub(r"[-_.]+", "-", name).lower()
    published = version.partition("+")[0]
    address = f"pkg:generic/cpython@{version}" if name == "Python" else f"pkg:pypi/{key}@{published}"
    component: Component = {
        "type": "library",
        "bom-ref": address,
        "name": name,
        "version": version,
        "purl": address,
        "licenses": [_licence(part["licence"])],
    }
    if part["homepage"]:
        component["externalReferences"] = [{"type": "website", "url": part["homepage"]}]
    return component


def _licence(told: str) -> dict[str, object]:
    if all(_EXPRESSION.fullmatch(word) for word in _JOINED.split(told) if word):
        return {"expression": told}
    return {"license": {"name": told}}


def _data(path: Path) -> Component:
    title = path.read_text(encoding="utf-8").partition("\n")[0]
    licence: Component = {"license": {"name": f"see resources/licences/{path.name}"}}
    return {
        "type": "data",
        "bom-ref": f"data:{path.stem}",
        "name": title.lstrip("# "),
        "licenses": [licence],
    }


def main() -> None:
    frozen, target = map(Path, sys.argv[1:])
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    bill = bill_of(frozen, ROOT / "resources" / "licences", project["version"])
    target.write_text(json.dumps(bill, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
