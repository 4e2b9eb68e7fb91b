"""Whole forms: what is read, what is not, and what is never an answer."""

import io

import pytest
from tests.helpers.form_files import (
    REFERRAL,
    bold,
    box,
    cell,
    control,
    docx,
    field,
    grid,
    heading,
    italic,
    label,
    pairs,
    paragraph,
    run,
    struck,
    table,
    yes_no,
)

from eh_interop.checks.record import check_record
from eh_interop.core.findings import Disposition
from eh_interop.core.pointer import all_places, resolve
from eh_interop.formats._shared.forms.reading import record_of
from eh_interop.formats.word import read

TITLE = heading("Multi-agency referral form")
CHILD = pairs(
    ("Name of child", "Barnabus Crake"),
    ("Date of birth", "3/4/15"),
    ("Year group", "5"),
    ("First language", "English"),
)


def form(*blocks, **more):
    return record_of(read(io.BytesIO(docx(TITLE, *blocks, **more))), "form.docx")


def document(*blocks, **more):
    return form(CHILD, *blocks, **more).document


def unread(record):
    return [one.origin.label for one in record.form.unread]


def codes(record):
    return {finding.code for finding in record.findings}


def judged(record):
    from datetime import date

    return check_record(record, area=None, as_of=date(2026, 11, 1)).disposition


def test_a_referral_is_read():
    record = record_of(read(io.BytesIO(docx(*REFERRAL))), "form.docx")
    child = record.document["children"][0]
    assert child["name"] == {"given": "Barnabus", "family": "Crake"}
    assert child["dateOfBirth"] == "2015-04-03"
    assert child["addresses"][0]["postcode"] == "OB1 9ZZ"
    worker = record.document["practitioners"][0]
    assert (worker["role"], worker["jobTitle"]) == ("health-visitor", "Health Visitor")
    assert record.document["referrer"] == {"practitioner": worker["id"]}
    assert record.document["immediateRisk"] is False
    assert record.document["consents"][0]["status"] == "given"
    assert record.form.known == record.form.labels
    assert judged(record) is Disposition.READY_WITH_GAPS


def test_every_value_says_where_it_stood_and_how_sure_it_is():
    record = form(CHILD)
    place = ("children", 0, "dateOfBirth")
    origin = record.locate([place])[place]
    assert str(origin) == "table 1, row 2, \u2018Date of birth\u2019"
    assert 0 < origin.confidence <= 1
    values = [place for place in all_places(record.document["children"]) if place[-1] != "id"]
    assert all(("children", *place) in record.locator.origins for place in values)


LAYOUTS = {
    "beside": pairs(("Gender", "Female"), ("Religion", "Jedi")),
    "four columns": table([label("Gender"), "Female", label("Religion"), "Jedi"]),
    "one cell": table([cell(bold("Gender: ") + run("Female"))], [cell("Religion: Jedi")]),
    "below": table([label("Gender")], ["Female"], [label("Religion")], ["Jedi"]),
    "lines": paragraph("Gender: Female") + paragraph("Religion: Jedi"),
    "bold lines": paragraph(bold("Gender")) + paragraph("Female") + paragraph("Religion: Jedi"),
    "no looks": table(["Gender", "Female"], ["Religion", "Jedi"]),
    "controls": pairs(("Gender", control("Female")), ("Religion", control("Jedi"))),
    "fields": pairs(("Gender", field("Female")), ("Religion", field("Jedi"))),
    "fields in lines": paragraph("Gender: ", field("Female"), "  Religion: ", field("Jedi")),
    "boxes": pairs(
        ("Gender", run("Male ") + box(ticked=False) + run(" Female ") + box(ticked=True)),
        ("Religion", "Jedi"),
    ),
    "struck": pairs(("Gender", struck("Male / ") + run("Female")), ("Religion", "Jedi")),
}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_labels_and_answers_are_found_in_every_layout(layout):
    child = document(heading("Child"), layout)["children"][0]
    assert (child["sex"], child["religion"]) == ("F", "Jedi")


def test_children_in_rows_are_each_read_and_as_above_is_what_is_above():
    record = form(
        heading("Children"),
        grid(
            ["Full name", "DoB", "Ethnicity", "School"],
            ["Ada Rook", "1/2/15", "Bangladeshi", "Obberton Primary"],
            ["Abel Rook", "3/4/17", "as above", "as above"],
            ["", "", "", ""],
        ),
        pairs(("Home address", "1 Mill Row, Obberton OB1 9ZZ")),
    )
    children = record.document["children"]
    assert [child["name"]["full"] for child in children] == ["Ada Rook", "Abel Rook"]
    assert {child["ethnicity"] for child in children} == {"ABAN"}
    assert {child["education"][0]["organisation"] for child in children} == {"organisation-1"}
    assert {child["addresses"][0]["postcode"] for child in children} == {"OB1 9ZZ"}


