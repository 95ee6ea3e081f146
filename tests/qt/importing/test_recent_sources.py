from __future__ import annotations

from pathlib import Path

from aegui.qt.importing.recent import forget_source, recent_sources, remember_source
from aegui.qt.settings import Settings
from aegui.spec import ImagesSource, TableSource


def settings_of(folder: Path) -> Settings:
    return Settings(folder / "settings.json")


def test_that_sources_are_remembered_with_their_options_the_last_first(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    table, pictures = TableSource(path="a.csv", missing="zero"), ImagesSource(path="flowers", height=32)
    remember_source(settings, table)
    remember_source(settings, pictures)
    assert recent_sources(settings_of(tmp_path)) == (pictures, table)


def test_that_of_one_file_only_the_last_options_are_kept(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    remember_source(settings, TableSource(path="a.csv"))
    remember_source(settings, TableSource(path="a.csv", label=""))
    assert recent_sources(settings) == (TableSource(path="a.csv", label=""),)


def test_that_a_file_that_is_gone_is_forgotten(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    remember_source(settings, TableSource(path="a.csv"))
    remember_source(settings, TableSource(path="b.csv"))
    forget_source(settings, TableSource(path="a.csv", label=""))
    assert recent_sources(settings) == (TableSource(path="b.csv"),)


def test_that_what_another_version_wrote_is_left_out(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    remember_source(settings, TableSource(path="a.csv"))
    settings.recent_data = ['{"kind": "parquet", "path": "x"}', "no JSON", *settings.recent_data]
    assert recent_sources(settings) == (TableSource(path="a.csv"),)
