"""``eh-interop forms`` as its users run it."""

import json

import click
import pytest
from click.testing import CliRunner

from eh_interop.cli import main
from eh_interop.standard.forms import load_forms


def run(*arguments):
    return CliRunner().invoke(main, ["forms", *arguments], standalone_mode=False)


def test_the_list_counts_labels_and_places():
    head, *lines = run().stdout.splitlines()
    assert head.split()[:3] == ["form", "record", "labels"]
    forms = load_forms()
    for form, line in zip(forms, lines, strict=False):
        placed = len(form.labels) - len(form.homeless)
        assert line.split()[:4] == [form.key, form.record, str(len(form.labels)), str(placed)]
    assert lines[-1].startswith(f"{len(forms)} forms, ")


def test_one_form_shows_where_its_labels_go():
    page = run("marf-lambeth").stdout
    assert "London Borough of Lambeth" in page
    assert "marf /referredOn" in page


def test_a_label_without_a_place_shows_why():
    form = next(each for each in load_forms() if each.homeless)
    assert "no place" in run(form.key).stdout
    assert "none, because" in run(form.key).stdout


@pytest.mark.parametrize("form", [each.key for each in load_forms()])
def test_json_has_every_field(form):
    facts = json.loads(run(form, "--format", "json").stdout)
    assert 0 < facts["withPlace"] <= facts["labels"] <= len(facts["fields"])


def test_json_of_all():
    assert len(json.loads(run("--format", "json").stdout)) == len(load_forms())


def test_a_wrong_name_suggests_the_right_one():
    problem = run("marf-lambet").exception
    assert isinstance(problem, click.UsageError)
    assert "marf-lambeth" in problem.message
