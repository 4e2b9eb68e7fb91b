"""Answers that take more than a place: risk, consent, consultations, what is said of several.

A handler gets the context, the answer and how sure its label is, and returns whether all of the
answer was read. What a person has to read stays unread.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from eh_interop.core.pointer import Steps
from eh_interop.formats._shared.forms.answers import FormAnswer, is_choice
from eh_interop.formats._shared.forms.context import FormContext
from eh_interop.formats._shared.forms.form_record import FormRecord
from eh_interop.formats._shared.forms.persons import people_in, worker_in
from eh_interop.formats._shared.forms.said import (
    NHS,
    PHONE,
    REFERENCE,
    absence_of,
    code_of,
    find_date,
    find_day_of_year,
    find_time,
    yes_or_no,
)
from eh_interop.formats._shared.forms.vocabulary import LabelMeaning
from eh_interop.formats._shared.forms.workers import ROLES
from eh_interop.formats._shared.signals import of_heading
from eh_interop.reading.faults import DocumentFault

Handler: TypeAlias = Callable[[FormContext, FormAnswer, float], bool]
RISK: Final = "/immediateRisk"
_LONDON: Final = ZoneInfo("Europe/London")
_ASKS_IN_WORDS: Final = re.compile(
    r"\b(what|who|how|why|describe|details?|actions?|steps|explain|reason)\b", re.IGNORECASE
)
_SAFEGUARDING_LEAD: Final = re.compile(r"designated|safeguarding lead|\bdsl\b", re.IGNORECASE)
_MAY_BE_EMPTY: Final = (
    "concerns", "consents", "consultations", "levels", "needs", "previousSupport", "strengths",
    "withheldInformation", "involvements",
)  # fmt: skip
"""Lists to whose entries nothing else refers."""
_PURPOSES: Final = {
    "marf": "referral-to-social-care",
    "early-help-assessment": "early-help-assessment",
    "early-help-request": "referral-to-agency",
}
_COPIED: Final = {
    "address": "addresses",
    "ethnicity": "ethnicity",
    "religion": "religion",
    "language": "language",
    "school": "education",
    "postcode": "addresses",
}
"""What a form advises, and nobody said of this child."""
_SHARING: Final = re.compile(r"\bshar", re.IGNORECASE)
_REFERRING: Final = re.compile(r"\b(refer|assess|request)", re.IGNORECASE)
_FIRST_PART: Final = re.compile(r"\s*[,;(]\s*|\s[-\u2013]\s|\.\s|\bbecause\b|\bas\b")
_STARTS: Final = ("referredOn", "startedOn", "completedOn", "requestedOn")
_FOLLOW_UPS: Final = {
    "disability": "/children/*/disabilityNote",
    "interpreter": "/children/*/language/interpreterNote",
    "ethnicity": "/children/*/ethnicityNote",
}
_SCORE: Final = re.compile(
    r"(?P<who>[^\d\n]+?)\W+(?P<score>\d{1,2}(?:\.\d)?)(?:\s*(?:/|out of)\s*\d+)?\b\W*(?P<rest>.*)"
)


def follow_up(meaning: LabelMeaning) -> str:
    """Return where more about a question goes, if the next label only says *details*."""
    return _FOLLOW_UPS.get(meaning.attribute, "")


def is_contradiction(answer: FormAnswer) -> bool:
    """Return whether two boxes are ticked of which only one can be."""
    return len([words for words in answer.ticked if is_choice(words)]) > 1


def both_ticked(context: FormContext, meaning: LabelMeaning, answer: FormAnswer) -> None:
    """Say that nobody can tell what was meant; about immediate risk it counts as yes."""
    context.draft.not_read(answer)
    place = RISK if meaning.place == "=risk" else ""
    context.draft.findings.append(DocumentFault.BOTH_TICKED.finding("", answer.origin, place))


def risk(context: FormContext, answer: FormAnswer, confidence: float) -> bool:
    """Put the answer about immediate risk: without a plain *no* it is urgent."""
    draft, text = context.draft, answer.said
    reply, rest = yes_or_no(text)
    signal = of_heading(answer.label)
    if draft.field((RISK[1:],)) is None or absence_of(text) == "not-applicable":
        return False
    if signal is not None and signal.dangerous == "no" and reply in {"yes", "no"}:
        reply = "no" if reply == "yes" else "yes"
    if _ASKS_IN_WORDS.search(answer.label) and reply != "yes":
        return False  # words that speak of risk are seen wherever they stand
    if reply == "unknown" or absence_of(text):
        return False
    if reply not in {"yes", "no"} or not draft.put(
        (RISK[1:],), reply == "yes", answer.origin, confidence
    ):
        draft.findings.append(DocumentFault.RISK_SEEN.finding("", answer.origin, RISK))
        return False
    return not rest


def day_of_record(context: FormContext, place: str, answer: FormAnswer, confidence: float) -> bool:
    """Put the day of a referral, and its time if that is said."""
    draft = context.draft
    steps = draft.place(place)
    day, rest = find_date(answer.code or answer.said, context.year)
    if steps is None or not day:
        return absence_of(answer.said) == "not-applicable"
    read = draft.put(steps, day, answer.origin, confidence)
    time = find_time(rest)
    if time and steps == ("referredOn",):
        moment = datetime.fromisoformat(f"{day}T{time}:00").replace(tzinfo=_LONDON)
        draft.put(("referredAt",), moment.isoformat(), answer.origin, confidence)
    return read


def referrer(context: FormContext, answer: FormAnswer) -> Steps:
    """Return the practitioner who fills in the form; made and linked if need be."""
    draft = context.draft
    who = draft.entry("practitioners", "referrer")
    for place in ("/referrer/practitioner", "/requester/practitioner", "/authors/+"):
        if draft.field(tuple(one for one in place.split("/")[1:] if one != "+")) is not None:
            steps = tuple(place.split("/")[1:])
            draft.put(steps, draft.id_of(who), answer.origin, 1.0)
            break
    return who


def is_of_referrer(context: FormContext, answer: FormAnswer) -> bool:
    """Return whether *as above* means who refers: the label names the role that he or she has."""
    left = PHONE.sub(" ", answer.said).strip()
    if left == answer.said.strip() or not REFERENCE.fullmatch(left):
        return False
    role = context.draft.get((*context.draft.entry("practitioners", "referrer"), "role"))
    return role is not None and role in {
        code_of(part, ROLES) for part in re.split(r"/|,|\band\b", answer.label)
    }


def consultee(context: FormContext, answer: FormAnswer, confidence: float) -> bool:
    """Who was consulted in the sender's own agency."""
    draft = context.draft
    named = worker_in(answer.said)
    at = draft.place("/consultations/{own}")
    if at is None or not named.name:
        return absence_of(answer.said) == "not-applicable"
    who = context.family.practitioner(named.name, answer.origin, confidence)
    context.workers.put(who, "name", answer, confidence)
    draft.put((*at, "with"), draft.id_of(who), answer.origin, confidence)
    return not named.rest


