"""What protects what, and from whom."""

import copy
import json

import pytest
from tests.protection.planting import (
    ADDRESS,
    FATHER,
    HIDDEN,
    LINES,
    MARKS_OF_PERSON,
    MARKS_OF_PLACE,
    MOTHER,
    marks_in,
)

from eh_interop.protection import Audience, Reference, Scope, What, Why, protections
from eh_interop.reading.source_record import Restriction, SourceRecord
from eh_interop.standard.finding_codes import finding_codes

REFUGE = ADDRESS | {"confidential": True, "reason": "refuge"}
CHILD = {"id": "c1", "name": {"given": "Merrin", "family": "Vexley"}, "dateOfBirth": "2019-01-02"}
HOME = {"id": "h1", "name": "Zanderholt Lodge", "members": ["zz1", "c1"], "address": REFUGE}
WARNING = {
    "id": "sw1",
    "type": "address-must-not-be-disclosed",
    "about": ["zz1", "c1"],
    "keepFrom": ["zz2"],
}


def record(kind="plan", **more):
    base = {
        "recordType": kind,
        "standardVersion": "1.0",
        "recordId": f"{kind}-1",
        "children": [CHILD],
        "people": [MOTHER, FATHER],
    }
    return copy.deepcopy({**base, **more})


def view_for(audience, *records):
    answer = protections(records)
    who = audience if isinstance(audience, Audience) else answer.recipient(records[0], audience)
    return answer.view(records[0], who)


def family(*records):
    return view_for(Audience.FAMILY, *records)


def codes(*records):
    return sorted(finding.code for finding in protections(records).half_said(records[0]))


# A family in a refuge


@pytest.mark.parametrize("who", [Audience.FAMILY, "zz2"])
@pytest.mark.parametrize("flag", [{"reason": "refuge"}, {"confidential": True}])
def test_a_refuge_without_a_warning_is_kept_from_everybody_but_agencies(who, flag):
    lives = [
        MOTHER | {"addresses": [ADDRESS | flag], "contacts": [{"kind": "phone", "value": "1"}]}
    ]
    view = view_for(who, record(people=[*lives, FATHER], households=[HOME | {"address": ADDRESS}]))
    assert marks_in(view.document, MARKS_OF_PLACE) == []
    assert "contacts" not in view.document["people"][0]
    assert view.document["people"][0]["absent"]["addresses"] == "withheld-for-safety"
    assert view.document["households"] == [
        {
            "id": "h1",
            "members": ["zz1", "c1"],
            "absent": {"name": "withheld-for-safety", "address": "withheld-for-safety"},
        }
    ]


def test_a_warning_in_another_record_protects_too():
    shown = record("marf", people=[MOTHER | {"addresses": [ADDRESS]}, FATHER])
    warned = record(safetyWarnings=[WARNING])
    for who in (Audience.FAMILY, "zz2"):
        assert marks_in(view_for(who, shown, warned).document, MARKS_OF_PLACE) == []
    assert marks_in(view_for("zz1", shown, warned).document, MARKS_OF_PLACE)


def test_local_ids_of_another_record_are_its_own():
    shown = record("marf", people=[MOTHER | {"id": "p9", "addresses": [ADDRESS]}])
    assert marks_in(family(shown, record(safetyWarnings=[WARNING])).document, MARKS_OF_PLACE) == []


def test_a_text_that_holds_it_is_left_out_whole_and_others_stay():
    shown = record(
        households=[HOME],
        bottomLine=f"She moved to {LINES[1]}.",
        contingency="Ring the office.",
    )
    view = family(shown)
    assert view.document["contingency"] == "Ring the office."
    assert view.document["absent"] == {"bottomLine": "withheld-for-safety"}
    left = next(left for left in view.left_out if left.place == "/bottomLine")
    assert (left.what, left.why) == (What.ADDRESS, Why.ADDRESS_FLAG)


def test_a_document_is_left_out_with_what_points_to_it():
    papers = [{"id": "a1", "type": "genogram", "status": "attached", "title": "Tree"}]
    papers.append(papers[0] | {"id": "a2", "fileName": "secret.pdf", "confidential": True})
    shown = record(
        attachments=papers, contingency="See secret.pdf", children=[CHILD | {"photo": "a2"}]
    )
    view = family(shown)
    assert [paper["id"] for paper in view.document["attachments"]] == ["a1"]
    assert "photo" not in view.document["children"][0]
    assert "contingency" not in view.document


