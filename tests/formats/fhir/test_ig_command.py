"""``eh-interop fhir ig`` as its users run it."""

import json

import click
import pytest
from click.testing import CliRunner

from eh_interop.cli import main
from eh_interop.core.errors import StandardError


def run(*arguments):
    return CliRunner().invoke(main, ["fhir", "ig", *arguments], standalone_mode=False)


def test_it_writes_a_package_and_says_where(tmp_path):
    result = run("--out", str(tmp_path / "guide"))
    package = tmp_path / "guide" / "package"
    assert result.exception is None
    files = [path for path in package.glob("*.json") if path.name != "package.json"]
    definitions = [file for file in files if not file.name.startswith(".")]
    examples = list((package / "example").glob("Bundle-*.json"))
    assert examples
    said = f"{package}: {len(definitions)} definitions, {len(examples)} examples.\n"
    assert result.stdout == said
    assert json.loads((package / "package.json").read_bytes())["name"] == "uk.eh-interop"


def test_it_needs_to_know_where():
    assert isinstance(run().exception, click.MissingParameter)


def test_it_leaves_a_folder_of_somebody_else_alone(tmp_path):
    (tmp_path / "package").mkdir()
    with pytest.raises(StandardError, match="Choose another folder"):
        raise run("--out", str(tmp_path)).exception
