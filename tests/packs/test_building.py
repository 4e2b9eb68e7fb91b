"""What a pack holds, that it is always the same, and that it is a bag for other tools too."""

import json
import zipfile
from pathlib import Path

import bagit
import pytest
from tests.helpers.packing import COMMANDS, FOLDER, attempt, codes, entries_of, make, run
from tests.helpers.support import ROOT, example

from eh_interop.core import atomic
from eh_interop.core.errors import OutputError, UnreadableInputError
from eh_interop.packs import UnknownRecipientError, bag, opened_pack

EVERY = sorted(COMMANDS)


@pytest.mark.parametrize("name", EVERY)
def test_an_example_pack_is_what_its_command_makes(name, tmp_path, monkeypatch, regenerate):
    monkeypatch.chdir(ROOT)
    made = tmp_path / name
    result = run(*COMMANDS[name].split(), "--out", made)
    assert result.return_value == 0
    if regenerate:
        (FOLDER / name).write_bytes(made.read_bytes())
    assert (FOLDER / name).read_bytes() == made.read_bytes(), "run: pytest --regenerate"


@pytest.mark.parametrize("name", EVERY)
def test_an_example_pack_has_no_errors(name):
    result = run("pack", "check", FOLDER / name, "--as-of", "2026-11-01")
    assert result.return_value == 0
    assert " 0 errors, " in result.stdout
    assert result.stdout.endswith("1 warning.\n")
    assert "PRT-" not in result.stdout


@pytest.mark.parametrize("name", EVERY)
def test_another_tool_finds_the_bag_valid(name, tmp_path):
    run("pack", "unpack", FOLDER / name, "--out", tmp_path / "bag")
    bag = bagit.Bag(str(tmp_path / "bag"))
    bag.validate()
    assert bag.algorithms == ["sha512"]
    assert set(bag.payload_entries()) == {
        entry.partition("/")[2] for entry in entries_of(FOLDER / name) if "/data/" in entry
    }


def test_a_bag_that_another_tool_made_can_be_opened(tmp_path):
    run("pack", "unpack", FOLDER / "referral.zip", "--out", tmp_path / "ours")
    payload = tmp_path / "ours" / "data"
    theirs = tmp_path / "theirs"
    payload.rename(theirs)
    bagit.make_bag(str(theirs), checksums=["sha512"])
    with opened_pack(theirs) as pack:
        assert pack.description["packType"] == "referral"
        assert len(pack.records) == 6