def own_consulted(context: FormContext, answer: FormAnswer, confidence: float) -> bool:
    """Whether the designated person was consulted. If it may be another, nobody can tell."""
    reply, rest = yes_or_no(answer.said)
    if (
        reply != "yes"
        or not _SAFEGUARDING_LEAD.search(answer.label)
        or "manager" in answer.label.lower()
    ):
        return False
    at = context.draft.place("/consultations/{own}")
    if at is None:
        return False
    role = "designated-safeguarding-lead"
    return context.draft.put((*at, "role"), role, answer.origin, confidence) and not rest


def know_and_agree(context: FormContext, answer: FormAnswer, confidence: float) -> bool:
    """Two questions in one: a plain answer is one to both, any other a person has to read."""
    reply, rest = yes_or_no(answer.said)
    if rest or reply not in {"yes", "no"}:
        return False
    plain = replace(answer, text=reply, options=())
    informed = context.put_at("/consents/{main}/parentInformed/informed", plain, confidence)
    return reply == "yes" and informed and consent(context, plain, confidence)


def consent(context: FormContext, answer: FormAnswer, confidence: float) -> bool:
    """Whether somebody consents; who, when and how, as far as it is said."""
    draft = context.draft
    only_sharing = _SHARING.search(answer.label) and not _REFERRING.search(answer.label)
    at = draft.place("/consents/{sharing}" if only_sharing else "/consents/{main}")
    reply, rest = yes_or_no(answer.said)
    status = {"yes": "given", "no": "refused"}.get(reply, "")
    first = _FIRST_PART.split(rest or answer.said, maxsplit=1)
    named = code_of(first[0], "consent-status")
    if named and (named != "given" or not status):
        status, rest = named, first[1] if len(first) > 1 else ""
    if at is None or not status:
        return absence_of(answer.said) == "not-applicable"
    read = draft.put((*at, "status"), status, answer.origin, confidence)
    if only_sharing:
        draft.put((*at, "purposes", "+"), "information-sharing", answer.origin, confidence)
    if rest and status == "given":
        return read and _giver(context, at, rest, answer, confidence)
    if rest:
        return draft.put((*at, "rationale"), rest, answer.origin, confidence) and read
    return read


