"""``eh-interop doctor`` as its users run it."""

import shutil
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner

import eh_interop
from eh_interop import load_standard
from eh_interop.cli import main
from eh_interop.core import resources
from eh_interop.standard.areas import area_names, load_area
from eh_interop.standard.guidance import clauses, documents


def run():
    return CliRunner().invoke(main, ["doctor"], standalone_mode=False)


def test_a_whole_installation_is_well():
    result = run()
    assert result.return_value == 0
    assert result.stdout.endswith("All is well.\n")
    assert eh_interop.__version__ in result.stdout
    assert orjson.__version__ in result.stdout
    assert f"{len(load_standard().record_types)} record types" in result.stdout
    assert ", ".join(area_names()) in result.stdout


def test_no_path_but_that_of_the_package_is_told():
    package = str(Path(eh_interop.__file__).parent)
    text = run().stdout
    assert package in text
    assert "/" not in text.replace(package, "").replace("\\", "/")


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """Let the toolkit read a copy of its data that a test may break."""
    folders = {name: resources.folder(name) for name in ("schemas", "mappings", "examples")}
    for name, path in folders.items():
        shutil.copytree(path, tmp_path / name)
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path / "nowhere" / "package")
    keep = [resources.folder, load_standard, load_area, area_names, clauses, documents]
    for each in keep:
        each.cache_clear()
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path / "src" / "eh_interop")
    yield tmp_path
    monkeypatch.undo()
    for each in keep:
        each.cache_clear()


def test_a_broken_schema_gives_exit_code_4(copied):
    (copied / "schemas/1.0/types/child.schema.json").write_text("{", "utf-8")
    result = run()
    assert result.return_value == 4
    assert "child.schema.json" in result.stdout
    assert "Something is broken" in result.stdout


def test_missing_data_gives_exit_code_4(copied):
    shutil.rmtree(copied / "mappings")
    result = run()
    assert result.return_value == 4
    assert "mappings" in result.stdout


def test_a_broken_area_gives_exit_code_4(copied):
    (copied / "schemas/areas/staffordshire.toml").write_text("area = ", "utf-8")
    result = run()
    assert result.return_value == 4
    assert "staffordshire.toml" in result.stdout
