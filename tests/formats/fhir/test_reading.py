"""A FHIR file is read as far as it goes; what is wrong is told in one line, with its place."""

import json
import socket

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.helpers.fhir_resources import CHILD, DIV, PAPER, bundle, patient
from tests.helpers.fhirpaths import origins_of_paths

from eh_interop.core.findings import Layer, Origin
from eh_interop.formats.fhir import files as reading
from eh_interop.formats.fhir.files import looks_like_fhir, read_fhir
from eh_interop.formats.fhir.files.document_checks import ReferenceIndex
from eh_interop.formats.fhir.files.xml_writing import to_xml

FHIR = 'xmlns="http://hl7.org/fhir"'
MARKER = "Zebedee Marker"


def dumped(document):
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def read(data):
    """Read, and check what holds for every finding."""
    read = read_fhir(data, "a")
    for finding in read.findings:
        assert finding.layer is Layer.READING
        assert finding.message.endswith(".")
        assert "\n" not in finding.message
    assert MARKER not in repr(read)
    assert "Marker" not in "".join(repr(each) for each in read.findings)
    return read


def told(data):
    return [(finding.code, finding.place) for finding in read(data).findings]


def fatal(data):
    """Return the one finding on a file that leaves no document."""
    read_ = read(data)
    assert read_.document is None
    assert read_.origins([("a",)]) == {}
    assert origins_of_paths(read_, ["Bundle"]) == {}
    (finding,) = read_.findings
    return finding


@pytest.fixture(params=["json", "xml"])
def form(request):
    return request.param


def written(document, form):
    return dumped(document) if form == "json" else to_xml(document, pretty=True)


def test_a_sound_bundle_is_read_without_a_word(form):
    found = read(written(bundle(), form))
    assert (found.form, found.document, found.findings) == (form, bundle(), ())


def test_every_place_has_its_line_and_column_in_the_source(form):
    data = written(bundle(), form)
    found, lines = read(data), data.decode().split("\n")
    steps = ("entry", 1, "resource", "_birthDate", "extension", 0, "valueDateTime")
    path = found.fhirpath(steps)
    assert path == "Bundle.entry[1].resource.birthDate.extension[0].value"
    paths = [path, "Bundle.entry[1].resource.name.family", "Bundle.entry[1].resource.telecom[3]"]
    at = origins_of_paths(found, paths)
    assert at[path] == found.origins([steps])[steps]
    starts = [lines[at[each].line - 1][at[each].column - 1 :] for each in paths]
    expected = {
        "json": ['"2015-02-03T', '"Ffôn"', "{"],
        "xml": ["<valueDateTime ", "<family ", "<resource>"],
    }[form]
    assert all(map(str.startswith, starts, expected))


BAD_VALUES = [
    ({"birthDate": "2015-02-30"}, "FHR-011", "/birthDate"),
    ({"birthDate": "03/04/2015"}, "FHR-011", "/birthDate"),
    ({"birthDate": "2015-13"}, "FHR-011", "/birthDate"),
    ({"birthDate": "0000"}, "FHR-011", "/birthDate"),
    ({"deceasedDateTime": "2015-02-03T04:05:06"}, "FHR-011", "/deceasedDateTime"),
    ({"meta": {"lastUpdated": "2015-02-03"}}, "FHR-011", "/meta/lastUpdated"),
    ({"extension": [{"url": "a", "valueTime": "24:00:00"}]}, "FHR-011", "/extension/0/valueTime"),
]


@pytest.mark.parametrize(("change", "code", "place"), BAD_VALUES)
def test_a_wrong_date_is_a_finding(form, change, code, place):
    sound = {key: value for key, value in patient().items() if key != "_birthDate"}
    found = read(written({**sound, **change}, form))
    assert [(finding.code, finding.place) for finding in found.findings] == [(code, place)]
    assert found.document is not None
    assert found.findings[0].origin.line > 1


@pytest.mark.parametrize("moment", ["2016-02-29", "2015", "2015-02", "2015-02-03T04:05:06.5+14:00"])
def test_a_right_date_is_none(form, moment):
    assert not told(written({"resourceType": "Patient", "deceasedDateTime": moment}, form))