def test_the_school_is_kept_if_the_warning_speaks_of_it():
    school = {"id": "o1", "name": "Quibblewick Primary", "sector": "school"}
    child = CHILD | {"education": [{"organisation": "o1"}]}
    shown = record(children=[child], organisations=[school], safetyWarnings=[WARNING])
    assert "Quibblewick" in json.dumps(family(shown).document)
    shown["safetyWarnings"][0]["description"] = "He must not learn her nursery either."
    assert "Quibblewick" not in json.dumps(family(shown).document)


def test_a_town_is_no_secret_where_others_live_in_it_openly():
    shown = record(households=[HOME], contingency="The clinic in Obberton.")
    assert "contingency" not in family(shown).document
    shown["people"][1]["addresses"] = [{"kind": "home", "town": "Obberton"}]
    assert family(shown).document["contingency"]
    council = {"id": "o1", "name": "Obberton Council", "sector": "local-authority-education"}
    shown = record(households=[HOME], contingency="Ask Obberton.", organisations=[council])
    assert family(shown).document["contingency"]


def test_an_earlier_home_is_no_secret_unless_it_is_marked():
    past = ADDRESS | {"kind": "previous"}
    shown = record(people=[MOTHER | {"addresses": [past]}, FATHER], safetyWarnings=[WARNING])
    assert family(shown).document["people"][0]["addresses"] == [past]
    shown["people"][0]["addresses"] = [past | {"confidential": True}]
    assert "addresses" not in family(shown).document["people"][0]


def test_a_protected_home_without_members_is_kept_with_its_name():
    shown = record(households=[HOME | {"members": []}], contingency="Zanderholt Lodge is full.")
    shown["households"][0]["address"] = REFUGE | {"lines": LINES[1:]}
    assert marks_in(family(shown).document, MARKS_OF_PLACE) == []


def test_household_names_that_say_nothing_hide_no_text():
    shown = record(households=[HOME | {"name": "Mum's home"}], contingency="At home with Mum.")
    assert family(shown).document["contingency"]


# People who must not be named


@pytest.mark.parametrize(
    "more",
    [
        {"referrer": {"person": "zz3", "wantsAnonymity": True}},
        {"requester": {"person": "zz3", "wantsAnonymity": "please"}},
        {"safetyWarnings": [{"id": "s", "type": "source-wishes-anonymity", "about": ["zz3"]}]},
        {"concerns": [{"id": "k", "disclosures": [{"by": "zz3", "source": "anonymous"}]}]},
    ],
)
def test_somebody_who_wants_no_name_is_nowhere(more):
    shown = record(
        people=[MOTHER, HIDDEN],
        relationships=[{"person": "zz3", "relatedTo": "zz1", "type": "mother"}],
        contingency="Thimblewyn can help.",
        **more,
    )
    view = family(shown)
    assert marks_in(view.document, MARKS_OF_PERSON) == []
    assert "zz3" not in json.dumps(view.document)
    assert view.document["people"] == [MOTHER]


def test_a_family_name_that_others_share_hides_no_text():
    hidden = HIDDEN | {"name": {"given": "Thimblewyn", "family": "Vexley"}}
    shown = record(
        people=[MOTHER, hidden],
        referrer={"person": "zz3", "wantsAnonymity": True},
        contingency="The Vexley family.",
        bottomLine="T. Vexley said so.",
    )
    view = family(shown)
    assert view.document["contingency"]
    assert "bottomLine" not in view.document


def test_ids_that_hold_a_name_are_made_new():
    shown = record(
        people=[MOTHER, HIDDEN],
        referrer={"person": "zz3", "wantsAnonymity": True},
        goals=[{"id": "thimblewyn-1"}],
        actions=[{"id": "ac1", "goal": "thimblewyn-1"}],
    )
    shown["recordId"] = "garrowsmith"
    view = family(shown)
    assert view.document["goals"][0]["id"] == view.document["actions"][0]["goal"]
    assert marks_in(view.document, MARKS_OF_PERSON) == []


