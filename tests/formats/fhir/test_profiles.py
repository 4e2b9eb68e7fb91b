"""Every Bundle follows our own profiles, without claiming them."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.helpers.arbitrary import records

from eh_interop import load_standard
from eh_interop.formats.fhir.bundle import to_bundle
from eh_interop.formats.fhir.compiled import states
from eh_interop.formats.fhir.guide.inputs import load_inputs
from eh_interop.formats.fhir.names import code_system

INPUTS = load_inputs()
PROFILES = {each.type: each for each in INPUTS.profiles}
GENERATE = [Phase.generate]  # a record that fails needs no smaller one: the path tells
CODES = {system.name: {code.code for code in system.concepts} for system in INPUTS.systems}


def holders(resource, steps):
    """Every object below a resource that stands at a path."""
    found = [resource]
    for step in steps:
        found = [one for each in found if step in each for one in listed(each[step])]
    return found


def listed(value):
    return value if isinstance(value, list) else [value]


def values(holder, element):
    """What an element has in one object; a choice has a type in its name."""
    name = element.path.rsplit(".", 1)[-1]
    if name.endswith("[x]"):
        names = [f"{name[:-3]}{kind}" for kind in element.types]
        return [holder[each] for each in names if each in holder]
    found = listed(holder[name]) if name in holder else []
    return (
        [each for each in found if each.get("url") in element.profiles] if element.slice else found
    )


def faults(resource):
    """Yield the paths at which a resource does not follow its profile."""
    profile = PROFILES.get(resource["resourceType"])
    for element in profile.element if profile else ():
        *above, _ = element.path.split(".")[1:]
        for holder in holders(resource, above):
            found = values(holder, element)
            most = int(element.max) if element.max.isdigit() else len(found)
            stated = [*element.fixed.values(), *element.pattern.values()]
            right = element.min is None or len(found) >= element.min
            right = right and len(found) <= most
            right = right and all(states(each, fact) for each in found for fact in stated)
            if not right or not all(bound(each, element.value_set) for each in found):
                yield element.path


def bound(concept, name):
    codings = concept.get("coding", ()) if name else ()
    codes = [coding["code"] for coding in codings if coding["system"] == code_system(name)]
    return not name or any(each in CODES[name] for each in codes)


def all_faults(bundle):
    resources = [bundle, *(each["resource"] for each in bundle["entry"])]
    return [fault for resource in resources for fault in faults(resource)]


def test_every_example_follows_them():
    assert {part["resourceType"] for _, bundle in INPUTS.examples for part in parts(bundle)} >= {
        *PROFILES
    } - {"Bundle"}
    assert {
        name: all_faults(bundle) for name, bundle in INPUTS.examples if all_faults(bundle)
    } == {}


def parts(bundle):
    return [each["resource"] for each in bundle["entry"]]


@pytest.mark.parametrize("record_type", load_standard().record_types)
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck), phases=GENERATE)
@given(data=st.data())
def test_every_other_record_does_so_too(record_type, data):
    assert all_faults(to_bundle(data.draw(records(record_type)))) == []


@pytest.mark.parametrize(
    ("kind", "change", "path"),
    [
        ("Consent", {"extension": []}, "Consent.extension"),
        ("Consent", {"scope": {"text": "Another"}}, "Consent.scope"),
        ("Observation", {"status": "preliminary"}, "Observation.status"),
        ("Observation", {"code": {"coding": []}}, "Observation.code"),
        (
            "DocumentReference",
            {"content": [{"attachment": {}}]},
            "DocumentReference.content.attachment.title",
        ),
    ],
)
def test_what_does_not_follow_them_is_seen(kind, change, path):
    resource = next(
        part
        for _, bundle in INPUTS.examples
        for part in parts(bundle)
        if part["resourceType"] == kind
    )
    assert list(faults({**resource, **change})) == [path]


def test_no_bundle_claims_what_others_cannot_look_up():
    ours = {f"/{profile.name}" for profile in INPUTS.profiles}
    claimed = {
        url
        for _, bundle in INPUTS.examples
        for each in (bundle, *parts(bundle))
        for url in each.get("meta", {}).get("profile", ())
    }
    assert claimed
    assert not [url for url in claimed if url.endswith(tuple(ours))]