@pytest.mark.parametrize(
    ("change", "code", "place"),
    [
        ({MARKER: 1}, "FHR-009", ""),
        ({"name": [{MARKER: {"x": 1}}]}, "FHR-009", "/name/0"),
        ({"_name": [{"id": "x"}]}, "FHR-009", ""),
        ({"name": {"family": MARKER}}, "FHR-010", "/name"),
        ({"name": []}, "FHR-010", "/name"),
        ({"birthDate": ["2015"]}, "FHR-010", "/birthDate"),
        ({"maritalStatus": MARKER}, "FHR-010", "/maritalStatus"),
        ({"active": "true"}, "FHR-010", "/active"),
        ({"multipleBirthInteger": True}, "FHR-010", "/multipleBirthInteger"),
        ({"gender": None}, "FHR-010", "/gender"),
        ({"gender": 5}, "FHR-010", "/gender"),
        ({"_gender": MARKER}, "FHR-010", "/_gender"),
        ({"extension": [{"url": "a", "valueDecimal": "1"}]}, "FHR-010",
         "/extension/0/valueDecimal"),
        ({"contained": [{"id": MARKER}]}, "FHR-010", "/contained/0"),
        ({"contained": [{"resourceType": MARKER}]}, "FHR-002", "/contained/0"),
    ],
)  # fmt: skip
def test_json_of_another_shape_is_still_read(change, code, place):
    found = read(dumped({**patient(), "managingOrganization": {"display": "a"}, **change}))
    assert [(finding.code, finding.place) for finding in found.findings] == [(code, place)]
    assert found.document is not None


@pytest.mark.parametrize(
    ("inside", "code", "place", "kept"),
    [
        ('<active value="Marker"/>', "FHR-010", "/active", {"active": "Marker"}),
        ('<multipleBirthInteger value="007"/>', "FHR-010", "/multipleBirthInteger",
         {"multipleBirthInteger": "007"}),
        ("<Marker/>", "FHR-009", "", {}),
        ('<x:active xmlns:x="urn:Marker" value="true"/>', "FHR-009", "", {}),
        ('<active Marker="1" value="true"/>', "FHR-009", "/active", {"active": True}),
        ("Marker", "FHR-009", "", {}),
        ("<active/>", "FHR-010", "/active", {}),
        ('<active value="true"/><active value="false"/>', "RDG-005", "/active",
         {"active": False}),
        ("<contained/>", "FHR-010", "/contained/0", {}),
        ("<contained><Flag/><Flag/></contained>", "FHR-010", "/contained/0", {}),
        (f'<div xmlns="{DIV}">Marker</div>', "FHR-009", "", {}),
        ("<text><div>Marker</div></text>", "FHR-009", "/text", {"text": {}}),
    ],
)  # fmt: skip
def test_xml_of_another_shape_is_still_read(inside, code, place, kept):
    found = read(f"<Patient {FHIR}>\n{inside}</Patient>".encode())
    assert [(finding.code, finding.place) for finding in found.findings][:1] == [(code, place)]
    assert found.findings[0].origin.line in {1, 2}
    assert found.document == {"resourceType": "Patient", **kept}


def test_a_comment_an_instruction_and_a_schema_location_say_nothing():
    head = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a b"'
    data = f"<!-- {MARKER} --><?x y?><Patient {FHIR} {head}><!-- a --></Patient>"
    found = read(data.encode())
    assert (found.document, found.findings) == ({"resourceType": "Patient"}, ())


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'{"recordType": "marf"}', "FHR-001"),
        (b'{"resourceType": 5}', "FHR-001"),
        (b"<Patient/>", "FHR-001"),
        (b'<a xmlns="urn:x"/>', "FHR-001"),
        (b'{"resourceType": "Zebedee Marker"}', "FHR-002"),
        (f"<Marker {FHIR}/>".encode(), "FHR-002"),
        (b"[]", "RDG-012"),
        (b"", "RDG-011"),
        (b'{"resourceType": "Patient", "Marker": [}', "RDG-001"),
        (b'{"resourceType": "Patient", "active": tr', "RDG-002"),
    ],
)
def test_what_is_not_fhir_is_said_so(data, code):
    assert fatal(data).code == code