def test_no_name_is_left_where_initials_are_shown():
    home = {"id": "h1", "name": "Ottoline Vexley's flat", "members": ["zz1"]}
    worker = {"id": "w1", "name": {"full": "Kit Abernethy-Cole"}}
    shown = record(
        households=[home],
        practitioners=[worker],
        contingency="Ottoline rings Abernethy Cole.",
        bottomLine="Food in the house.",
    )
    view = protections([shown]).without_names(shown)
    names = ("ottoline", "vexley", "merrin", "barnabus", "crake", "abernethy", "kitaber")
    assert marks_in(view.document, names) == []
    assert view.document["bottomLine"]
    assert view.document["households"][0]["members"] == ["zz1"]


# What is said, and whole records


def test_warnings_and_what_is_withheld_are_for_agencies():
    detail = "He has been seen at the school gate."
    kept = {"id": "w1", "detail": detail, "keepFrom": ["zz2"], "about": "/bottomLine"}
    shown = record(
        withheldInformation=[kept],
        safetyWarnings=[{"id": "sw", "type": "violence", "about": ["zz2"]}],
        contingency=f"Note: {detail.upper()}",
        bottomLine="Call first.",
    )
    for who in (Audience.FAMILY, "zz2"):
        document = view_for(who, shown).document
        assert document.keys().isdisjoint(
            {"withheldInformation", "safetyWarnings", "contingency", "bottomLine"}
        )
        assert "safetyWarnings" not in document["absent"]
    assert view_for("zz1", shown).document["contingency"]


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"kind": "escalation"}, Why.AGENCIES_ONLY),
        (
            {"safetyWarnings": [{"id": "s", "type": "information-to-keep-from-family"}]},
            Why.KEPT_UNNAMED,
        ),
    ],
)
def test_some_records_are_refused_to_the_family(more, why):
    view = family(record(**more))
    assert (view.document, view.refused) == ({}, why.words)


def test_somebody_is_refused_what_a_consent_or_a_warning_keeps_from_them():
    consents = [{"id": "cs1", "recipientsExcluded": [{"person": "zz2"}]}]
    shown = record(consents=consents)
    assert view_for("zz2", shown).refused == Why.EXCLUDED_BY_CONSENT.words
    assert family(shown).refused is None
    assert "recipientsExcluded" not in json.dumps(family(shown).document)
    warned = record(safetyWarnings=[{"id": "s", "type": "violence", "keepFrom": ["zz2"]}])
    assert view_for("zz2", warned).refused == Why.KEPT_UNNAMED.words
    assert view_for("zz1", warned).refused is None


def test_a_record_about_a_child_whose_identity_is_kept_is_refused():
    hidden = record("marf", children=[{"id": "c1", "dateOfBirth": CHILD["dateOfBirth"],
                                       "absent": {"name": "withheld-for-safety"}}])  # fmt: skip
    assert "identity" in family(record(), hidden).refused


def test_a_recipient_whom_nobody_knows_is_sent_nothing():
    assert "not in these records" in view_for("nobody", record()).refused


def test_agencies_and_practitioners_see_everything():
    shown = record(
        households=[HOME],
        practitioners=[{"id": "w1", "name": {"full": "Kit Cole"}}, FATHER | {"id": "w2"}],
        organisations=[{"id": "o1", "name": "A school"}],
    )
    for who in ("w1", "o1"):
        assert view_for(who, shown).document == shown
    assert marks_in(view_for("w2", shown).document, MARKS_OF_PLACE) == []


# Restrictions of the source


@pytest.mark.parametrize("kind", ["restricted", "very-restricted", "R", "V", "something else"])
def test_a_restricted_person_is_kept_private(kind):
    shown = record(people=[MOTHER | {"addresses": [ADDRESS]}, FATHER])
    source = SourceRecord(
        source="a.json", document=shown, restrictions=(Restriction(kind, "/people/0"),)
    )
    assert marks_in(family(source).document, MARKS_OF_PLACE) == []
    assert codes(source) == ["PRT-008"]


def test_a_normal_label_restricts_nothing_and_a_restricted_record_everything():
    shown = record(people=[MOTHER | {"addresses": [ADDRESS]}])
    source = SourceRecord(source="", document=shown, restrictions=(Restriction("N", ""),))
    assert family(source).document == shown
    source = SourceRecord(source="", document=shown, restrictions=(Restriction("R", ""),))
    assert family(source).refused == Why.RESTRICTED.words


# Marks and labels


