"""The FHIR package: complete, sound in itself, and the same bytes each time."""

import csv
import json
import re

import pytest
from tests.helpers.support import AS_OF, ROOT, SCHEMAS

from eh_interop.core.errors import OutputError, StandardError
from eh_interop.core.pointer import split
from eh_interop.formats.fhir.bundle import to_bundle
from eh_interop.formats.fhir.compile import compiled_tables, field_at
from eh_interop.formats.fhir.guide import make_package, write_package
from eh_interop.formats.fhir.guide.inputs import load_identifiers, load_inputs
from eh_interop.formats.fhir.questionnaire_response import find_forms
from eh_interop.formats.fhir.tables import load_tables
from eh_interop.samples import samples
from eh_interop.standard.fields import Kind, fields_of
from eh_interop.standard.schemas import BASE, load_standard

STANDARD = load_standard()
INPUTS = load_inputs()
PACKAGE = make_package(INPUTS)
MADE = PACKAGE.definitions
EXAMPLES = PACKAGE.examples
FILES = dict(PACKAGE.files())
ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
NAME = re.compile(r"[A-Z][A-Za-z0-9_]{0,254}")
PRIMITIVES = {"string", "date", "dateTime", "boolean", "integer", "decimal", "code"}


def of(kind):
    return [each for each in MADE if each["resourceType"] == kind]


