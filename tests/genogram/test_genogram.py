"""Genograms: who is drawn how, where, and in words."""

import itertools
import json
import re

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.helpers.support import AS_OF, EXAMPLES, example

from eh_interop.cli import main
from eh_interop.genogram import draw, genogram, read_family
from eh_interop.genogram.layout import generations, lay_out
from eh_interop.genogram.lines import couple_lines, descent_lines, outlines
from eh_interop.standard.schemas import load_standard

SVG = "{http://www.w3.org/2000/svg}"
RECORDS = sorted(
    path.relative_to(EXAMPLES).with_suffix("").as_posix() for path in EXAMPLES.rglob("*.json")
)


def family(record, names="first"):
    return read_family(record, names=names, as_of=AS_OF)


def drawn(record, **options):
    return etree.fromstring(genogram(record, as_of=AS_OF, **options).encode())


def figure(tree, name):
    """Find the group of somebody, by the name that stands below the symbol."""
    (person,) = (
        group
        for group in tree.iter(f"{SVG}g")
        if (group.findtext(f"{SVG}title") or "").startswith(f"{name}:")
    )
    return person


def shapes(group):
    return [shape.tag.removeprefix(SVG) for shape in group if shape.get("class") == "shape"]


def one(person, **more):
    record = {"children": [], "people": [{"id": "p1", "name": {"given": "Ash"}} | person]}
    return record | more


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        ({"sex": "M"}, "rect"),
        ({"sex": "F"}, "circle"),
        ({"sex": "U"}, "polygon"),
        ({}, "polygon"),
        ({"unborn": True, "sex": "U"}, "polygon"),
    ],
)
def test_each_sex_has_its_symbol(person, expected):
    assert shapes(figure(drawn(one(person)), "Ash")) == [expected]


def test_unborn_is_a_triangle_and_not_known_a_diamond():
    corners = {
        unborn: len(
            next(figure(drawn(one({"unborn": unborn})), "Ash").iter(f"{SVG}polygon"))
            .get("points")
            .split()
        )
        for unborn in (True, False)
    }
    assert corners == {True: 3, False: 4}


def test_children_of_the_record_have_a_double_outline():
    tree = drawn(example("gloucestershire/marf"))
    assert shapes(figure(tree, "Jonah")) == ["rect", "rect"]
    assert shapes(figure(tree, "Matthew")) == ["rect"]


@pytest.mark.parametrize("person", [{"deceased": True}, {"deceasedOn": "2020-01-01"}])
def test_who_has_died_is_crossed(person):
    group = figure(drawn(one(person)), "Ash")
    assert len(list(group.iter(f"{SVG}path"))) == 1
    assert "has died" in group.findtext(f"{SVG}title")


@pytest.mark.parametrize(
    ("status", "kind", "strokes"),
    [
        ("current", "spouse", 0),
        ("separated", "spouse", 1),
        ("divorced", "spouse", 2),
        ("ended", "partner", 2),
        ("", "former-partner", 2),
    ],
)
def test_strokes_say_how_a_couple_stands(status, kind, strokes):
    link = {"person": "p1", "relatedTo": "p2", "type": kind}
    record = {
        "people": [{"id": "p1", "sex": "F"}, {"id": "p2", "sex": "M"}],
        "relationships": [link | ({"status": status} if status else {})],
    }
    relatives = family(record)
    lines, _ = couple_lines(relatives, lay_out(relatives))
    assert sum(line.kind == "slash" for line in lines) == strokes
    assert sum(line.kind in {"married", "partners"} for line in lines) == 1


@pytest.mark.parametrize(
    ("kind", "style"),
    [("adoptive-parent", "adoptive"), ("foster-carer", "foster"), ("mother", "birth")],
)
def test_the_line_to_a_child_says_how_it_belongs(kind, style):
    record = {
        "children": [{"id": "c1"}],
        "people": [{"id": "p1"}],
        "relationships": [{"person": "p1", "relatedTo": "c1", "type": kind}],
    }
    relatives = family(record)
    lines, undrawn = descent_lines(relatives, lay_out(relatives), {})
    assert {line.kind for line in lines} == {style}
    assert undrawn == []


def test_generations_stand_above_one_another():
    relatives = family(example("gloucestershire/marf"))
    place = {person: number for number, row in enumerate(generations(relatives)) for person in row}
    assert place["p4"] < place["p2"] == place["p1"] == place["p3"] == place["p5"] < place["c1"]
    assert place["c1"] == place["c2"] == place["c3"] == place["c4"]


def test_brothers_and_sisters_stand_in_order_of_birth():
    relatives = family(example("gloucestershire/marf"))
    at = lay_out(relatives).at
    assert at["c1"][0] < at["c2"][0] < at["c3"][0]