def test_marks_say_to_whom_not_to_disclose():
    shown = record(people=[MOTHER | {"addresses": [ADDRESS]}, FATHER], safetyWarnings=[WARNING])
    marks = protections([shown]).view(shown, Audience.AGENCY).marks
    (mark,) = [mark for mark in marks if mark.place == "/people/0/addresses/0"]
    assert mark.keep_from.people == (Reference(0, "zz2"),)
    assert mark.words(lambda _: "Dale") == (
        "Do not disclose to Dale, nor to anybody else outside the agencies that help."
    )
    assert mark.words(lambda _: "") == (
        "Do not disclose to the family or to anybody outside the agencies that help."
    )
    assert mark.keep_from.scope is Scope.OUTSIDERS


def test_labels_are_those_of_hl7():
    shown = record(
        households=[HOME],
        withheldInformation=[{"id": "w1", "detail": "x", "keepFrom": ["zz2"]}],
    )
    labels = protections([shown]).security_labels(shown)
    sets = {place: [label.code for label in held] for place, held in labels.items()}
    assert sets["/households/0"] == ["R", "LOCIS"]
    assert sets["/withheldInformation/0"] == ["V", "PHY"]
    assert sets[""] == ["V", "LOCIS", "PHY"]
    assert protections([record()]).security_labels(record()) == {}


# What is said by half


def test_a_flag_without_a_warning():
    shown = record(households=[HOME])
    assert codes(shown) == ["PRT-001"]
    assert codes(shown, record("marf", households=[HOME], safetyWarnings=[WARNING])) == []


@pytest.mark.parametrize("names", [[], ["nobody"], "nobody", [3], {"id": "zz2"}])
def test_a_warning_that_keeps_from_nobody(names):
    assert codes(record(safetyWarnings=[WARNING | {"keepFrom": names}])) == ["PRT-002"]


def test_an_address_open_here_and_protected_there():
    shown = record("marf", people=[MOTHER | {"addresses": [ADDRESS]}, FATHER])
    assert codes(shown, record(households=[HOME], safetyWarnings=[WARNING])) == ["PRT-003"]
    shown["households"] = [HOME]
    shown["safetyWarnings"] = [WARNING]
    assert codes(shown) == []


@pytest.mark.parametrize("flag", ["yes", "", 1, []])
def test_a_flag_that_cannot_be_read_counts(flag):
    shown = record(households=[HOME | {"address": ADDRESS | {"confidential": flag}}])
    assert codes(shown) == ["PRT-001", "PRT-004"]


def test_a_recipient_from_whom_something_is_kept():
    consents = [{"id": "cs1", "recipients": [{"person": "zz2"}, {"person": "zz1"}]}]
    assert codes(record(consents=consents, safetyWarnings=[WARNING])) == ["PRT-005"]
    excluded = [{"id": "cs2", "recipientsExcluded": [{"person": "zz2"}]}]
    assert codes(record(consents=consents), record("marf", consents=excluded)) == ["PRT-005"]


def test_somebody_lives_where_they_must_not_learn():
    home = HOME | {"members": ["zz1", "c1", "zz2"]}
    assert codes(record(households=[home], safetyWarnings=[WARNING])) == ["PRT-006"]


def test_a_refuge_said_to_be_open():
    home = HOME | {"address": REFUGE | {"confidential": False}}
    assert codes(record(households=[home], safetyWarnings=[WARNING])) == ["PRT-007"]


def test_something_is_kept_and_nobody_says_what():
    warning = {"id": "s", "type": "information-to-keep-from-family", "keepFrom": ["zz2"]}
    assert codes(record(safetyWarnings=[warning])) == ["PRT-009"]
    kept = [{"id": "w", "keepFrom": ["zz2"], "detail": "x"}]
    assert codes(record(safetyWarnings=[warning], withheldInformation=kept)) == []
    # A consent that excludes the same person says it: nothing at all is sent to them.
    excluded = [{"id": "cs2", "recipientsExcluded": [{"person": "zz2"}]}]
    assert codes(record(safetyWarnings=[warning], consents=excluded)) == []
    others = [{"id": "cs2", "recipientsExcluded": [{"person": "zz1"}]}]
    assert codes(record(safetyWarnings=[warning], consents=others)) == ["PRT-009"]