def texts(value, key=""):
    """Every text below a value, with the name of what holds it."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield from texts(each, name)
    elif isinstance(value, list):
        for each in value:
            yield from texts(each, key)
    elif isinstance(value, str):
        yield key, value


def codings(value):
    """Every coding below a value: a system and a code."""
    if isinstance(value, dict):
        if isinstance(value.get("system"), str) and "code" in value:
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from codings(each)


def model(record):
    return next(each for each in of("StructureDefinition") if each["id"] == record)


def test_every_code_list_is_there_with_all_its_codes():
    systems = {each["id"]: each for each in of("CodeSystem")}
    paths = list((SCHEMAS / "1.0" / "codelists").glob("*.csv"))
    others = {each.name for each in INPUTS.systems}
    assert systems.keys() == {path.stem for path in paths} | others
    assert len(systems) == len(of("ValueSet")) == len(paths) + len(others)
    for path in paths:
        with path.open(encoding="utf-8", newline="") as file:
            rows = [(row["code"], row["title"]) for row in csv.DictReader(file)]
        system = systems[path.stem]
        assert [(each["code"], each["display"]) for each in system["concept"]] == rows
        assert system["count"] == len(rows)
        assert (system["content"], system["caseSensitive"]) == ("complete", True)


def test_no_code_stands_twice_in_its_system():
    for each in of("CodeSystem"):
        codes = [concept["code"] for concept in each["concept"]]
        assert len(codes) == len(set(codes)), each["id"]


def test_each_value_set_holds_its_code_system_and_is_named_by_it():
    systems = {each["url"]: each for each in of("CodeSystem")}
    for each in of("ValueSet"):
        (include,) = each["compose"]["include"]
        assert systems[include["system"]]["valueSet"] == each["url"]


def test_every_record_type_has_a_questionnaire_and_a_model():
    assert {each["id"] for each in of("Questionnaire")} == set(STANDARD.record_types)
    logical = {each["id"] for each in of("StructureDefinition") if each["kind"] == "logical"}
    assert logical == set(STANDARD.record_types)


@pytest.mark.parametrize("record", STANDARD.record_types)
def test_a_model_has_every_field_with_its_cardinality(record):
    first, *rest = model(record)["differential"]["element"]
    assert first["path"] == record
    stated = {each["path"]: each for each in rest}
    assert len(stated) == len(rest)
    for field in fields_of(record).walk():
        element = stated.pop(f"{record}.{field.link}")
        (said,) = element["type"]
        grouped = field.kind in {Kind.GROUP, Kind.REASONS}
        assert said["code"] in ({"BackboneElement"} if grouped else PRIMITIVES)
        assert element["min"] == int(field.required)
        assert (element["max"] == "*") is (field.repeats or field.kind is Kind.REASONS)
        assert ("binding" in element) is bool(field.code_list)
    assert {path.rsplit(".", 1)[-1] for path in stated} == {"field", "reason"}


@pytest.mark.parametrize("record", STANDARD.record_types)
def test_a_snapshot_has_every_element_of_the_differential_once(record):
    made = model(record)
    paths = [each["path"] for each in made["snapshot"]["element"]]
    assert len(paths) == len(set(paths))
    assert {each["path"] for each in made["differential"]["element"]} <= set(paths)
    assert all("base" in each for each in made["snapshot"]["element"])


def test_every_question_points_into_a_model():
    paths = {
        f"{each['url']}#{element['id']}"
        for each in of("StructureDefinition")
        for element in each["differential"]["element"]
    }
    asked = [
        value
        for each in of("Questionnaire")
        for key, value in texts(each["item"])
        if key == "definition"
    ]
    assert asked
    assert set(asked) <= paths


def test_ids_names_and_canonicals_are_valid_and_used_once():
    keys = [(each["resourceType"], each["id"]) for each in MADE]
    assert len(keys) == len(set(keys))
    assert all(ID.fullmatch(key) for _, key in keys)
    assert all(NAME.fullmatch(each["name"]) for each in MADE)
    urls = [each["url"] for each in MADE if "url" in each]
    systems = [each["uniqueId"][0]["value"] for each in of("NamingSystem")]
    assert len(urls) == len(MADE) - len(systems)
    assert len({*urls, *systems}) == len(urls) + len(systems)


def test_whatever_names_something_of_ours_finds_it():
    known = {each["url"] for each in MADE if "url" in each}
    known |= {each["uniqueId"][0]["value"] for each in of("NamingSystem")}
    named = {
        value.partition("#")[0].partition("|")[0]
        for each in MADE
        for key, value in texts(each)
        if value.startswith(BASE) and key not in {"url", "canonical"}
    }
    assert named
    assert named <= known


def published():
    """Return every URL that the package defines."""
    known = {each["url"] for each in MADE if "url" in each}
    return known | {each["uniqueId"][0]["value"] for each in of("NamingSystem")}


def test_what_the_mappings_name_of_ours_is_published():
    paths = [path for path in (ROOT / "mappings").rglob("*") if path.suffix in {".toml", ".csv"}]
    named = {
        path: set(re.findall(rf"{BASE}[A-Za-z]+/[A-Za-z0-9.-]+", path.read_text("utf-8")))
        for path in paths
    }
    assert any(named.values())
    assert {path: found - published() for path, found in named.items() if found - published()} == {}


def test_every_extension_that_the_mappings_fill_is_defined():
    known = {extension.name for extension in INPUTS.extensions} | load_tables().urls.keys()
    filled = set()
    for table in load_tables().resources:
        own = [table.name] if table.type == "Extension" else []
        for row in (*table.fields, *table.constants):
            names = own + re.findall(r"extension\[([A-Za-z0-9-]+)\*?\]", row.theirs)
            filled.add(tuple(names[:2]))
    parts = {
        (extension.name, part.name) for extension in INPUTS.extensions for part in extension.part
    }
    for first, *rest in filter(None, filled):
        assert first in known
        assert not rest or first in load_tables().urls or (first, *rest) in parts


def test_every_code_that_a_table_states_is_in_its_system():
    known = {each["url"]: {code["code"] for code in each["concept"]} for each in of("CodeSystem")}
    stated = [
        coding
        for table in load_tables().resources
        for row in table.constants
        for coding in codings(row.value)
        if coding["system"].startswith(BASE)
    ]
    assert stated
    assert [each for each in stated if each["code"] not in known[each["system"]]] == []


def test_every_valid_example_is_there_as_convert_makes_it():
    paths = [path for path in (ROOT / "examples").glob("*/*.json") if path.parent.name != "invalid"]
    read = [json.loads(path.read_text("utf-8")) for path in paths]
    records = [each for each in read if "recordType" in each]
    made = {each["id"]: each for each in EXAMPLES}
    assert len(made) == len(EXAMPLES) == len(records)
    for record in records:
        bundle = to_bundle(record)
        assert made[bundle["id"]] == bundle


@pytest.mark.parametrize("record_type", STANDARD.record_types)
def test_whatever_a_bundle_names_of_ours_is_published(record_type):
    bundles = [each for each in EXAMPLES if find_forms(each)[0].record_type == record_type]
    bundles += [to_bundle(sample.record) for sample in samples(record_type, 5, seed=7, as_of=AS_OF)]
    systems = {each["url"]: each for each in of("CodeSystem")}
    known = {
        url: {code["code"] for code in each["concept"]}
        for url, each in systems.items()
        if each["content"] == "complete"
    }
    for bundle in bundles:
        named = {
            value.partition("|")[0] for _, value in texts(bundle) if value.startswith(f"{BASE}")
        }
        assert named - published() == set()
        said = [coding for coding in codings(bundle) if coding["system"] in known]
        assert said
        assert [each for each in said if each["code"] not in known[each["system"]]] == []


def test_a_code_map_is_from_the_list_of_the_fields_that_use_it():
    lists = {code_map.name: code_map.code_list for code_map in INPUTS.code_maps}
    used = set()
    for record_type in STANDARD.record_types:
        root = fields_of(record_type)
        for compiled in compiled_tables(record_type):
            table = compiled.table
            item = field_at(root, split(table.items))
            steps = (*split(table.items), *(["*"] if table.items and item.repeats else []))
            for row in table.fields:
                field = field_at(root, (*steps, *split(row.ours))) if row.ours[:1] == "/" else None
                if field and row.codes and not row.via:
                    used.add((row.codes, field.code_list))
    assert used
    assert {(name, code_list) for name, code_list in used if lists[name] != code_list} == set()


def test_the_guide_lists_every_definition():
    (guide,) = of("ImplementationGuide")
    listed = [each["reference"]["reference"] for each in guide["definition"]["resource"]]
    rest = [each for each in MADE if each is not guide]
    assert listed == [f"{each['resourceType']}/{each['id']}" for each in (*rest, *EXAMPLES)]


@pytest.mark.slow
@pytest.mark.parametrize("kind", sorted({each["resourceType"] for each in MADE}))
def test_fhir_resources_takes_every_definition(kind):
    from fhir.resources.R4B import get_fhir_model_class

    for each in of(kind):
        get_fhir_model_class(kind).model_validate(each)


def test_the_manifest_and_the_index_agree_with_the_files():
    manifest, index = json.loads(FILES["package.json"]), json.loads(FILES[".index.json"])
    (guide,) = of("ImplementationGuide")
    assert (manifest["name"], manifest["version"]) == (guide["packageId"], guide["version"])
    assert manifest["fhirVersions"] == guide["fhirVersion"] == ["4.0.1"]
    assert manifest["dependencies"] == {
        depend["packageId"]: depend["version"] for depend in guide["dependsOn"]
    }
    examples = json.loads(FILES["example/.index.json"])["files"]
    listed = index["files"] + [
        {**example, "filename": f"example/{example['filename']}"} for example in examples
    ]
    names = {each["filename"] for each in listed}
    assert names == FILES.keys() - {"package.json", ".index.json", "example/.index.json"}
    for each in listed:
        content = json.loads(FILES[each["filename"]])
        name = each["filename"].removeprefix("example/")
        assert name == f"{content['resourceType']}-{content['id']}.json"
        assert each.get("url") == content.get("url")


def test_it_is_the_same_each_time():
    assert dict(make_package(load_inputs()).files()) == FILES


def test_every_type_of_identifier_has_one_system():
    types = [identifier.type for identifier in load_identifiers() if identifier.type]
    assert len(types) == len(set(types))
    assert set(types) == {code.code for code in STANDARD.codes("identifier-type")}
    systems = {identifier.type: identifier.system for identifier in load_identifiers()}
    (mapped,) = [code_map for code_map in INPUTS.code_maps if code_map.name == "identifier-system"]
    assert {pair.ours: pair.theirs for pair in mapped.pairs if pair.leads_to_target} == {
        key: system for key, system in systems.items() if key
    }


def test_only_systems_of_our_own_are_published():
    published = {each["uniqueId"][0]["value"] for each in of("NamingSystem")}
    assert published == {identifier.system for identifier in load_identifiers() if identifier.own}
    assert all(each.startswith(f"{BASE}Id/") for each in published)
    assert all(
        identifier.title and identifier.description
        for identifier in load_identifiers()
        if identifier.own
    )


def test_it_is_written_and_replaced_as_a_whole(tmp_path):
    target = write_package(PACKAGE, tmp_path)
    (target / "CodeSystem-gone.json").write_text("{}", "utf-8")
    write_package(PACKAGE, tmp_path)
    written = [path for path in target.rglob("*") if path.is_file()]
    assert {path.relative_to(target).as_posix(): path.read_bytes() for path in written} == FILES
    assert [path.name for path in tmp_path.iterdir()] == ["package"]


def test_what_is_not_ours_is_not_replaced(tmp_path):
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "package.json").write_text('{"name": "mine"}', "utf-8")
    with pytest.raises(StandardError, match="is not this package"):
        write_package(PACKAGE, tmp_path)
    assert [path.name for path in (tmp_path / "package").iterdir()] == ["package.json"]


def test_nothing_can_be_written_where_a_file_stands(tmp_path):
    (tmp_path / "out").write_text("", "utf-8")
    with pytest.raises(OutputError, match="cannot be written"):
        write_package(PACKAGE, tmp_path / "out")


def test_no_date_but_the_one_of_the_version():
    text = (ROOT / "mappings" / "fhir-guide" / "guide.toml").read_text("utf-8")
    (date,) = re.findall(r'^date\s*= "(.*?)"', text, re.MULTILINE)
    assert {each["date"] for each in MADE} == {date}