def test_half_brothers_and_sisters_hang_from_their_own_parents():
    relatives = family(example("gloucestershire/marf"))
    groups = {(group.parents, group.children) for group in relatives.sibships if group.parents}
    assert (("p1", "p2"), ("c1", "c2", "c3")) in groups
    assert (("p1", "p3"), ("c4",)) in groups


def test_a_brother_shares_the_parents_that_only_one_of_them_names():
    record = {
        "children": [{"id": "c1"}, {"id": "c2"}],
        "people": [{"id": "p1"}],
        "relationships": [
            {"person": "p1", "relatedTo": "c1", "type": "mother"},
            {"person": "c2", "relatedTo": "c1", "type": "sibling"},
        ],
    }
    (group,) = family(record).sibships
    assert group.parents == ("p1",)
    assert set(group.children) == {"c1", "c2"}


def test_a_relation_said_from_the_childs_side_is_the_same():
    def groups(link):
        record = {"people": [{"id": "a"}, {"id": "b"}], "relationships": [link]}
        return family(record).sibships

    assert groups({"person": "a", "relatedTo": "b", "type": "parent"}) == groups(
        {"person": "b", "relatedTo": "a", "type": "child"}
    )


def test_a_child_with_two_homes_is_inside_both_and_others_are_in_neither():
    relatives = family(example("gloucestershire/marf"))
    layout = lay_out(relatives)
    areas = {area.name: area for area in outlines(relatives.homes, layout)}

    def inside(person, area):
        x, y = layout.at[person]
        return any(box.left < x < box.right and box.top < y < box.bottom for box in area.boxes)

    for home in relatives.homes:
        within = {person for person in relatives.members if inside(person, areas[home.name])}
        assert within == set(home.members)


def test_parental_responsibility_is_marked():
    tree = drawn(example("gloucestershire/marf"))
    labels = {
        name: " ".join(label.text for label in figure(tree, name).iter(f"{SVG}text"))
        for name in ("Matthew", "Adrian")
    }
    assert "PR: Freya, Jonah, Poppy" in labels["Matthew"]
    assert "PR" not in labels["Adrian"]


def test_words_say_everything_that_the_record_says():
    record = example("gloucestershire/marf")
    record["households"][0]["address"]["confidential"] = True
    words = drawn(record).findtext(f"{SVG}desc")
    assert "Pauline: mother of Matthew." in words
    assert "Adrian: partner of Rachel (separated)." in words
    assert "Matthew is not related to Unborn baby." in words
    assert "Rachel has parental responsibility for Freya, Jonah and Poppy." in words
    assert "Home: Mum's home (protected): Rachel, Freya, Jonah and Poppy." in words


def test_every_kind_of_relationship_can_be_drawn_and_said():
    for row in load_standard().codes("relationship-type"):
        record = {
            "children": [{"id": "c1", "name": {"given": "Kit"}}],
            "people": [{"id": "p1", "name": {"given": "Ash"}}],
            "relationships": [{"person": "p1", "relatedTo": "c1", "type": row.code}],
        }
        words = drawn(record).findtext(f"{SVG}desc")
        assert re.search(r"Ash(:| is| has| lives).*Kit", words.split("not known. ", 2)[-1])


def test_initials_show_no_name():
    text = genogram(example("gloucestershire/marf"), as_of=AS_OF, names="initials")
    assert "F.D." in text
    for name in ("Freya", "Dacre", "Rachel", "Pauline", "Ellery"):
        assert name not in text.replace("Home: ", "").replace("Mum's home", "")


def test_two_people_of_one_name_are_told_apart():
    record = {
        "children": [{"id": "c1", "name": {"given": "Sam", "family": "Reed"}}],
        "people": [{"id": "p1", "name": {"given": "Sam", "family": "Hill"}}],
    }
    assert {member.name for member in family(record).members.values()} == {"Sam R", "Sam H"}


@pytest.mark.parametrize(
    ("person", "age"),
    [
        ({"dateOfBirth": "2010-11-01"}, "16"),
        ({"dateOfBirth": "2010-11-02"}, "15"),
        ({"dateOfBirth": "2010-11-01", "dateOfBirthEstimated": True}, "about 16"),
        ({"estimatedAge": 30}, "about 30"),
        ({"dateOfBirth": "1950-05-05", "deceasedOn": "2000-05-04"}, "49"),
        ({"dateOfBirth": "1950-05-05", "deceased": True}, ""),
        ({"dateOfBirth": "2030-01-01"}, ""),
        ({"dateOfBirth": "not a date"}, ""),
        ({}, ""),
    ],
)
def test_ages(person, age):
    assert family(one(person)).members["p1"].age == age


def test_people_do_not_stand_on_one_another():
    for name in RECORDS:
        layout = lay_out(family(example(name)))
        for row in layout.row_order:
            across = [layout.at[person][0] for person in row]
            assert all(b - a >= 131 for a, b in itertools.pairwise(across)), name