def changed(*entries, **rest):
    return {**bundle(), "entry": [{"resource": entry} for entry in entries], **rest}


CONSENT_R5 = {"resourceType": "Consent", "status": "active", "grantor": [{"display": MARKER}]}
CAREPLAN_R5 = {"resourceType": "CarePlan", "addresses": [{"reference": {"display": MARKER}}],
               "custodian": {"display": MARKER}}  # fmt: skip
STU3 = "https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Patient-1"


@pytest.mark.parametrize(
    ("document", "version", "place"),
    [
        (changed(CONSENT_R5, CAREPLAN_R5), "R5", "/entry/0/resource"),
        (CONSENT_R5, "R5", ""),
        (changed(patient(), {"resourceType": "Transport"}), "R5", "/entry/1/resource"),
        (changed({"resourceType": "ReferralRequest"}), "STU3", "/entry/0/resource"),
        ({"resourceType": "ProcedureRequest"}, "STU3", ""),
        (changed({"resourceType": "MedicationOrder"}), "DSTU2", "/entry/0/resource"),
        (changed({**patient(), "meta": {"profile": ["a", STU3]}}), "STU3",
         "/entry/0/resource/meta/profile/1"),
        ({**patient(), "meta": {"profile": [
            "http://hl7.org/fhir/StructureDefinition/Patient|5.0.0"]}}, "R5", "/meta/profile/0"),
        ({"resourceType": "CapabilityStatement", "fhirVersion": "3.0.2"}, "STU3", "/fhirVersion"),
    ],
)  # fmt: skip
def test_another_version_of_fhir_is_said_so(document, version, place):
    finding = fatal(dumped(document))
    assert (finding.code, finding.place) == ("FHR-003", place)
    assert finding.message.startswith(f"This is FHIR {version}, ")
    assert finding.origin


def test_another_version_of_fhir_is_said_so_of_xml():
    schema = "http://www.w3.org/2001/XMLSchema-instance"
    location = "http://hl7.org/fhir http://hl7.org/fhir/STU3/patient.xsd"
    data = f'<Patient {FHIR} xmlns:x="{schema}" x:schemaLocation="{location}"/>'
    assert "FHIR STU3" in fatal(data.encode()).message
    data = f"<Consent {FHIR}>\n<grantor/></Consent>"
    assert "FHIR R5" in fatal(data.encode()).message


def test_one_stray_element_or_a_type_of_r4_alone_does_not_make_another_version():
    found = read(dumped(changed(CONSENT_R5, patient(), type="collection")))
    assert [finding.code for finding in found.findings] == ["FHR-009"]
    found = read(dumped(changed(patient(), {"resourceType": "SubstancePolymer"}, type="message")))
    assert [(finding.code, finding.place) for finding in found.findings] == [
        ("FHR-002", "/entry/1/resource")
    ]


@pytest.mark.parametrize("entries", [[], None])
def test_a_bundle_without_entries_holds_no_record(form, entries):
    empty = {**bundle(), "entry": entries}
    if entries is None or form == "xml":
        del empty["entry"]
    assert fatal(written(empty, form)).code == "FHR-004"


def test_a_document_without_composition_is_read(form):
    document = {**bundle(), "entry": bundle()["entry"][1:]}
    assert told(written(document, form)) == [("FHR-006", "/entry/0")]
    assert told(written({**document, "type": "collection"}, form)) == []


@pytest.mark.parametrize(
    "reference",
    ["urn:uuid:00000000-0000-4000-8000-000000000000", "Patient/nobody", "#nobody", "Marker"],
)
def test_a_reference_to_nothing_is_told(form, reference):
    document = bundle()
    document["entry"][0]["resource"]["subject"] = {"reference": reference}
    found = read(written(document, form))
    assert [(finding.code, finding.place) for finding in found.findings] == [
        ("FHR-008", "/entry/0/resource/subject/reference")
    ]
    assert found.document == document


@pytest.mark.parametrize(
    "reference",
    [CHILD, "Patient/child-1", "Patient/child-1/_history/3", "https://x.org/Patient/9", "#",
     "Patient?identifier=9"],
)  # fmt: skip
def test_a_reference_that_is_answered_or_points_elsewhere_is_not(form, reference):
    document = bundle()
    document["entry"][0]["resource"]["subject"] = {"reference": reference}
    assert told(written(document, form)) == []