def test_children_in_columns_are_each_read():
    children = form(
        table(
            [label(""), label("Child 1"), label("Child 2")],
            [label("Name"), "Ada Rook", "Abel Rook"],
            [label("Date of birth"), "1/2/15", "3/4/17"],
            [label("Gender"), "F", "M"],
            [label("School"), "", "Obberton Primary"],
        )
    ).document["children"]
    assert [child["dateOfBirth"] for child in children] == ["2015-02-01", "2017-04-03"]


def test_the_household_is_read_with_relationships_to_each_child():
    found = document(
        heading("Family and household members"),
        grid(
            ["Name", "Relationship", "Date of birth", "PR?"],
            ["Ada Crake", "Mum", "17.09.1991", "Y"],
            ["Zed Crake", "half brother", "age 8", ""],
            ["Baz", "mums boyfriend", "n/k", ""],
        ),
    )
    kinds = [one["type"] for one in found["relationships"]]
    assert kinds == ["mother", "half-sibling", "parents-partner"]
    assert found["people"][1]["estimatedAge"] == 8
    assert found["people"][2]["absent"] == {"dateOfBirth": "not-known"}
    assert found["parentalResponsibility"] == [
        {"holder": "person-1", "child": "child-1", "holds": "yes"}
    ]


def test_professionals_in_rows_are_involved_and_empty_rows_are_not():
    found = document(
        heading("Professionals involved"),
        grid(
            ["Role", "Name", "Address", "Telephone"],
            ["GP", "Dr Rook", "Harbour Surgery", "01632 960201"],
            ["Health visitor", "N/A", "", ""],
            ["School nurse", "", "", ""],
        ),
    )
    assert len(found["involvements"]) == 1
    assert found["practitioners"][0]["role"] == "gp"
    assert found["children"][0]["generalPractice"] == found["organisations"][0]["id"]


RISK = "Is a child at immediate risk of significant harm?"


@pytest.mark.parametrize(
    ("answer", "disposition"),
    [
        (yes_no("yes"), Disposition.ACT_NOW),
        (yes_no("no"), Disposition.READY_WITH_GAPS),
        (yes_no(), Disposition.ASK_FIRST),
        ("", Disposition.ASK_FIRST),
        ("n/k", Disposition.ASK_FIRST),
        (run("Yes ") + box(ticked=True) + run(" No ") + box(ticked=True), Disposition.ACT_NOW),
        ("YES he has a knife", Disposition.ACT_NOW),
        ("perhaps", Disposition.ACT_NOW),
        (struck("Yes") + run(" / No"), Disposition.READY_WITH_GAPS),
        (run("Yes / ") + struck("No"), Disposition.ACT_NOW),
        ("Yes / No", Disposition.ASK_FIRST),
    ],
)
def test_immediate_risk_is_never_softened_and_an_empty_box_is_no_answer(answer, disposition):
    assert judged(form(CHILD, pairs((RISK, answer)))) is disposition


@pytest.mark.parametrize("name", ["What are you worried about?", "Postcode", "Something else"])
def test_words_of_risk_count_wherever_they_stand(name):
    answer = "Dad is on his way to the school, she is in immediate danger"
    assert judged(form(CHILD, pairs((RISK, "No"), (name, answer)))) is Disposition.ACT_NOW


def test_what_the_form_advises_is_not_said_of_the_child():
    advice = "If a child is in immediate danger, call 999."
    record = form(paragraph(advice), CHILD, paragraph(bold("Guidance")), paragraph(advice))
    assert judged(record) is Disposition.ASK_FIRST


@pytest.mark.parametrize(
    "answer",
    [
        control(None),
        "Click here to enter text.",
        "Choose an item.",
        "(please select)",
        "dd/mm/yyyy",
        "\u2002\u2002\u2002",
        "-",
        "....",
        italic("Please describe what you have seen."),
        struck("He is hungry."),
    ],
)
def test_placeholders_guidance_and_crossed_out_text_are_never_answers(answer):
    found = document(pairs(("What are you worried about?", answer)))
    assert "concerns" not in found


def test_guidance_is_cut_off_the_answer():
    text = paragraph(italic("Say what you have seen.")) + paragraph("He is hungry.")
    found = document(table([label("What are you worried about?")], [cell(text)]))
    assert found["concerns"][0]["description"] == "He is hungry."


def test_an_empty_consent_is_no_consent():
    assert "consents" not in document(pairs(("Has the parent given consent?", yes_no())))


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ("Yes", "given"),
        ("No", "refused"),
        ("No - not asked", "not-sought"),
        ("Not sought, it was not safe", "not-sought"),
    ],
)
def test_consent_is_read_as_it_was_said(answer, status):
    found = document(pairs(("Has the parent given consent to the referral?", answer)))
    assert found["consents"][0]["status"] == status


