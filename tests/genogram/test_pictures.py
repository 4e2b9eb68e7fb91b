"""What is drawn can be read: families as data, and families nobody thought of."""

from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from lxml import etree
from tests.genogram.test_genogram import FAMILY, SVG, family
from tests.helpers.support import EXAMPLES, example

from eh_interop.genogram import draw
from eh_interop.genogram.bridges import with_bridges
from eh_interop.genogram.layout import SIZE, lay_out
from eh_interop.genogram.letters import measure
from eh_interop.genogram.lines import DrawnLine, couple_lines, descent_lines


def record(children, relationships, homes=(), **facts):
    """Build a record from short texts: "p1 mother c1" says how p1 belongs to c1."""
    links = [line.split() for line in relationships]
    ids = dict.fromkeys(one for person, _, other in links for one in (person, other))
    people = {one: {"id": one, "name": {"given": one.title()}} | facts.get(one, {}) for one in ids}
    return {
        "children": [people.pop(one) for one in children],
        "people": list(people.values()),
        "relationships": [
            {"person": person, "type": kind, "relatedTo": other} for person, kind, other in links
        ],
        "households": [{"members": home.split()} for home in homes],
    }


EIGHT = [f"child{number}" for number in range(8)]
FAMILIES = {
    "three generations": record(
        ["kit"],
        [
            "gran mother mum",
            "grandad father mum",
            "nan mother dad",
            "aunt sibling mum",
            "mum mother kit",
            "dad father kit",
            "mum partner dad",
            "uncle sibling dad",
        ],
    ),
    "half-siblings": record(
        ["kit", "ash"],
        [
            "mum mother kit",
            "dad father kit",
            "mum mother ash",
            "paul father ash",
            "mum former-partner dad",
            "mum partner paul",
            "dad father jo",
            "ann mother jo",
        ],
        ["mum paul kit ash", "dad ann jo"],
    ),
    "twins, unborn, deceased": record(
        ["kit", "ash", "baby"],
        ["kit twin ash", "mum mother kit", "dad father kit", "mum mother baby", "kit sibling ash"],
        baby={"unborn": True},
        dad={"deceased": True},
    ),
    "two homes": record(
        ["kit", "ash"],
        ["mum mother kit", "dad father kit", "kit sibling ash", "gran mother dad"],
        ["mum kit ash", "dad gran kit ash"],
    ),
    "foster carers": record(
        ["kit"],
        [
            "mum mother kit",
            "carer foster-carer kit",
            "second foster-carer kit",
            "carer spouse second",
        ],
        ["carer second kit"],
    ),
    "eight children": record(
        EIGHT,
        [f"mum mother {child}" for child in EIGHT] + [f"dad father {child}" for child in EIGHT],
        [f"mum {' '.join(EIGHT)}"],
        child3={"name": {"given": "Maximiliana-Wilhelmina"}},
        child4={"name": {"given": "Bartholomew-MMMMM"}},
    ),
}
RECORDS = {path.stem: path for path in sorted(EXAMPLES.glob("gloucestershire/*.json"))}


def lines_of(relatives):
    layout = lay_out(relatives)
    couples, middles = couple_lines(relatives, layout)
    return layout, [*couples, *descent_lines(relatives, layout, middles)[0]]


def touches(piece, box):
    """Tell whether a piece that is level or upright, or its middle, lies inside a box."""
    (x1, y1), (x2, y2) = piece
    left, top, right, bottom = box
    steps = 60
    return any(
        left < x1 + (x2 - x1) * step / steps < right
        and top < y1 + (y2 - y1) * step / steps < bottom
        for step in range(steps + 1)
    )


def legible(record):
    relatives = family(record)
    layout, lines = lines_of(relatives)
    for x, y in layout.at.values():
        box = (x - SIZE / 2 + 1, y - SIZE / 2 + 1, x + SIZE / 2 - 1, y + SIZE / 2 - 1)
        for line in lines:
            assert not any(touches(piece, box) for piece in pairwise(line.points)), line
    tree = etree.fromstring(draw(relatives).encode())
    _, _, width, height = map(float, tree.get("viewBox").split())
    drawing, key = tree.findall(f"{SVG}g")
    shift, top = map(float, drawing.get("transform")[10:-1].split())
    boxes = [text_box(text, shift, top) for text in drawing.iter(f"{SVG}text")]
    for one, other in combinations(boxes, 2):
        apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
        assert apart, (one, other)
    points = [(shift + x, top + y) for line in lines for x, y in line.points]
    edges = [(x, y) for left, up, right, low in boxes for x, y in ((left, up), (right, low))]
    assert all(0 <= x <= width and 0 <= y <= height for x, y in [*points, *edges])
    for text in key.iter(f"{SVG}text"):
        assert float(text.get("x")) + measure(text.text, 13.0) <= width


def text_box(text, shift, top):
    words = "".join(text.itertext())
    (span,) = text.findall(f"{SVG}tspan") or [text]
    size = float(span.get("font-size") or (12 if text.get("class") == "tag" else 14))
    # Letters below a name are not bold.
    half = measure(words, size) / 2 * (0.85 if text.get("class") == "tag" else 1)
    x, y = shift + float(text.get("x")), top + float(text.get("y"))
    return x - half, y - 0.72 * size, x + half, y + 0.2 * size


@pytest.mark.parametrize("name", FAMILIES)
def test_a_family_can_be_read(name):
    legible(FAMILIES[name])


@pytest.mark.parametrize("name", RECORDS)
def test_an_example_can_be_read(name):
    legible(example(f"gloucestershire/{name}"))


@settings(max_examples=100, deadline=None)
@given(FAMILY)
def test_any_family_can_be_read(record):
    legible(record)


def test_a_line_steps_over_another_that_it_crosses_and_over_none_that_it_meets():
    level = DrawnLine(((0, 50), (100, 50)), "birth")
    crossing = DrawnLine(((40, 0), (40, 100)), "birth")
    meeting = DrawnLine(((70, 50), (70, 100)), "birth")
    bridges = dict(with_bridges([level, crossing, meeting]))
    assert bridges == {level: [[(40, 50)]], crossing: [[]], meeting: [[]]}


def test_brothers_and_sisters_of_the_example_are_not_joined_to_a_grandmother():
    _, lines = lines_of(family(example("gloucestershire/marf")))
    assert sum(len(over) for _, pieces in with_bridges(lines) for over in pieces) == 1
    assert draw(family(example("gloucestershire/marf"))).count("A4.5 4.5") == 1