def test_a_single_resource_does_not_have_to_bring_what_it_refers_to(form):
    document = {**patient(), "generalPractitioner": [{"reference": "Practitioner/1"}]}
    assert told(written(document, form)) == []


def test_references_find_what_they_mean():
    references = ReferenceIndex(bundle())
    child = ("entry", 1, "resource")
    assert references.find("#school", child) == (*child, "contained", 0)
    assert references.find("#school", ("entry", 0, "resource")) is None
    assert references.find(CHILD, ()) == references.find("Patient/child-1", ()) == child
    url = "https://a.org/fhir/Patient/7"
    other = ReferenceIndex({"entry": [{"fullUrl": url, "resource": patient()}]})
    assert other.find("Patient/7", ()) == other.find(url, ()) == ("entry", 0, "resource")


def test_resources_that_point_to_each_other_and_bundles_in_bundles_end(form):
    document = bundle()
    inner = {"resourceType": "Bundle", "type": "collection",
             "entry": [{"fullUrl": CHILD, "resource": patient()}]}  # fmt: skip
    document["entry"][1]["resource"]["link"] = [{"other": {"reference": CHILD}, "type": "seealso"}]
    document["entry"][1]["resource"]["contained"][0]["partOf"] = {"reference": "#school"}
    document["entry"].append({"fullUrl": PAPER + "1", "resource": inner})
    assert told(written(document, form)) == []


def test_a_full_url_that_stands_twice_is_told_unless_it_is_another_version(form):
    document = bundle()
    again = {"fullUrl": CHILD, "resource": {"resourceType": "Patient"}}
    document["entry"].append(again)
    assert told(written(document, form)) == [("FHR-007", "/entry/3/fullUrl")]
    again["resource"]["meta"] = {"versionId": "2"}
    assert told(written(document, form)) == []


def many(count):
    entries = [
        {"fullUrl": f"urn:uuid:{index}",
         "resource": {"resourceType": "Flag", "id": f"f{index}",
                      "subject": {"reference": f"urn:uuid:{(index + 1) % count}"}}}
        for index in range(count)
    ]  # fmt: skip
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def test_ten_thousand_entries_are_read(form):
    document = many(10_000)
    found = read_fhir(written(document, form), "a")
    assert found.findings == ()
    assert found.document == document
    places = [("entry", index, "resource", "subject") for index in range(0, 10_000, 7)]
    assert len(set(found.origins(places).values())) == len(places)


def test_the_work_grows_with_the_entries_and_not_faster(monkeypatch):
    visited = []
    monkeypatch.setattr(
        "eh_interop.formats.fhir.files.inspection._fits",
        lambda value, _type: not visited.append(value),
    )
    counts = []
    for count in (100, 200):
        visited.clear()
        read_fhir(dumped(many(count)), "a")
        counts.append(len(visited))
    assert counts[1] <= 2 * counts[0]


def test_more_entries_than_the_limit_are_refused_in_one_line(form, monkeypatch):
    assert reading.MAX_ENTRIES == 50_000
    monkeypatch.setattr(reading, "MAX_ENTRIES", 20)
    assert read(written(many(20), form)).document
    finding = fatal(written(many(21), form))
    assert (finding.code, finding.place) == ("FHR-005", "/entry")


def test_more_faults_than_are_listed_are_told_in_one_line_more():
    document = changed(*[{"resourceType": "Flag", "subject": {"reference": "#a"}}] * 150)
    findings = read(dumped({**document, "type": "collection"})).findings
    assert len(findings) == 101
    assert findings[-1].message == "There is more of this than is listed."


def test_a_huge_attachment_is_read_and_never_decoded(form, monkeypatch):
    monkeypatch.setattr("base64.b64decode", None)
    monkeypatch.setattr("binascii.a2b_base64", None)
    data = "QUJD" * 3_000_000
    document = {"resourceType": "Binary", "contentType": "image/png", "data": data}
    found = read_fhir(written(document, form), "a")
    assert found.findings == ()
    assert found.document == document


