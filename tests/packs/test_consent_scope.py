"""A record or paper goes to a recipient on a live consent, or on a basis that is recorded."""

import copy
from datetime import date

import pytest
from tests.helpers.packing import codes, make
from tests.helpers.support import AS_OF, example

from eh_interop.packs import bag, check_pack, opened_pack

WITHOUT = {
    "id": "cs9",
    "purposes": ["referral-to-social-care"],
    "status": "not-sought",
    "exemption": "increased-risk-of-significant-harm",
    "rationale": "Asking would raise the risk.",
    "lawfulBasis": "public-task",
    "legalGateway": ["children-act-1989-section-47"],
    "decidedOn": "2026-10-12",
}


@pytest.fixture
def marf():
    return example("gloucestershire/marf")


def consent(record):
    return record["consents"][0]


def stopped(built):
    return sorted({stop.code for stop in built.report.blocking})


def bases(built):
    said = built.description
    return [each["sharing"]["basis"] for each in (*said["records"], *said.get("attachments", ()))]


def test_a_live_consent_that_names_the_recipient_covers_all(marf):
    built = make([marf], "genogram")
    assert stopped(built) == []
    assert bases(built) == ["consent", "consent"]
    assert "sharingLog" not in built.description


@pytest.mark.parametrize(
    "change",
    [
        {"status": "refused"},
        {"status": "withdrawn"},
        {"status": "not-obtained", "lawfulBasis": "consent"},
        {"status": "refused", "legalGateway": ["children-act-1989-section-17"]},
        {"withdrawnOn": "2026-10-11"},
        {"purposes": ["information-sharing"]},
        {"recipients": [{"organisation": "o1"}]},
        {"recipients": [{"organisation": "o8", "from": "2026-12-01"}]},
        {"recipients": [{"practitioner": "w6"}]},
        {"soughtOn": "2026-10-20"},
        {"givers": [{"person": "p1", "capacity": "parent", "decision": "refused"}]},
    ],
)
def test_no_live_consent_for_the_recipient_stops_the_pack(marf, change):
    consent(marf).update(change)
    built = make([marf], "genogram")
    assert stopped(built) == ["PCK-101"]
    assert [stop.place for stop in built.report.blocking] == ["/attachments/0", "/records/0"]
    assert bases(built) == ["not-recorded", "not-recorded"]


DUTY = {
    "status": "not-sought",
    "lawfulBasis": "legal-obligation",
    "legalGateway": ["children-act-2004-section-16la"],
}


@pytest.mark.parametrize(
    "basis",
    [
        DUTY,
        DUTY | {"status": "refused"},
        {"status": "not-obtained", "lawfulBasis": "public-task"},
        {"status": "not-sought", "legalGateway": ["children-act-1989-section-17"]},
    ],
)
def test_a_basis_with_its_legal_power_is_a_recorded_basis(marf, basis):
    consent(marf).pop("lawfulBasis")
    consent(marf).pop("legalGateway")
    consent(marf).update(basis)
    built = make([marf], "genogram")
    assert stopped(built) == []
    assert bases(built) == ["without-consent", "without-consent"]
    (entry,) = built.description["sharingLog"]
    assert entry.get("legalGateway") == basis.get("legalGateway")


def test_a_consent_that_cannot_be_read_is_named_and_is_not_called_missing(marf):
    consent(marf).update(DUTY | {"parentInformed": {"told": "no"}})
    built = make([marf], "genogram")
    assert stopped(built) == ["PCK-107"]
    (stop,) = built.report.blocking
    assert stop.place == "/records/0"
    assert "consent 1 could not be read" in stop.message


def test_a_consent_that_cannot_be_read_may_say_no(marf):
    marf["consents"].append({"id": "cs9", "purposes": ["referral-to-social-care"]})
    assert stopped(make([marf], "genogram")) == ["PCK-107"]


def test_a_consent_withdrawn_later_holds_on_the_day(marf):
    consent(marf)["withdrawnOn"] = "2026-10-13"
    assert stopped(make([marf])) == []
    assert stopped(make([marf], on=date(2026, 10, 13))) == ["PCK-101"]


def test_one_child_whom_no_consent_covers_stops_the_record(marf):
    consent(marf)["children"] = ["c1", "c2", "c3"]
    built = make([marf], "my-progress-chart", "genogram")
    places = {stop.place for stop in built.report.blocking}
    assert places == {"/records/0", "/attachments/1"}, "the chart is about c2 alone"


def test_children_are_recognised_in_other_records(marf):
    plan = example("gloucestershire/my-plan-plus")
    assert stopped(make([marf, plan])) == []
    stranger = copy.deepcopy(plan)
    stranger["children"][0] |= {"name": {"full": "Somebody Else"}, "dateOfBirth": "2001-01-01"}
    for identifier in stranger["children"][0].get("identifiers", ()):
        identifier["value"] = "9990000018"
    assert stopped(make([marf, stranger])) == ["PCK-101"]


def test_agencies_are_told_apart_by_their_service(marf):
    consent(marf)["recipients"] = [{"organisation": "o12"}]
    assert stopped(make([marf])) == ["PCK-101"], "o12 is the same council"
    for organisation in marf["organisations"]:
        if organisation["id"] in {"o8", "o12"}:
            organisation["identifiers"] = [{"type": "other", "value": "MASH-1"}]
    assert stopped(make([marf])) == []


def test_a_recipient_whom_the_family_ruled_out(marf):
    consent(marf)["recipientsExcluded"] = [{"organisation": "o8"}]
    assert stopped(make([marf])) == ["PCK-102"]


