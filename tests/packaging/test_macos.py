"""What macOS reads of the program, and the script that makes the disk image: they cannot run here."""

from __future__ import annotations

import plistlib
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from PIL import Image

import aegui
from tests.packaging.scripts import PACKAGING, module
from tests.packaging.specs import frozen_on

MACOS = PACKAGING / "macos"
BUILD = (MACOS / "build").read_text(encoding="utf-8")
MIME = "{http://www.freedesktop.org/standards/shared-mime-info}"

bundle = module("bundle")
icons = module("make_icons")


def test_that_the_program_is_one_app_with_a_window(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AEGUI_SIGN_IDENTITY", "Developer ID Application: Somebody (TEAM)")
    made = frozen_on("darwin", monkeypatch, tmp_path)
    assert made.programs == {"aegui": False}
    assert made.bundle["name"] == "aegui.app"
    assert made.bundle["version"] == aegui.__version__
    assert made.signing == {
        ("Developer ID Application: Somebody (TEAM)", str(MACOS / "entitlements.plist")),
    }
    told = made.bundle["info_plist"]
    named = {kind["CFBundleTypeIconFile"] for kind in told["CFBundleDocumentTypes"]}
    assert named | {"aegui.icns"} == {name for name in made.datas if name.endswith(".icns")}
    assert Path(made.bundle["icon"]).name == "aegui.icns"


def test_that_linux_gets_one_program_and_its_icons_by_the_theme(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("AEGUI_SIGN_IDENTITY", raising=False)
    made = frozen_on("linux", monkeypatch, tmp_path)
    assert made.programs == {"aegui": True}
    assert made.icons == {None}
    assert made.versions == [None]
    assert {identity for identity, _ in made.signing} == {None}
    assert not made.bundle
    assert not {name for name in made.datas if name.startswith("aegui")}
    assert (tmp_path / "icons" / "48x48" / "apps" / "aegui.png").is_file()


def test_that_what_the_system_reads_can_be_written() -> None:
    told = plistlib.loads(plistlib.dumps(bundle.information("14.0")))
    assert told["LSMinimumSystemVersion"] == "14.0"
    assert told["NSHighResolutionCapable"] is True
    rights = plistlib.loads((MACOS / "entitlements.plist").read_bytes())
    assert rights and all(name.startswith("com.apple.security.cs.") for name in rights)


def test_that_the_types_of_files_are_those_of_linux() -> None:
    package, experiment = ET.parse(PACKAGING / "linux" / "aegui.xml").getroot().findall(f"{MIME}mime-type")
    told = bundle.information("14.0")
    (declared,) = told["UTExportedTypeDeclarations"]
    tags = declared["UTTypeTagSpecification"]
    assert [f"*.{e}" for e in tags["public.filename-extension"]] == [
        glob.attrib["pattern"] for glob in package.findall(f"{MIME}glob")
    ]
    assert tags["public.mime-type"] == [package.attrib["type"]]
    owned, offered = told["CFBundleDocumentTypes"]
    assert owned["LSItemContentTypes"] == [declared["UTTypeIdentifier"]]
    assert owned["LSHandlerRank"] == "Owner"
    endings = {glob.attrib["pattern"].rpartition(".")[2] for glob in experiment.findall(f"{MIME}glob")}
    assert set(offered["CFBundleTypeExtensions"]) == endings
    assert offered["LSHandlerRank"] == "Alternate"  # other programs own them


def test_that_the_oldest_system_is_that_of_the_most_demanding_wheel(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    wheels = {
        "anywhere": ("py3-none-any",),
        "modest": ("cp311-abi3-macosx_10_13_universal2", "cp311-abi3-macosx_13_0_universal2"),
        "demanding": ("cp311-cp311-macosx_14_0_arm64",),
        "outside": ("cp311-cp311-macosx_15_0_arm64",),
    }
    for name, tags in wheels.items():
        folder = tmp_path / f"{name}-1.0.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(f"Name: {name}\nVersion: 1.0\n", encoding="utf-8")
        (folder / "WHEEL").write_text("".join(f"Tag: {tag}\n" for tag in tags), encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert bundle.oldest_system(["anywhere", "modest", "Python"]) == "11.0"
    assert bundle.oldest_system(["anywhere", "modest", "demanding"]) == "14.0"


@pytest.mark.parametrize("kind", ["ico", "icns"])
def test_that_one_file_holds_an_icon_in_all_sizes(kind: str, tmp_path: Path) -> None:
    files = icons.make_icon_files(tmp_path, kind)
    assert [path.name for path in files] == [
        f"{n}.{kind}" for n in ("aegui", "aegui-package", "aegui-experiment")
    ]
    for path in files:
        with Image.open(path) as image:
            sizes = list(image.info["sizes"])
        drawn = [_loaded(path, size) for size in sizes]
        assert {image.width for image in drawn} == set(icons._SIZES_IN_ONE[kind])
        for image in drawn:
            assert image.width == image.height
            assert len(image.convert("RGBA").getcolors(image.width * image.height) or ()) > 20, image.size


def _loaded(path: Path, size: tuple[int, ...]) -> Image.Image:
    """One of the pictures in a file; on macOS its size may be told in points, with pixels to a point."""
    with Image.open(path) as image:
        image.size = size[:2]
        image.load(*size[2:])
        return image.copy()


def test_that_the_small_icon_is_a_drawing_of_its_own(tmp_path: Path) -> None:
    icons.make_icons(tmp_path)
    icons.make_icon_files(tmp_path, "ico")
    with Image.open(tmp_path / "aegui.ico") as held, Image.open(tmp_path / "24x24/apps/aegui.png") as drawn:
        held.size = (24, 24)
        assert held.convert("RGBA").tobytes() == drawn.convert("RGBA").tobytes()


def test_that_the_image_has_the_name_of_the_release() -> None:
    assert "name=aegui-$version-macos-$(uname -m)\n" in BUILD
    assert "image=$out/$name.dmg\n" in BUILD
    assert "aegui-1.2.3-macos-arm64.dmg" in module("release").files("1.2.3")


def test_that_it_is_signed_before_it_is_tried_and_packed_after() -> None:
    steps = [name.split()[-1] for name in re.findall(r'step "[^"]+" (\w+)', BUILD)]
    order = ["freeze", "check_app", "smoke", "notarise_app", "make_image", "sign_image", "notarise_image"]
    assert [step for step in steps if step in order] == order


def test_that_the_script_asks_no_newer_bash_than_macos_has() -> None:
    assert not re.search(
        r"\b(mapfile|readarray|declare -A|local -n|coproc)\b|\$\{\w+[,^]{1,2}\}|&>>|\|&", BUILD
    )