def test_a_folder_and_a_zip_hold_the_same(tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    run(*COMMANDS["step-down.zip"].split(), "--out", tmp_path / "bag")
    inner = {
        name.partition("/")[2]: data for name, data in entries_of(FOLDER / "step-down.zip").items()
    }
    found = {
        path.relative_to(tmp_path / "bag").as_posix(): path.read_bytes()
        for path in (tmp_path / "bag").rglob("*")
        if path.is_file()
    }
    assert found == inner


def test_papers_and_records_travel_as_they_are():
    held = entries_of(FOLDER / "referral.zip")
    top = "referral-marf-2026-00655/data"
    marf = (ROOT / "examples/gloucestershire/marf.json").read_bytes()
    assert held[f"{top}/records/001-marf.json"] == marf
    drawing = (ROOT / "examples/packs/papers/ellery-dacre/genogram.svg").read_bytes()
    assert held[f"{top}/attachments/001-genogram.svg"] == drawing


def test_the_names_of_files_given_do_not_travel(tmp_path):
    path = tmp_path / "Freya Dacre.json"
    path.write_text(json.dumps(example("gloucestershire/marf")), "utf-8")
    paper = tmp_path / "Freya Dacre.pdf"
    paper.write_bytes(b"drawing")
    run(
        *("pack", "build", path, "--attach", f"genogram={paper}", "--type", "referral"),
        *("--to", "o8", "--as-of", "2026-10-12", "--out", tmp_path / "pack.zip"),
    )
    with zipfile.ZipFile(tmp_path / "pack.zip") as archive:
        assert not any("Freya" in each for each in archive.namelist())
        said = archive.read("referral-marf-2026-00655/data/pack.json").decode()
    assert "Freya" not in said


def test_a_description_says_who_what_and_why():
    with opened_pack(FOLDER / "step-down.zip") as pack:
        said = pack.description
    assert said["packId"] == "step-down-step-down-2026-0144"
    assert said["sender"]["organisation"]["id"] == "o1"
    assert said["sender"]["practitioner"] == "w1"
    assert said["recipient"]["organisation"]["id"] == "o2"
    assert said["purposes"] == ["information-sharing"]
    assert said["lawfulBasis"] == "public-task"
    first = said["attachments"][0]
    assert (first["id"], first["type"], first["date"], first["author"], first["mediaType"]) == (
        *("a1", "single-assessment", "2025-11-07", "w1"),
        "text/plain",
    )
    assert first["sharing"] == {
        "basis": "consent",
        "consents": [{"recordId": "step-down-2026-0144", "consent": "cs2"}],
    }


def test_warnings_and_what_is_kept_from_the_family_travel_marked():
    with opened_pack(FOLDER / "referral.zip") as pack:
        marked = {record["recordId"]: record.get("marks") for record in pack.description["records"]}
    assert marked["marf-2026-00655"] == ["keep-from-family", "safety-warning"]
    assert marked["plan-2025-00417"] is None


def test_a_confidential_paper_travels_marked():
    marf = example("gloucestershire/marf")
    marf["attachments"][3]["confidential"] = True
    (paper,) = make([marf], "genogram").description["attachments"]
    assert paper["marks"] == ["keep-from-family"]
    assert paper["confidential"] is True


@pytest.mark.parametrize(
    "to",
    [
        "o8",
        "Multi-agency safeguarding hub (MASH)",
        "gloucestershire county  council, multi-agency safeguarding hub (mash)",
    ],
)
def test_a_recipient_is_found_by_id_or_name(to):
    built = make([example("gloucestershire/marf")], to=to)
    assert built.description["recipient"]["organisation"]["id"] == "o8"


@pytest.mark.parametrize("to", ["Gloucestershire County Council", "o99"])
def test_a_recipient_that_is_not_clear_is_asked_for(to):
    with pytest.raises(UnknownRecipientError) as problem:
        make([example("gloucestershire/marf")], to=to)
    assert to not in str(problem.value)


def test_a_pack_can_be_made_without_any_paper_and_says_what_is_missing():
    marf = example("gloucestershire/marf")
    del marf["concerns"][0]["description"]
    built = make([marf])
    assert not built.report.blocking
    gaps = [(gap["code"], gap.get("in")) for gap in built.description["gaps"]]
    assert ("PCK-304", None) in gaps
    assert ("MRF-912", "data/records/001-marf.json") in gaps
    text = json.dumps(built.description["gaps"])
    assert "Ellery" not in text
    assert "reject" not in text


def test_a_broken_record_can_be_sent_at_immediate_risk_to_somebody_nobody_listed(tmp_path):
    marf = example("gloucestershire/marf-immediate-risk")
    marf |= {"recordId": "not an id", "organisations": "none", "attachments": [1], "consents": [{}]}
    marf["people"] = [{"id": 7}, None]
    built = make([marf], "genogram", to="The emergency duty team")
    assert not built.report.blocking
    assert built.report.at_risk
    assert built.report.own("x").do_now
    said = built.description
    assert said["immediateRisk"] is True
    assert said["recipient"]["organisation"]["name"] == "The emergency duty team"
    assert all(
        gap["severity"] == "warning" for gap in said["gaps"] if not gap["code"].startswith("SHP-")
    )
    assert said["sharingLog"][0]["recipients"] == [{"description": "The recipient of this pack"}]
    path = tmp_path / "pack.zip"
    with atomic.new_file(path) as file:
        bag.write_zip(built.files, file, "pack")
    with opened_pack(path) as pack:
        assert pack.description == said


def spoiled(value, name=""):
    """Spoil every text of a record but what says which record it is."""
    if isinstance(value, dict):
        return {key: spoiled(each, key) for key, each in value.items()}
    if isinstance(value, list):
        return [spoiled(each, name) for each in value]
    return "spoiled \t / text" * 9 if isinstance(value, str) and name != "recordType" else value


@pytest.mark.parametrize("papers", [(), ("genogram",)])
def test_nothing_in_a_record_keeps_it_from_being_sent_at_immediate_risk(tmp_path, papers):
    record = example("gloucestershire/marf") | {"immediateRisk": True}
    for marf in (spoiled(record), spoiled(record, "") | {"attachments": record["attachments"]}):
        marf["children"] = [None, *marf["children"]]
        built = make([marf], *papers, to="spoiled")
        assert not built.report.blocking
        folder = tmp_path / f"bag-{len(list(tmp_path.iterdir()))}"
        bag.write_folder(built.files.items(), folder)
        with opened_pack(folder) as pack:
            assert len(pack.records) == 1


WRONG = (7, "x y", [], [7], [[]], {}, {"a": [1]}, None, [None])


@pytest.mark.slow
def test_nothing_in_place_of_a_property_keeps_it_from_being_sent():
    record = example("gloucestershire/marf") | {"immediateRisk": True}
    kept = {"recordType", "immediateRisk"}
    for number, name in enumerate(each for each in record if each not in kept):
        for wrong in (WRONG[number % len(WRONG)], WRONG[(number + 3) % len(WRONG)]):
            built = make([record | {name: wrong}], "genogram", minimise=True)
            assert not built.report.blocking, (name, wrong)
    for wrong in WRONG:
        assert not make([record | {"recordId": wrong}]).report.blocking


def test_a_local_id_is_that_of_the_main_record():
    plan = example("gloucestershire/my-plan-plus")
    marf = example("gloucestershire/marf")
    marf["organisations"] = [
        organisation for organisation in marf["organisations"] if organisation["id"] != "o2"
    ]
    with pytest.raises(UnknownRecipientError):
        make([marf, plan], to="o2")
    built = make([marf, plan], to="Tansy Lane Primary School")
    assert built.description["recipient"]["organisation"]["sector"] == "school"


def test_what_is_no_record_cannot_go_into_a_pack():
    with pytest.raises(UnreadableInputError):
        make([{"recordType": "something"}])


def test_an_interrupted_build_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)

    def stopped(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(zipfile.ZipFile, "writestr", stopped)
    monkeypatch.setattr(Path, "write_bytes", stopped)
    for out in (tmp_path / "pack.zip", tmp_path / "pack"):
        result = attempt(*COMMANDS["step-down.zip"].split(), "--out", out)
        assert result.return_value != 0
        assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_nothing_and_says_so(tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "writestr", full)
    result = attempt(*COMMANDS["step-down.zip"].split(), "--out", tmp_path / "pack.zip")
    assert (
        str(result.exception)
        == f"{tmp_path / 'pack.zip'} cannot be written: No space left on device."
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["pack.zip", "pack"])
def test_nothing_is_overwritten(tmp_path, monkeypatch, name):
    monkeypatch.chdir(ROOT)
    out = tmp_path / name
    out.write_text("mine", "utf-8")
    result = attempt(*COMMANDS["step-down.zip"].split(), "--out", out)
    assert isinstance(result.exception, OutputError)
    assert out.read_text("utf-8") == "mine"


def test_a_pack_is_not_unpacked_over_a_folder(tmp_path):
    (tmp_path / "out").mkdir()
    result = attempt("pack", "unpack", FOLDER / "referral.zip", "--out", tmp_path / "out")
    assert isinstance(result.exception, OutputError)
    assert list((tmp_path / "out").iterdir()) == []


def test_what_the_recipient_does_not_need_is_left_out_on_request():
    step_down, other = example("gloucestershire/step-down"), example("gloucestershire/escalation")
    how = {"kind": "step-down", "to": "o2"}
    whole = make([step_down, other], "supervision-record", "report", **how)
    assert len(whole.description["records"]) == 2
    assert "leftOut" not in whole.description
    less = make([step_down, other], "supervision-record", "report", minimise=True, **how)
    assert [record["recordType"] for record in less.description["records"]] == ["step-down"]
    assert [attachment["type"] for attachment in less.description["attachments"]] == ["report"]
    assert less.description["leftOut"] == [
        {
            "recordId": "escalation-2026-00019",
            "recordType": "escalation",
            "cites": ["N-004"],
        },
        {"type": "supervision-record", "cites": ["N-004"]},
    ]
    assert "PCK-202" in codes(less)


def test_the_example_in_python_runs(monkeypatch):
    import doctest

    import eh_interop.packs

    monkeypatch.chdir(ROOT)
    assert doctest.testmod(eh_interop.packs) == (0, 3)


def test_nothing_is_left_out_for_a_purpose_without_a_declaration():
    marf, other = example("gloucestershire/marf"), example("gloucestershire/escalation")
    built = make([marf, other], minimise=True)
    assert len(built.description["records"]) == 2
    both = ("referral-to-social-care", "information-sharing")
    built = make([marf, other], minimise=True, purposes=both)
    assert len(built.description["records"]) == 2
