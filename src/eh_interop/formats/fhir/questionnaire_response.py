"""The QuestionnaireResponse with our own form: found in a Bundle, decoded, compared with the rest.

The form is what counts: it holds every field. The typed resources are made from
it once more and compared. What differs is reported, and never merged in silence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import orjson

from eh_interop.core.lenient import items
from eh_interop.core.pointer import Steps
from eh_interop.formats.fhir.bundle import built
from eh_interop.formats.fhir.files.r4 import bundled_resources
from eh_interop.formats.fhir.form_items import UnknownItemError, decode
from eh_interop.formats.fhir.names import questionnaire
from eh_interop.standard.fields import Field, Kind, fields_of, is_moment, is_sound
from eh_interop.standard.schemas import load_standard, versions

_FORMS: Final = questionnaire("")
_IGNORED: Final = frozenset({"meta", "text", "id", "implicitRules", "language"})
"""What a server or an editor may add to a resource without saying anything about the family."""


@dataclass(frozen=True, slots=True)
class StandardForm:
    """A QuestionnaireResponse of ours."""

    record_type: str
    version: str
    steps: Steps
    items: Any = field(repr=False)

    def record(self) -> dict[str, Any]:
        """Return the record.

        Raises:
            UnknownItemError: the form is not as the standard writes it.
        """
        _check(self.items)
        try:
            return decode(self.items, self.record_type, self.version)
        except orjson.JSONDecodeError:
            why = "The form has a text that says that it is written as JSON, and is not."
            raise UnknownItemError("", why) from None

    @property
    def is_known(self) -> bool:
        """Whether we have the record type in that version."""
        known = self.version in versions()
        return known and self.record_type in load_standard(self.version).record_types

    def is_valid(self, record: Mapping[str, Any]) -> bool:
        """Return whether every value of the record is of its kind, so that it can be mapped."""
        return is_sound(record, fields_of(self.record_type, self.version))

    def steps_of_link(self, link: str) -> Steps:
        """Return where the first item stands that answers a question."""
        return _find(self.items, link, self.steps) or self.steps

    def steps_of(self, steps: Steps) -> Steps:
        """Return where in the FHIR a place of the record stands, or the nearest above it."""
        return _steps(fields_of(self.record_type, self.version), steps, self.items, self.steps)


def find_forms(document: Mapping[str, Any]) -> list[StandardForm]:
    """Return the forms of ours in a Bundle, or a form by itself: also those that we cannot read."""
    forms = []
    single = document.get("resourceType") != "Bundle"
    for steps, resource in [((), document)] if single else bundled_resources(document):
        canonical = resource.get("questionnaire")
        if resource.get("resourceType") == "QuestionnaireResponse" and isinstance(canonical, str):
            name, _, version = canonical.partition("|")
            if name.startswith(_FORMS):
                given = resource.get("item", [])
                forms.append(StandardForm(name.removeprefix(_FORMS), version, steps, given))
    return forms


def _check(given: Any) -> None:
    """Refuse items that FHIR does not have in this form."""
    for item in _objects(given):
        if not isinstance(item.get("linkId"), str):
            raise UnknownItemError("", "The form has an item that names no question.")
        _check(item.get("item", []))
        for answer in _objects(item.get("answer", [])):
            for extension in _objects(answer.get("extension", [])):
                if not isinstance(extension.get("url"), str):
                    raise UnknownItemError("", "The form has an extension without its name.")
            if not isinstance(answer.get("valueString", ""), str):
                raise UnknownItemError("", "The form has something else in the place of a text.")
            coding = answer.get("valueCoding", {"code": ""})
            if not isinstance(coding, dict) or not isinstance(coding.get("code"), str):
                raise UnknownItemError("", "The form has an answer without its code.")


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise UnknownItemError("", "The form has a value where a list of objects belongs.")
    yield from value


def _find(given: Any, link: str, steps: Steps) -> Steps | None:
    for number, item in enumerate(items(given)):
        if isinstance(item, dict) and link:
            at = (*steps, "item", number)
            steps_to_link = at if item.get("linkId") == link else _find(item.get("item"), link, at)
            if steps_to_link:
                return steps_to_link
    return None


def _steps(of: Field, steps: Steps, given: list[dict[str, Any]], at: Steps) -> Steps:
    if not steps:
        return at
    name, *rest = steps
    inner = next((field for field in of.fields if field.name == name), None)
    if inner is None:
        return at
    same = [number for number, item in enumerate(given) if item.get("linkId") == inner.link]
    index = rest.pop(0) if inner.repeats and rest else 0
    number = int(index) if inner.kind is Kind.GROUP else 0
    if number >= len(same):
        return at
    item = given[same[number]]
    at = (*at, "item", same[number])
    if inner.kind is Kind.GROUP:
        return _steps(inner, tuple(rest), item.get("item", []), at)
    return (*at, "answer", index) if "answer" in item else at


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One element of a typed resource that the form says otherwise.

    Attributes:
        kind: ``differs``, ``missing`` (the form says more) or ``added`` (the resource does).
        steps: where it stands in the Bundle; of what is missing, the nearest that is there.
        place: steps of the item in the record from which the resource is made.
    """

    kind: str
    steps: Steps
    place: Steps