def test_a_consent_record_can_take_a_consent_back(marf):
    record = example("gloucestershire/consent-record")
    assert stopped(make([marf, record])) == []
    (same,) = (each for each in record["consents"] if each["id"] == consent(marf)["id"])
    same |= {"status": "withdrawn", "withdrawnOn": "2026-10-12"}
    assert stopped(make([marf, record])) == ["PCK-101"]
    same["recipients"] = [{"organisation": "o3"}]
    assert stopped(make([marf, record])) == [], "taken back for another agency only"


def test_consent_to_basic_information_is_not_enough_for_a_referral(marf):
    consent(marf)["informationScope"] = "basic"
    assert stopped(make([marf], "genogram")) == ["PCK-103"]


def test_a_paper_left_out_by_its_name(marf):
    consent(marf)["itemsExcluded"] = ["genogram"]
    built = make([marf], "genogram", "chronology")
    assert [(stop.code, stop.place) for stop in built.report.blocking] == [
        ("PCK-103", "/attachments/0")
    ]


def test_limits_in_words_are_told_once(marf):
    assert codes(make([marf], "genogram")).count("PCK-104") == 1
    del consent(marf)["itemsExcluded"]
    assert "PCK-104" in codes(make([marf])), "a recipient is ruled out in words"
    consent(marf)["recipientsExcluded"] = [{"person": "p3"}]
    assert "PCK-104" not in codes(make([marf], "genogram"))
    consent(marf)["recipients"][0]["note"] = "Only what is needed."
    assert "PCK-104" in codes(make([marf]))


def test_a_recorded_exemption_is_a_basis_and_is_logged(marf):
    marf["consents"] = [WITHOUT]
    built = make([marf], "genogram")
    assert stopped(built) == []
    assert bases(built) == ["without-consent"] * 2
    assert built.description["lawfulBasis"] == "public-task"
    assert built.description["sharingLog"] == [
        {
            "id": "shared-without-consent",
            "shared": True,
            "on": "2026-10-12",
            "recipients": [{"organisation": "o8"}],
            "items": ["Multi-agency referral form (MARF)", "Genogram"],
            "newPurpose": "Referral to social care",
            "lawfulBasis": "public-task",
            "legalGateway": ["children-act-1989-section-47"],
        }
    ]
    (record,) = built.description["records"]
    assert record["sharing"]["logEntry"] == "shared-without-consent"


def test_a_reason_that_is_not_given_is_no_basis(marf):
    bare = {name: WITHOUT[name] for name in ("id", "purposes", "status")}
    marf["consents"] = [bare]
    assert stopped(make([marf])) == ["PCK-101"]


def test_a_basis_in_the_log_of_the_main_record_counts_unless_it_rests_on_consent(marf):
    del marf["consents"]
    assert stopped(make([marf])) == ["PCK-101"], "its log rests on the consent"
    (entry,) = (each for each in marf["sharingLog"] if each["id"] == "sh2")
    del entry["consent"]
    built = make([marf])
    assert stopped(built) == []
    assert bases(built) == ["without-consent"]
    assert built.description["sharingLog"][0]["lawfulBasis"] == "public-task"


def test_at_immediate_risk_nothing_is_stopped_and_it_is_logged(marf):
    del marf["consents"]
    marf["immediateRisk"] = True
    built = make([marf])
    assert stopped(built) == []
    assert ("PCK-101", "warning") in {
        (finding.code, finding.severity.value) for finding in built.report.findings
    }
    (entry,) = built.description["sharingLog"]
    assert entry["absent"] == {"lawfulBasis": "not-known"}


@pytest.mark.parametrize("immediate", [False, True])
def test_what_is_kept_from_the_family_is_never_sent_to_it(marf, immediate):
    marf["immediateRisk"] = immediate
    for person in ("p1", "p3"):
        built = make([marf], to=person)
        assert "PCK-105" in stopped(built)


def test_no_area_can_let_that_pass(tmp_path, marf):
    from eh_interop import load_area

    area = tmp_path / "mine.toml"
    area.write_text(
        "area = 'mine'\ntitle = 'Mine'\nfollows = ['eh-interop-standard']\n"
        "[waive]\nPCK-105 = { why = 'We always do so here.', until = 2030-12-01 }\n",
        "utf-8",
    )
    assert "PCK-105" in stopped(make([marf], to="p3", area=load_area(str(area))))


def test_a_copy_can_go_to_a_parent_who_was_promised_one(marf):
    del marf["withheldInformation"], marf["safetyWarnings"]
    built = make([marf], to="p1")
    assert stopped(built) == []
    assert built.description["recipient"] == {"person": "p1"}
    assert stopped(make([marf], to="p3")) == ["PCK-102"]


def test_a_pack_without_its_log_entry_is_told_when_it_is_checked(tmp_path, marf):
    import json

    from eh_interop.packs.pack_json import PLACE

    marf["consents"] = [WITHOUT]
    built = make([marf])
    said = json.loads(built.files[PLACE])
    payload = {name: data for name, data in built.files.items() if name.startswith("data/")}
    for log, found in ((said.get("sharingLog"), []), (None, ["PCK-106"])):
        if log is None:
            said.pop("sharingLog")
        folder = tmp_path / f"pack-{len(found)}"
        files = bag.bag_files({**payload, PLACE: json.dumps(said).encode()}, AS_OF)
        bag.write_folder(files.items(), folder)
        with opened_pack(folder) as pack:
            report = check_pack(pack, area=None, as_of=AS_OF)
        assert [finding.code for finding in report.findings if finding.code == "PCK-106"] == found


def test_consent_counts_in_the_neutral_area_too(marf):
    marf["area"] = "england"
    consent(marf)["status"] = "refused"
    assert stopped(make([marf])) == ["PCK-101"]