def test_a_reason_asked_for_next_goes_with_the_question_before():
    found = document(
        pairs(("Is the parent aware of this referral?", "No"), ("If no, why not?", "Not safe."))
    )
    informed = found["consents"][0]["parentInformed"]
    assert informed == {"informed": "no", "reasonNot": "Not safe."}


def test_boxes_become_codes_and_what_is_not_ticked_becomes_nothing():
    def option(name, *, ticked):
        return cell(box(ticked=ticked) + run(f" {name}"))

    found = document(
        paragraph(bold("Concerns (tick all that apply)")),
        table(
            [option("Neglect", ticked=True), option("Physical abuse", ticked=False)],
            [option("Missing", ticked=True), option("Domestic abuse", ticked=False)],
        ),
    )
    assert found["concerns"][0]["types"] == ["neglect", "missing"]


def test_what_is_not_matched_is_listed_with_its_label_and_nothing_of_it_repeated():
    record = form(CHILD, pairs(("Favourite colour of Zanderholt", "Quibblewick")))
    assert unread(record) == [""]
    assert record.document["children"][0]["education"] == [{"yearGroup": "5"}]
    assert "FRM-010" in codes(record)
    words = " ".join(finding.message for finding in record.findings)
    assert "Zanderholt" not in words
    assert "Quibblewick" not in words


def test_no_message_repeats_a_value():
    record = form(
        heading("Child"),
        pairs(
            ("Name of child", "Zanderholt Crake"),
            ("Date of birth", "Zanderholt"),
            ("Home address", "not known - thinks Zanderholt"),
            (RISK, "Zanderholt"),
            ("Has the parent given consent?", "Zanderholt said so"),
            ("Ethnicity", "Zanderholtian"),
        ),
    )
    told = " ".join(f"{one.message} {one.origin} {one.place}" for one in record.findings)
    told += " ".join(str(one.origin) for one in (*record.form.values, *record.form.unread))
    assert "Zanderholt" not in told


def test_what_is_read_loosely_asks_to_be_checked():
    record = form(CHILD, pairs(("Ethnicity", "Martian")))
    assert record.document["children"][0]["ethnicityNote"] == "Martian"
    assert "FRM-012" in codes(record)


@pytest.mark.parametrize(
    ("blocks", "code"),
    [
        ((pairs(("Amount due", "7"), ("VAT", "1"), ("Terms", "x"), ("Ship to", "y")),), "FRM-007"),
        (
            (pairs(*((name, "") for name in ("Name of child", "DOB", "Gender", "Religion"))),),
            "FRM-006",
        ),
        (
            (
                heading("Ffurflen atgyfeirio"),
                pairs(("Enw y plentyn", "A"), ("Dyddiad geni", "1/2/15"), ("Enw yr ysgol", "B")),
            ),
            "FRM-008",
        ),
    ],
)
def test_what_cannot_be_read_as_a_form_is_said(blocks, code):
    record = record_of(read(io.BytesIO(docx(*blocks))), "x.docx")
    assert record.document is None
    assert code in codes(record)


def test_a_form_of_our_own_is_read_by_its_tags():
    record = record_of(
        read(
            io.BytesIO(
                docx(
                    paragraph(control("marf", tag="eh:recordType")),
                    paragraph("Anything ", control("Ada", tag="eh:/children/0/name/given")),
                    paragraph(control("2015-02-01", tag="eh:/children/0/dateOfBirth")),
                    paragraph(box(ticked=True, tag="eh:/immediateRisk=false")),
                    paragraph(box(ticked=False, tag="eh:/immediateRisk=true")),
                    paragraph(control(None, tag="eh:/children/0/religion")),
                    paragraph(box(ticked=True, tag="eh:/concerns/0/types/*=neglect")),
                    paragraph(control("/children/0", tag="eh:/concerns/0/people/0")),
                )
            )
        ),
        "form.docx",
    )
    child = record.document["children"][0]
    assert child["name"] == {"given": "Ada"}
    assert child["dateOfBirth"] == "2015-02-01"
    assert "religion" not in child
    assert record.document["immediateRisk"] is False
    assert record.document["concerns"][0]["types"] == ["neglect"]
    assert record.document["concerns"][0]["people"] == [child["id"]]
    assert codes(record) == set()


def test_nothing_that_is_read_is_empty():
    record = form(CHILD, pairs(("Postcode", ""), ("Telephone", " "), ("Concerns", "")))
    for place in all_places(record.document):
        assert resolve(record.document, place) not in ("", None, [], {})