def disagreements(bundle: Mapping[str, Any], record: Mapping[str, Any]) -> list[Disagreement]:
    """Compare the typed resources of a Bundle with those that its record makes.

    Args:
        bundle: a Bundle with our own form in it.
        record: what the form says, decoded.
    """
    differences: list[Disagreement] = []
    theirs: dict[str, tuple[Steps, Mapping[str, Any]]] = {}
    for steps, resource in bundled_resources(bundle):
        key = resource.get("id")
        if not isinstance(key, str) or key in theirs:
            # Nothing of ours has no id, or that of another.
            differences.append(Disagreement("added", steps, ()))
        else:
            theirs[key] = steps, resource
    ours = {resource["id"]: (place, resource) for place, resource in built(record)}
    for key, (place, resource) in ours.items():
        if resource["resourceType"] == "QuestionnaireResponse":
            continue
        if key not in theirs:
            differences.append(Disagreement("missing", (), place))
            continue
        steps, their = theirs[key]
        differences += (
            Disagreement(kind, at, place) for kind, at in _differ(resource, their, steps)
        )
    for key, (steps, their) in theirs.items():
        if key not in ours and their.get("resourceType") != "QuestionnaireResponse":
            differences.append(Disagreement("added", steps, ()))
    return differences


def _differ(ours: Any, theirs: Any, at: Steps) -> Iterator[tuple[str, Steps]]:
    if isinstance(ours, dict) and isinstance(theirs, dict):
        yield from _objects_differ(ours, theirs, at)
    elif isinstance(ours, list) and isinstance(theirs, list):
        yield from _lists_differ(ours, theirs, at)
    elif not _same(ours, theirs):
        yield "differs", at


def _objects_differ(
    ours: Mapping[str, Any], theirs: Mapping[str, Any], at: Steps
) -> Iterator[tuple[str, Steps]]:
    ignored = _IGNORED if at[-1:] == ("resource",) else frozenset()
    for name in sorted((ours.keys() | theirs.keys()) - ignored):
        if name not in theirs:
            yield "missing", at
        elif name not in ours:
            yield "added", (*at, name)
        else:
            yield from _differ(ours[name], theirs[name], (*at, name))


def _lists_differ(ours: list[Any], theirs: list[Any], at: Steps) -> Iterator[tuple[str, Steps]]:
    for number, (our, their) in enumerate(zip(ours, theirs, strict=False)):
        yield from _differ(our, their, (*at, number))
    if len(ours) > len(theirs):
        yield "missing", at
    yield from (("added", (*at, number)) for number in range(len(ours), len(theirs)))


def _same(ours: Any, theirs: Any) -> bool:
    """Compare plain values: a date and time in another spelling is the same."""
    if ours == theirs and isinstance(ours, bool) == isinstance(theirs, bool):
        return True
    if isinstance(ours, str) and isinstance(theirs, str) and is_moment(ours) and is_moment(theirs):
        return datetime.fromisoformat(ours) == datetime.fromisoformat(theirs)
    return False
