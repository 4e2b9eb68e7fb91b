"""FHIR is opened whatever somebody did to it: a record if there is one, and findings."""

import copy
import dataclasses
import json
import subprocess
import sys

import pytest
from click.testing import CliRunner
from fhir.resources.R4B.operationoutcome import OperationOutcome
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.helpers.imports import opened, told, without_form
from tests.helpers.support import AS_OF, EXAMPLES, example

from eh_interop import check
from eh_interop.cli import main
from eh_interop.formats.fhir.bundle import to_bundle
from eh_interop.formats.fhir.files.xml_writing import to_xml

MARKER = "Zq7Marker"
WHOLE = [to_bundle(example(f"minimal/{each}")) for each in ("marf", "plan", "consent-record")]
TYPED = [without_form(example(f"minimal/{each}")) for each in ("marf", "escalation", "meeting")]
FOREIGN = [json.loads(path.read_text("utf-8")) for path in sorted(EXAMPLES.glob("fhir/*.json"))]
JUNK = st.sampled_from(
    [
        None,
        MARKER,
        f"2012-05-{MARKER}",
        1,
        -0.5,
        True,
        [],
        {},
        [MARKER],
        {MARKER: MARKER},
        [{}],
        [[]],
        [None],
        {"reference": "#x"},
        {"coding": MARKER},
        {"extension": [3]},
        "0001-01-01T00:00:00+14:00",
    ]
)


def places(value, at=()):
    if at:
        yield at
    entries = enumerate(value) if isinstance(value, list) else ()
    for step, each in value.items() if isinstance(value, dict) else entries:
        yield from places(each, (*at, step))


def within(document, steps):
    for step in steps:
        document = document[step]
    return document


@st.composite
def damaged(draw):
    document = copy.deepcopy(draw(st.sampled_from([*WHOLE, *TYPED, *FOREIGN])))
    for _ in range(draw(st.integers(1, 5))):
        every = list(places(document))
        if not every:
            break
        *above, last = draw(st.sampled_from(every))
        holder = within(document, above)
        match draw(st.sampled_from(["drop", "junk", "junk", "twice", "rename", "move"])):
            case "drop":
                del holder[last]
            case "junk":
                holder[last] = copy.deepcopy(draw(JUNK))
            case "move":
                holder[last] = copy.deepcopy(within(document, draw(st.sampled_from(every))))
            case "twice" if isinstance(holder, list):
                holder.append(copy.deepcopy(holder[last]))
            case "rename" if isinstance(holder, dict):
                holder[MARKER] = holder.pop(last)
            case _:
                holder[last] = MARKER
    return document


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(damaged())
def test_nothing_in_a_bundle_makes_opening_raise_and_nothing_is_quoted(document):
    found = opened(document)
    assert MARKER not in repr(found)
    assert MARKER not in repr(found.findings())


@settings(max_examples=30, deadline=None)
@given(damaged())
def test_a_damaged_bundle_is_checked_like_any_file(document):
    report = check(json.dumps(document), as_of=AS_OF)
    # A record's own id, which reports repeat, may be what was damaged.
    assert MARKER not in repr(dataclasses.replace(report, record_id=None))


def marked(value, name=""):
    """Put the marker into every text that does not say what the FHIR is."""
    if isinstance(value, dict):
        return {key: marked(each, key) for key, each in value.items()}
    if isinstance(value, list):
        return [marked(each, name) for each in value]
    fixed = {"resourceType", "linkId", "questionnaire", "url", "system", "code", "fullUrl", "type"}
    return f"{value} {MARKER}" if isinstance(value, str) and name not in fixed else value


@pytest.mark.parametrize("document", [*WHOLE, *TYPED, *FOREIGN])
def test_no_value_is_in_what_is_printed(document):
    text = json.dumps(marked(document))
    assert MARKER in text
    for name in ("text", "json", "outcome", "sarif"):
        result = CliRunner().invoke(main, ["check", "-", "--format", name], input=text)
        assert MARKER not in result.output
        assert result.exception is None or isinstance(result.exception, SystemExit)


# Forms.


def form_of(bundle):
    return next(
        each["resource"]
        for each in bundle["entry"]
        if each["resource"]["resourceType"] == "QuestionnaireResponse"
    )


@pytest.fixture
def bundle():
    return copy.deepcopy(WHOLE[0])


FORM = "Bundle.entry[1].resource"


def test_of_two_forms_the_first_is_read_and_the_other_told(bundle):
    other = copy.deepcopy(form_of(bundle))
    other["id"] = "b2"
    bundle["entry"].append({"fullUrl": "urn:uuid:b2", "resource": other})
    found = opened(bundle)
    assert found.record == example("minimal/marf")
    assert ("FHR-021", f"Bundle.entry[{len(bundle['entry']) - 1}].resource") in told(bundle)


@pytest.mark.parametrize("version", ["9.9", "", "marf"])
def test_a_form_of_an_unknown_version_is_told_and_the_typed_resources_read(bundle, version):
    form = form_of(bundle)
    form["questionnaire"] = f"{form['questionnaire'].partition('|')[0]}|{version}"
    found = opened(bundle)
    assert found.record["recordType"] == "marf"
    assert found.record["children"][0]["name"] == example("minimal/marf")["children"][0]["name"]
    (finding,) = [each for each in found.findings() if each.code == "FHR-017"]
    assert finding.origin.path == FORM
    assert "does not know" in finding.message
    assert "typed resources were read instead" in finding.message


def unknown_question(form):
    form["item"].append({"linkId": f"{MARKER}.x", "answer": [{"valueString": MARKER}]})


def wrong_answer(form):
    form["item"][0]["answer"] = [{"valueUri": MARKER}]