def test_a_file_beyond_the_limit_is_refused(form, monkeypatch):
    monkeypatch.setattr(reading, "MAX_RECORD_BYTES", 1000)
    finding = fatal(written(bundle(), form))
    assert finding.code == "RDG-010"


def test_more_elements_than_the_limit_are_refused(monkeypatch):
    monkeypatch.setattr("eh_interop.formats.fhir.files.xml_tree.MAX_ELEMENTS", 20)
    flags = ["<identifier/>" * count for count in (19, 20)]
    found = [read_fhir(f"<Flag {FHIR}>{flag}</Flag>".encode(), "a") for flag in flags]
    assert found[0].document == {"resourceType": "Flag", "identifier": [{}] * 19}
    assert found[1].document is None
    assert [finding.code for finding in found[1].findings] == ["RDG-010"]


@pytest.fixture
def no_network(monkeypatch):
    def refuse(*_args, **_kwargs):
        raise AssertionError("something was fetched")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr("builtins.open", refuse)


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
ATTACKS = {
    "billion laughs": (f'<!DOCTYPE x [<!ENTITY l0 "Marker">{LAUGHS}]>\n', "&l9;", "FHR-014"),
    "external entity": ('\n<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>', "&e;",
                        "FHR-014"),
    "parameter entity": ('<!DOCTYPE x [<!ENTITY % e SYSTEM "http://x.org/e"> %e;]>', "",
                         "FHR-014"),
    "external DTD": ('<!DOCTYPE x SYSTEM "http://x.org/Marker.dtd">', "", "FHR-014"),
    "bare DOCTYPE": ("<!DOCTYPE Patient>", "", "FHR-014"),
    "named character": ("", '<language value="a&nbsp;Marker"/>', "FHR-014"),
    "XInclude": ("", ('<x:include xmlns:x="http://www.w3.org/2001/XInclude" '
                     'href="file:///etc/passwd" parse="text"/>'), "FHR-015"),
    "XInclude in a narrative": (
        "", (f'<text><div xmlns="{DIV}"><include xmlns="http://www.w3.org/2001/XInclude" '
            'href="a"/></div></text>'), "FHR-015"),
}  # fmt: skip


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize("attack", ATTACKS)
def test_xml_that_would_expand_or_fetch_is_refused_where_it_stands(attack):
    before, inside, code = ATTACKS[attack]
    data = f'<?xml version="1.0"?>{before}<Patient {FHIR}>\n{inside}</Patient>'
    finding = fatal(data.encode())
    assert finding.code == code
    assert finding.origin is not None


def test_encodings_are_told(form):
    data = written(bundle(), form).decode()
    marked = read(b"\xef\xbb\xbf" + data.encode())
    assert marked.document == bundle()
    assert [finding.code for finding in marked.findings] == ["RDG-004"]
    line = written({**bundle(), "entry": bundle()["entry"][2:], "type": "collection"}, form)
    assert marked.origins([("type",)]) == read(data.encode()).origins([("type",)])
    assert read(line).findings == ()
    for encoding in ("utf-16", "utf-16-le", "utf-16-be", "cp1252", "utf-32"):
        other = data.replace("🙂", "").encode(encoding)
        assert fatal(other).code == "RDG-003", encoding


@pytest.mark.parametrize("declared", ["ISO-8859-1", "UTF-16", "windows-1252"])
def test_xml_that_declares_another_encoding_is_refused(declared):
    data = f'<?xml version="1.0" encoding="{declared}"?><Patient {FHIR}/>'
    assert fatal(data.encode()).code == "RDG-003"


@pytest.mark.parametrize("declaration", ["", '<?xml version="1.0"?>',
                                         '<?xml version="1.0" encoding="utf-8"?>'])  # fmt: skip
def test_xml_need_not_declare_utf_8(declaration):
    data = f'{declaration}<Patient {FHIR}><language value="é"/></Patient>'
    assert read(data.encode()).document["language"] == "é"


def test_a_byte_that_no_text_has_is_told_with_its_place(form):
    data = written(bundle(), form).replace("Ffôn".encode(), b"Marker\x00")
    finding = fatal(data)
    assert finding.code == {"json": "RDG-001", "xml": "FHR-013"}[form]
    assert finding.origin.line > 1