@pytest.mark.parametrize("name", RECORDS)
def test_every_example_is_drawn(name):
    record = example(name)
    tree = drawn(record)
    listed = [*record.get("children", []), *record.get("people", [])]
    assert sum("shape" in (e.get("class") or "") for e in tree.iter()) >= len(listed)
    assert tree.get("role") == "img"


def test_a_circle_of_parents_is_said_and_not_drawn():
    record = {
        "children": [{"id": "a", "name": {"given": "Ash"}}],
        "people": [{"id": "b", "name": {"given": "Bo"}}],
        "relationships": [
            {"person": "a", "relatedTo": "b", "type": "parent"},
            {"person": "b", "relatedTo": "a", "type": "parent"},
        ],
    }
    text = genogram(record, as_of=AS_OF)
    assert "contradict each other" in text
    assert "Ash: parent of Bo." in text
    assert "Bo: parent of Ash." in text


IDS = [f"x{number}" for number in range(20)]
KINDS = [row.code for row in load_standard().codes("relationship-type")]
LINK = st.fixed_dictionaries(
    {
        "person": st.sampled_from([*IDS, "nobody"]),
        "relatedTo": st.sampled_from([*IDS, "nobody"]),
        "type": st.sampled_from([*KINDS, "unheard-of"]),
        "status": st.sampled_from(["", "current", "separated", "divorced", "ended", "deceased"]),
    }
)
FAMILY = st.fixed_dictionaries(
    {
        "children": st.lists(st.sampled_from(IDS[:4]).map(lambda name: {"id": name}), max_size=4),
        "people": st.lists(
            st.fixed_dictionaries(
                {"id": st.sampled_from(IDS), "sex": st.sampled_from("MFU")},
            ),
            max_size=20,
        ),
        "relationships": st.lists(LINK, max_size=40),
        "households": st.lists(
            st.fixed_dictionaries({"members": st.lists(st.sampled_from(IDS), max_size=8)}),
            max_size=5,
        ),
    }
)


@settings(max_examples=150, deadline=None)
@given(FAMILY)
def test_no_family_is_too_odd(record):
    relatives = family(record)
    text = draw(relatives, title="Genogram", prefix="g")
    etree.fromstring(text.encode())
    assert "nan" not in text
    assert text == draw(family(record), title="Genogram", prefix="g")
    assert {person for row in lay_out(relatives).row_order for person in row} == set(
        relatives.members
    )


NOT_NAMED = "Not named: sex not known, age not known."


@pytest.mark.parametrize(
    ("record", "figures", "words"),
    [
        ({}, 0, "The record lists nobody."),
        (
            {"children": None, "people": "none", "relationships": {}, "households": [1]},
            0,
            "The record lists nobody.",
        ),
        (
            {"people": [{"id": "a", "name": 3, "dateOfBirth": 4, "estimatedAge": "x"}, 5, {}]},
            1,
            NOT_NAMED,
        ),
        (
            {"people": [{"id": "a"}], "relationships": [{"person": "a", "relatedTo": "a"}]},
            1,
            NOT_NAMED,
        ),
        ({"people": [{"id": "a"}, {"id": "a"}]}, 1, NOT_NAMED),
    ],
)
def test_half_filled_records_are_drawn(record, figures, words):
    """What cannot be read is passed over; everybody with an id is drawn once, and described."""
    tree = drawn(record)
    people = [group for group in tree.iter(f"{SVG}g") if group.find(f"{SVG}title") is not None]
    assert [group.findtext(f"{SVG}title") for group in people] == [NOT_NAMED[:-1]] * figures
    assert tree.findtext(f"{SVG}desc") == words
    assert not list(tree.iter(f"{SVG}mask"))


def test_names_cannot_become_markup():
    record = one(
        {"name": {"given": "<script>alert(1)</script>"}},
        households=[{"members": ["p1"], "name": '"><script>'}],
    )
    assert "<script" not in genogram(record, as_of=AS_OF)


def run(*arguments, **more):
    return CliRunner().invoke(main, ["genogram", *arguments], standalone_mode=False, **more)


def test_the_command_writes_a_file(tmp_path):
    source = EXAMPLES / "gloucestershire" / "marf.json"
    out = tmp_path / "family.svg"
    result = run(str(source), "--out", str(out), "--as-of", "2026-11-01")
    assert (result.exit_code, result.stdout) == (0, "")
    assert out.read_text("utf-8") == genogram(example("gloucestershire/marf"), as_of=AS_OF)


def test_the_command_reads_standard_input():
    text = json.dumps(example("minimal/plan"))
    assert run("-", "--names", "initials", input=text).stdout.startswith("<svg")


@pytest.mark.parametrize("text", ["", "[]", "{"])
def test_what_cannot_be_read_is_said(text):
    error = run("-", input=text).exception
    assert error.exit_code == 3
    assert str(error)


def test_several_records_are_not_one_family():
    line = json.dumps(example("minimal/plan"))
    error = run("-", input=f"{line}\n{line}\n").exception
    assert "more than one record" in str(error)