def _giver(
    context: FormContext, at: Steps, text: str, answer: FormAnswer, confidence: float
) -> bool:
    """Read *Jo signed 6/10*: a name that the form knows, how, and when."""
    draft, family = context.draft, context.family
    names = re.findall(r"[A-Z][\w'\u2019-]+", text)
    who = next((steps for name in names if (steps := family.called(name))), None)
    if who is None:
        return False
    kind = next((kind for person, kind, *_ in family.related if person == who), "")
    capacity = (
        "child"
        if who[0] == "children"
        else "parent"
        if kind in {"mother", "father", "parent"}
        else "carer"
    )
    near = next((str(draft.document[name]) for name in _STARTS if name in draft.document), "")
    day = find_date(text, context.year)[0] or find_day_of_year(text, near)
    how = {"signed": "signed-on-paper", "verbal": "verbal", "email": "email-or-letter"}
    method = next((code for word, code in how.items() if word in text.lower()), "")
    giver = (*at, "givers", 0)
    values = {
        "person": draft.id_of(who),
        "capacity": capacity,
        "decision": "agreed",
        "on": day,
        "method": method,
    }
    for name, value in values.items():
        if value:
            draft.put((*giver, name), value, answer.origin, confidence)
    return bool(day or method)


def suspect(context: FormContext, answer: FormAnswer, confidence: float) -> bool:
    """Who is suspected: somebody of the family, or somebody new."""
    at = context.draft.place("/concerns/{main}")
    if at is None or absence_of(answer.said):
        return False
    read = True
    for named in people_in(answer.said):
        if not named.name:
            read = False
            continue
        who = context.family.person(named.name, named.relationship, answer.origin, confidence)
        context.draft.put(
            (*at, "suspected", "+"), context.draft.id_of(who), answer.origin, confidence
        )
        read = read and not named.rest
    return read


def scores(context: FormContext, answer: FormAnswer, confidence: float) -> bool:
    """How worried each is, in figures: a line for each of them."""
    read = True
    for line in answer.said.split("\n"):
        match = _SCORE.fullmatch(line.strip())
        who = context.family.called(match["who"]) if match else None
        if match is None or who is None:
            read = False
            continue
        view = (*who, "views", 0)
        context.draft.put(
            (*view, "worryScore"),
            float(match["score"]) if "." in match["score"] else int(match["score"]),
            answer.origin,
            confidence,
        )
        if match["rest"]:
            context.draft.put((*view, "text"), match["rest"], answer.origin, confidence)
    return read


def adults_views(context: FormContext, answer: FormAnswer, confidence: float) -> bool:
    """Put what a parent thinks, if only one parent is named."""
    kinds = {"mother", "father", "parent", "carer"}
    parents = [who for who, kind, *_ in context.family.related if kind in kinds]
    if len(parents) != 1 or REFERENCE.fullmatch(answer.said) or absence_of(answer.said):
        return False
    steps = (*parents[0], "views", 0, "text")
    return context.draft.put(steps, answer.said, answer.origin, confidence)


def own_support(context: FormContext, answer: FormAnswer, confidence: float) -> bool:
    """Put what the sender's own agency has done."""
    at = context.draft.place("/previousSupport/{own}")
    if at is None or absence_of(answer.said):
        return False
    context.draft.put((*at, "kind"), "own-agency", answer.origin, confidence)
    return context.draft.put((*at, "what"), answer.said, answer.origin, confidence)