def test_the_home_that_they_have_left_is_no_contradiction():
    old = {"kind": "home", "lines": ["3 Elder Close"], "postcode": "WV99 3AA"}
    before = record(people=[MOTHER | {"addresses": [old]}, FATHER | {"addresses": [old]}])
    new = [MOTHER | {"addresses": [ADDRESS]}, FATHER]
    assert codes(before, record("marf", people=new, safetyWarnings=[WARNING])) == []
    # If the warning has no address beside it, any address of the person may be the one.
    unsaid = record("marf", people=[MOTHER, FATHER], safetyWarnings=[WARNING])
    assert "PRT-003" in codes(record(people=[MOTHER | {"addresses": [old]}]), unsaid)


def test_every_finding_asks_something():
    family_codes = [code for code in finding_codes().values() if code.family == "protection"]
    # PRT-000 is a fault of ours: there is nothing to ask anybody.
    family_codes = [code for code in family_codes if code.code != "PRT-000"]
    assert len(family_codes) == 9
    assert all(code.ask and code.ask.endswith(("?", ".")) for code in family_codes)


def test_an_alias_of_somebody_else_does_not_open_a_protected_name():
    record = {
        "recordType": "marf",
        "referrer": {"person": "p1", "wantsAnonymity": True},
        "people": [{"id": "p1", "name": {"given": "Thimblewyn", "family": "Garrowsmith"}}],
        "children": [{"id": "c1", "otherNames": [{"kind": "alias", "full": "Mrs Garrowsmith"}]}],
    }
    view = protections([record]).view(record, Audience.FAMILY)
    assert "Garrowsmith" not in str(view.document)


def test_a_name_that_stands_where_an_id_should_be_is_in_no_repr():
    excluded = [{"organisation": "Thimblewyn Garrowsmith"}]
    record = {"recordType": "marf", "consents": [{"id": "c1", "recipientsExcluded": excluded}]}
    assert "Garrowsmith" not in repr(protections([record]).all)


@pytest.mark.parametrize(
    "text",
    [
        "Zanderholt", "off Quibblewick", "Zanderholts", "the WV99 area", "Zanderholt&nbsp;Lodge",
        "<b>Quibble</b>wick Lane", "7<br/>Quibblewick<br>Lane", "7\nQuibblewick\nLane",
    ],
)  # fmt: skip
def test_a_part_that_tells_the_place_is_left_out_too(text):
    marked = ADDRESS | {"confidential": True}
    record = {"recordType": "marf", "people": [MOTHER | {"addresses": [marked]}], "history": text}
    assert "history" not in protections([record]).view(record, Audience.FAMILY).document


def test_texts_in_a_list_are_one_text_in_their_order():
    marked = ADDRESS | {"confidential": True, "lines": ["7 Quib Lane"]}
    people = [MOTHER | {"addresses": [marked]}]
    record = {"recordType": "marf", "people": people, "notes": ["7 Quib", "Lane"]}
    assert "notes" not in protections([record]).view(record, Audience.FAMILY).document


def test_somebody_who_bears_the_name_of_a_common_street_keeps_it():
    marked = ADDRESS | {"confidential": True, "lines": ["7 Victoria Road"]}
    child = {"id": "c1", "name": {"given": "Victoria", "family": "Ode"}}
    people = [MOTHER | {"addresses": [marked]}]
    record = {"recordType": "marf", "children": [child], "people": people, "history": "Victoria"}
    shown = protections([record]).view(record, Audience.FAMILY).document
    assert shown["children"] == [child]
    assert shown["history"] == "Victoria"


def test_a_place_in_the_field_for_a_name_opens_nothing():
    marked = ADDRESS | {"confidential": True}
    other = {"id": "p9", "name": {"given": "They moved to Obberton, Zanderholt"}}
    people = [MOTHER | {"addresses": [marked]}, other]
    record = {"recordType": "marf", "people": people, "history": "Zanderholt, Obberton"}
    shown = protections([record]).view(record, Audience.FAMILY).document
    assert marks_in(shown, ("zanderholt", "obberton")) == []


def test_a_district_where_others_live_openly_is_no_secret():
    marked, other = (
        ADDRESS | {"confidential": True},
        {"lines": ["1 Elm Road"], "postcode": "WV99 1AA"},
    )
    people = [MOTHER | {"addresses": [marked]}, FATHER | {"addresses": [other]}]
    record = {"recordType": "marf", "people": people, "history": "in the WV99 area"}
    assert protections([record]).view(record, Audience.FAMILY).document["history"]
