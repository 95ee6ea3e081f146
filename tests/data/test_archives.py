"""Archives at the lowest level: whatever one says about itself, reading it ends in a foreseen error."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from fuzzing import cuts, lies

from aegui.data.archives import DAMAGES, opened_archive, opened_member

CONTENT = bytes(range(200))
FORESEEN = (*DAMAGES, NotImplementedError, RuntimeError)  # as the docstrings say


def packed(packing: int) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", packing) as opened:
        member = zipfile.ZipInfo("member")  # of a fixed date, so that each run tries the same
        member.compress_type = packing
        opened.writestr(member, CONTENT)
    return archive.getvalue()


def unpack(path: Path) -> None:
    with opened_archive(path) as archive:
        for info in archive.infolist():
            with opened_member(archive, info) as member:
                member.read()


@pytest.mark.parametrize("packing", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED], ids=["stored", "deflated"])
def test_that_every_lie_of_an_archive_is_a_foreseen_error(tmp_path: Path, packing: int) -> None:
    path, whole, refused = tmp_path / "lying.zip", packed(packing), 0
    for spoilt in (*cuts(whole), *lies(whole, -130)):
        path.write_bytes(spoilt)
        try:
            unpack(path)
        except FORESEEN:
            refused += 1
    assert refused > 1000


@pytest.mark.parametrize("declared", [0, 2**31, 2**32 - 2])
def test_that_a_place_before_the_beginning_is_a_damage(tmp_path: Path, declared: int) -> None:
    whole = packed(zipfile.ZIP_STORED)
    size = whole.rindex(b"PK\x05\x06") + 12  # of the list of members, from which its beginning follows
    path = tmp_path / "lying.zip"
    path.write_bytes(whole[: size + 4] + declared.to_bytes(4, "little") + whole[size + 8 :])
    with pytest.raises(zipfile.BadZipFile):
        unpack(path)


def test_that_an_empty_archive_is_no_damage(tmp_path: Path) -> None:
    path = tmp_path / "empty.zip"
    with zipfile.ZipFile(path, "w"):
        pass
    unpack(path)


def test_that_a_fault_of_the_disk_is_no_damage(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        unpack(tmp_path / "none.zip")