@pytest.mark.parametrize(
    "data",
    [
        f"<Patient {FHIR}><active></Patient>",
        f'<Patient {FHIR} a="1" a="2"/>',
        f"<Patient {FHIR}/><Patient/>",
        f"<Patient {FHIR}><x:y/></Patient>",
        f"<Patient {FHIR}>&#0;</Patient>",
        f"<Patient {FHIR} Marker/>",
        f' <?xml version="1.0"?><Patient {FHIR}/>',
    ],
)
def test_broken_xml_is_told_with_its_place(data):
    finding = fatal(data.encode())
    assert finding.code == "FHR-013"
    assert finding.origin.column > 1


def test_a_file_that_is_cut_off_anywhere_is_told(form):
    data = written(bundle(), form).rstrip()
    for end in range(2, len(data) - 1, 37):
        finding = fatal(data[:end])
        assert finding.code in {"RDG-002", "RDG-001", "FHR-013"}
        assert finding.origin is not None
    assert fatal(data[: len(data) // 2]).code == "RDG-002"


@pytest.mark.parametrize("depth", [300, 10_000])
def test_what_is_nested_too_deeply_is_refused(form, depth):
    if form == "json":
        inner = '{"url":"a","extension":[' * depth + "]}" * depth
        data = f'{{"resourceType": "Patient", "extension": [{inner}]}}'
    else:
        inner = "<extension>" * depth + "</extension>" * depth
        data = f"<Patient {FHIR}>{inner}</Patient>"
    assert fatal(data.encode()).code == "RDG-009"


def test_a_narrative_nested_without_end_is_refused():
    inner = "<p>" * 10_000 + "</p>" * 10_000
    data = f'<Patient {FHIR}><text><div xmlns="{DIV}">{inner}</div></text></Patient>'
    assert fatal(data.encode()).code == "RDG-009"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b'{"resourceType": "Bundle"}', True),
        (b'\xef\xbb\xbf {"resourceType": "Bundle", broken', True),
        (b' {"resourceType": "Bundle", broken', True),
        (b'{"recordType": "marf", "localData": {"resourceType": "Bundle"}}', False),
        (b'{"recordType": "marf"}', False),
        (b'["resourceType"]', False),
        (b"<?xml version='1.0'?><a:Bundle xmlns:a='http://hl7.org/fhir'>", True),
        (b"\xef\xbb\xbf<Bundle " + FHIR.encode() + b">", True),
        (b"<html/>", False),
        (b"", False),
        ({"resourceType": "Bundle"}, True),
        ({"recordType": "marf"}, False),
    ],
)
def test_fhir_is_recognised_without_reading_it(data, expected):
    assert looks_like_fhir(data) is expected


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_nothing_that_stands_in_a_file_makes_reading_raise(data):
    source = data.draw(st.sampled_from([to_xml(bundle()), dumped(bundle())]))
    start = data.draw(st.integers(0, len(source)))
    end = data.draw(st.integers(start, min(len(source), start + 40)))
    bad = data.draw(st.binary(max_size=8) | st.sampled_from([b"", b"<", b"null", b'"', b"{", b"]"]))
    found = read_fhir(source[:start] + bad + source[end:], "a")
    assert found.document is not None or found.findings
    assert all(finding.origin or finding.code == "RDG-011" for finding in found.findings[:100])
    assert all(isinstance(finding.origin, Origin | None) for finding in found.findings)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["resourceType", "entry", "resource", "meta", "profile", "contained", "id", "name",
                 "fullUrl", "reference", "subject", "extension", "url", "_id", "text", "div"]
            ),
            inner | st.sampled_from(["Patient", "Bundle", "#", "urn:uuid:1", "document"]),
            max_size=5,
        )
    ),
    max_leaves=20,
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(["Bundle", "Patient", "Consent", ""]), JSON_VALUES)
def test_no_shape_of_json_makes_reading_raise(name, value):
    document = {**(value if isinstance(value, dict) else {"entry": value}), "resourceType": name}
    found = read_fhir(dumped(document), "a")
    assert found.document is not None or found.findings