def two_answers(form):
    item = next(each for each in form["item"] if each["linkId"] == "recordId")
    item["answer"] *= 2


def no_list(form):
    form["item"] = MARKER


def code_of_nothing(form):
    item = next(each for each in form["item"] if each["linkId"] == "trigger")
    item["answer"] = [{"valueCoding": {"code": MARKER}}]


@pytest.mark.parametrize(
    "change", [unknown_question, wrong_answer, two_answers, no_list, code_of_nothing]
)
def test_a_form_that_somebody_changed_is_told_and_the_record_is_not_lost(bundle, change):
    change(form_of(bundle))
    found = opened(bundle)
    assert found.record["recordId"] == "marf-0001"
    assert len(found.record["children"]) == 1
    (finding,) = [each for each in found.findings() if each.code == "FHR-017"]
    assert finding.origin.path.startswith(FORM)
    assert "typed resources were read instead" in finding.message
    assert MARKER not in repr(found.findings())


def test_the_place_of_an_answer_of_another_kind_is_told(bundle):
    form = form_of(bundle)
    wrong_answer(form)
    (finding,) = [each for each in opened(bundle).findings() if each.code == "FHR-017"]
    assert finding.origin.path == f"{FORM}.item[0]"


def test_a_form_with_broken_values_is_read_and_not_compared(bundle):
    item = next(each for each in form_of(bundle)["item"] if each["linkId"] == "referredOn")
    item["answer"] = [{"valueDate": "soon"}]
    found = opened(bundle)
    assert found.record["referredOn"] == "soon"
    (finding,) = [each for each in found.findings() if each.code == "FHR-018"]
    assert "were not compared" in finding.message


def test_a_form_alone_gives_its_record(bundle):
    found = opened(form_of(bundle))
    assert found.record == example("minimal/marf")
    assert found.findings() == ()


# Files.


def run(*arguments, **more):
    result = CliRunner().invoke(
        main, ["check", *map(str, arguments), "--as-of", "2026-11-01"], **more
    )
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


@pytest.fixture
def folder(tmp_path):
    for number, document in enumerate([*WHOLE, *FOREIGN]):
        (tmp_path / f"{number:02}.json").write_text(json.dumps(document), "utf-8")
    (tmp_path / "fhir.xml").write_bytes(to_xml(WHOLE[1], pretty=True))
    (tmp_path / "SHOUTED.XML").write_bytes(to_xml(FOREIGN[0]))
    (tmp_path / "other.xml").write_text("<pupils><pupil/></pupils>", "utf-8")
    lines = "\n".join(json.dumps(each) for each in [*WHOLE, *TYPED])
    (tmp_path / "many.ndjson").write_text(f"{lines}\n", "utf-8")
    return tmp_path


def test_a_folder_is_searched_for_fhir_in_json_and_xml(folder):
    result = run(folder, "--format", "json", "--no-across")
    records = json.loads(result.stdout)["records"]
    names = {record["source"].rpartition("/")[2] for record in records}
    assert names == {each.name for each in folder.iterdir()} - {"other.xml"}
    assert len(records) == len(WHOLE) + len(FOREIGN) + 2 + len(WHOLE) + len(TYPED)
    assert "other.xml: XML that is not FHIR, not read." in result.stderr


def test_xml_and_json_of_one_bundle_are_told_alike(folder):
    records = json.loads(run(folder, "--format", "json").stdout)["records"]
    by_name = {record["source"].rpartition("/")[2]: record for record in records}
    xml, plain = by_name["fhir.xml"], by_name["01.json"]
    assert xml["recordId"] == plain["recordId"]
    assert [finding["code"] for finding in xml["findings"]] == [
        finding["code"] for finding in plain["findings"]
    ]


def test_two_processes_say_the_same_as_one(folder):
    one, two = (run(folder, "--format", "json", "--jobs", jobs).stdout for jobs in (1, 2))
    assert one == two


def test_each_line_of_ndjson_is_a_record_with_its_own_line(folder):
    said = run(folder / "many.ndjson", "--format", "json", "--no-across").stdout
    records = json.loads(said)["records"]
    assert [record["line"] for record in records] == list(range(1, len(WHOLE) + len(TYPED) + 1))
    lines = {
        finding["origin"]["line"] for finding in records[-1]["findings"] if finding.get("origin")
    }
    assert lines == {len(records)}


@pytest.mark.parametrize("data", [json.dumps(FOREIGN[0]).encode(), to_xml(FOREIGN[0])])
def test_standard_input_may_be_fhir(data):
    result = run("-", "--format", "json", input=data)
    (record,) = json.loads(result.stdout)["records"]
    assert record["recordType"]
    assert {"FHR-019", "FHR-020"} <= {finding["code"] for finding in record["findings"]}


def test_an_outcome_of_fhir_is_valid_and_points_into_it():
    result = run("-", "--format", "outcome", input=json.dumps(FOREIGN[0]))
    outcome = json.loads(result.stdout)
    OperationOutcome.model_validate(outcome)
    places_ = [each["expression"][0] for each in outcome["issue"] if "expression" in each]
    assert len(places_) > 10
    assert all(place.split(".")[0] == "Bundle" for place in places_)


def test_checking_a_record_in_json_loads_nothing_of_fhir():
    code = (
        "import sys\n"
        "from eh_interop.cli import main\n"
        f"main(['check', {str(EXAMPLES / 'minimal' / 'marf.json')!r}], standalone_mode=False)\n"
        "heavy = ('eh_interop.formats.fhir', 'fhir')\n"
        "names = [name for name in sys.modules if name.startswith(heavy)]\n"
        "assert not names, names\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