def plan_wanted(context: FormContext, answer: FormAnswer, confidence: float) -> bool:
    """Whether the assessment leads to a plan."""
    reply, rest = yes_or_no(answer.said)
    if reply != "yes" or context.draft.field(("outcome",)) is None:
        return False
    context.draft.put(("outcome",), "plan-started", answer.origin, confidence)
    return not rest or rest.lower() in {"please", "definitely", "very much"}


def child_protection(context: FormContext, answer: FormAnswer, confidence: float) -> bool:
    """Whether it is a child protection referral."""
    reply, rest = yes_or_no(answer.said)
    if reply == "yes" and context.draft.field(("requestTypes",)) is not None:
        context.draft.put(("requestTypes", "+"), "child-protection", answer.origin, confidence)
    return reply in {"yes", "no"} and not rest


def social_care(context: FormContext, answer: FormAnswer, confidence: float) -> bool:
    """Whether social care knows the child. *Yes* does not say if the case is open."""
    reply, rest = yes_or_no(answer.said)
    code = {"no": "not-known", "unknown": "unknown"}.get(reply) or code_of(
        rest or answer.said, "social-care-status"
    )
    if not code or (code == "not-known" and reply != "no"):
        return False
    for child in context.children_for(answer):
        context.draft.put((*child, "socialCareStatus"), code, answer.origin, confidence)
    return not rest


def numbers_of_children(context: FormContext, answer: FormAnswer, confidence: float) -> bool:
    """NHS numbers of several children in one cell: by their names, or in their order."""
    children = [one for one in context.family.children if not context.draft.get((*one, "unborn"))]
    parts = [part for part in re.split(r"[\n;,]", answer.text) if NHS.search(part)]
    if len(parts) != len(NHS.findall(answer.text)):
        return False
    read = True
    for number, part in enumerate(parts):
        named = [child for child in children if context.names(child, part)]
        part_answer = replace(answer, text=part)
        who = (
            named[0]
            if len(named) == 1
            else children[number]
            if len(parts) == len(children)
            else None
        )
        read = (
            who is not None and context.attributes.put(who, "nhs", part_answer, confidence) and read
        )
    return read


def as_first_child(
    context: FormContext, who: Steps, attribute: str, answer: FormAnswer, confidence: float
) -> bool:
    """Copy what *same as child 1* stands for."""
    name = _COPIED.get(attribute, "")
    first = context.family.children[:1]
    value = context.draft.get((*first[0], name)) if first and name else None
    if value is None or first[0] == who:
        return False
    return context.draft.copy((*first[0], name), (*who, name), answer.origin, confidence * 0.9)


def finish(draft: FormRecord) -> None:
    """Leave empty entries out, and say what a consent is for if the form does not."""
    for name in _MAY_BE_EMPTY:
        draft.prune(name)
    for number, one in enumerate(draft.document.get("consents", ())):
        if "purposes" not in one:
            purpose = _PURPOSES.get(draft.record_type, "information-sharing")
            origin = next(
                (
                    origin
                    for steps, origin in draft.origins.items()
                    if steps[:2] == ("consents", number)
                ),
                None,
            )
            if origin is not None:
                draft.put(("consents", number, "purposes", "+"), purpose, origin, 0.9)


def not_read(context: FormContext, answer: FormAnswer, confidence: float) -> bool:
    """Put what a person has to read."""
    del context, answer, confidence
    return False


def attached(context: FormContext, answer: FormAnswer, confidence: float) -> bool:
    """Which papers come with the form: nothing to keep if there are none."""
    del context, confidence
    return yes_or_no(answer.said)[0] == "no"


HANDLERS: Final[Mapping[str, Handler]] = {
    "=risk": risk,
    "=consent": consent,
    "=consultee": consultee,
    "=own-consulted": own_consulted,
    "=service-consulted": not_read,
    "=early-help": not_read,
    "=know-and-agree": know_and_agree,
    "=suspect": suspect,
    "=scores": scores,
    "=adults-views": adults_views,
    "=own-support": own_support,
    "=plan-wanted": plan_wanted,
    "=child-protection": child_protection,
    "=social-care": social_care,
    "=attached": attached,
    "=day": lambda context, answer, sure: day_of_record(
        context, "/referredOn /requestedOn /completedOn", answer, sure
    ),
    "=not-read": not_read,
}
