"""The standard as typed parts, for rules to read. Made from the schemas: do not edit.

Dates are dates, lists are tuples, and what is missing is None or empty. Parts
are read from records whose shape is sound; nothing is checked here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from msgspec import Struct, field


class Part(Struct, frozen=True, rename="camel"):
    """Anything that the standard has a type for. Its ``repr`` shows nothing of the record."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


class Action(Part, frozen=True, kw_only=True):
    """Something somebody will do, by a date."""

    id: str
    description: str | None = None
    goal: str | None = None
    needs: tuple[str, ...] = ()
    for_: tuple[str, ...] = field(default=(), name="for")
    owner: str | None = None
    due_on: date | None = None
    status: str | None = None
    progress: str | None = None
    started_on: date | None = None
    completed_on: date | None = None
    service: str | None = None
    intervention: str | None = None
    intervention_format: str | None = None
    provider: str | None = None
    referred_on: date | None = None
    accepted_on: date | None = None
    provision: str | None = None
    if_it_does_not_happen: str | None = None
    absent: Mapping[str, str] | None = None


class Address(Part, frozen=True, kw_only=True):
    """Where somebody lives, stays or works, and for how long."""

    kind: str | None = None
    lines: tuple[str, ...] = ()
    town: str | None = None
    county: str | None = None
    country: str | None = None
    postcode: str | None = None
    uprn: str | None = None
    local_authority: str | None = None
    reason: str | None = None
    reason_note: str | None = None
    from_: date | None = field(default=None, name="from")
    to: date | None = None
    tenure: str | None = None
    landlord: str | None = None
    tenancy_status: str | None = None
    phone: str | None = None
    confidential: bool | None = None
    absent: Mapping[str, str] | None = None


class AdviceRole(Part, frozen=True, kw_only=True):
    """Advice that was given, by whom."""

    by: str | None = None
    on: date | None = None
    text: str
    absent: Mapping[str, str] | None = None


class Approval(Part, frozen=True, kw_only=True):
    """A senior person's advice and approval."""

    by: str | None = None
    role: str
    on: date
    note: str | None = None
    absent: Mapping[str, str] | None = None


class Attachment(Part, frozen=True, kw_only=True):
    """A document that travels with the record, or the reason it does not."""

    id: str
    type: str
    status: str
    title: str | None = None
    description: str | None = None
    reason: str | None = None
    reason_note: str | None = None
    date: date | None = None
    author: str | None = None
    children: tuple[str, ...] = ()
    record_id: str | None = None
    file_name: str | None = None
    media_type: str | None = None
    size_bytes: int | None = None
    sha512: str | None = None
    tool_version: str | None = None
    confidential: bool | None = None
    absent: Mapping[str, str] | None = None


class ChecklistItem(Part, frozen=True, kw_only=True):
    """One point on the receiving manager's checklist."""

    item: str
    done: str
    note: str | None = None
    absent: Mapping[str, str] | None = None


class ChildSeen(Part, frozen=True, kw_only=True):
    """Whether a practitioner has seen the child, and when."""

    seen: bool
    last_seen_on: date | None = None
    seen_by: str | None = None
    seen_alone: bool | None = None
    reason_not_seen: str | None = None
    absent: Mapping[str, str] | None = None


class Child(Part, frozen=True, kw_only=True):
    """A child or young person whom the record is about, born or unborn."""

    id: str
    name: Name | None = None
    other_names: tuple[OtherName, ...] = ()
    unborn: bool | None = None
    expected_date_of_birth: date | None = None
    mother: str | None = None
    date_of_birth: date | None = None
    birth_month_or_year: str | None = None
    date_of_birth_estimated: bool | None = None
    estimated_age: float | None = None
    deceased: bool | None = None
    deceased_on: date | None = None
    sex: str | None = None
    gender_identity: str | None = None
    sexual_orientation: str | None = None
    ethnicity: str | None = None
    ethnicity_detail: str | None = None
    ethnicity_note: str | None = None
    religion: str | None = None
    nationality: str | None = None
    immigration_status: str | None = None
    language: LanguageNeeds | None = None
    identifiers: tuple[Identifier, ...] = ()
    addresses: tuple[Address, ...] = ()
    contacts: tuple[ContactPoint, ...] = ()
    current_location: str | None = None
    current_condition: str | None = None
    physical_description: str | None = None
    disability: str | None = None
    disabilities: tuple[str, ...] = ()
    disability_note: str | None = None
    diagnoses: tuple[str, ...] = ()
    special_requirements: str | None = None
    health: str | None = None
    special_educational_needs: SpecialEducationalNeeds | None = None
    education: tuple[Education, ...] = ()
    general_practice: str | None = None
    young_carer: str | None = None
    privately_fostered: str | None = None
    unaccompanied_asylum_seeking: str | None = None
    trafficked: str | None = None
    looked_after_before: str | None = None
    looked_after: LookedAfter | None = None
    social_care_status: str | None = None
    seen: ChildSeen | None = None
    views: tuple[View, ...] = ()
    likes: str | None = None
    photo: str | None = None
    note: str | None = None
    local_data: Mapping[str, Mapping[str, str | float | bool]] | None = None
    absent: Mapping[str, str] | None = None


class Closure(Part, frozen=True, kw_only=True):
    """When and why the work ended, and what comes next."""

    on: date | None = None
    reason: str | None = None
    reason_note: str | None = None
    decided_at: str | None = None
    agreed_by: tuple[str, ...] = ()
    signed_off_by: str | None = None
    signed_off_on: date | None = None
    family_present: bool | None = None
    discussed_with_child: str | None = None
    discussed_with_parent: str | None = None
    summary: str | None = None
    onward: str | None = None
    onward_note: str | None = None
    successor: RecordReference | None = None
    notification: Notification | None = None
    concurrent_social_care: bool | None = None
    later_social_care_on: date | None = None
    copy_given: bool | None = None
    transfer_consent: str | None = None
    absent: Mapping[str, str] | None = None


class Concern(Part, frozen=True, kw_only=True):
    """What somebody is worried about, for whom, and what it does to the child."""

    id: str
    types: tuple[str, ...] = ()
    subject: str | None = None
    people: tuple[str, ...] = ()
    place_or_group: str | None = None
    description: str | None = None
    impact: str | None = None
    evidence: str | None = None
    where: str | None = None
    on: date | None = None
    month_or_year: str | None = None
    when: str | None = None
    harm_status: str | None = None
    pattern: str | None = None
    duration: str | None = None
    frequency: str | None = None
    severity: str | None = None
    injury: str | None = None
    risk_level: str | None = None
    risk_reasoning: str | None = None
    exploitation_risk: str | None = None
    suspected: tuple[str, ...] = ()
    disclosures: tuple[Disclosure, ...] = ()
    source: str | None = None
    basis: tuple[str, ...] = ()
    protective_parent: str | None = None
    protective_factors: str | None = None
    complicating_factors: str | None = None
    prevent_referral: str | None = None
    absent: Mapping[str, str] | None = None


class ConferenceFollowUp(Part, frozen=True, kw_only=True):
    """How things stand some time after a family group conference."""

    on: date
    results: tuple[str, ...] = ()
    note: str | None = None
    absent: Mapping[str, str] | None = None


class ConsentOffer(Part, frozen=True, kw_only=True):
    """One service that was offered, and whether it was accepted."""

    offer: str
    person: str | None = None
    decision: str
    on: date | None = None
    absent: Mapping[str, str] | None = None


class ConsentReview(Part, frozen=True, kw_only=True):
    """A time when consent was looked at again."""

    on: date
    by: str | None = None
    reason: str | None = None
    outcome: str | None = None
    absent: Mapping[str, str] | None = None


class Consent(Part, frozen=True, kw_only=True):
    """What somebody agreed to, refused or was not asked about, and why the work goes on if there is no consent."""

    id: str
    kind: str | None = None
    purposes: tuple[str, ...]
    status: str
    children: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    why: str | None = None
    items: tuple[str, ...] = ()
    items_excluded: tuple[str, ...] = ()
    information_scope: str | None = None
    sharing_method: str | None = None
    recipients: tuple[Recipient, ...] = ()
    recipients_excluded: tuple[Recipient, ...] = ()
    copy_recipients: tuple[Recipient, ...] = ()
    explained: bool | None = None
    explained_by: str | None = None
    explained_on: date | None = None
    explanation_support: str | None = None
    information_given: str | None = None
    explicit: bool | None = None
    freely_given: bool | None = None
    statement: str | None = None
    sought_on: date | None = None
    sought_by: str | None = None
    place: str | None = None
    givers: tuple[Giver, ...] = ()
    givers_missing: tuple[GiverMissing, ...] = ()
    offers: tuple[ConsentOffer, ...] = ()
    review_on: date | None = None
    last_reviewed_on: date | None = None
    reviews: tuple[ConsentReview, ...] = ()
    withdrawn_on: date | None = None
    withdrawn_by: str | None = None
    exemption: str | None = None
    rationale: str | None = None
    decided_by: str | None = None
    decided_on: date | None = None
    approval: Approval | None = None
    undue_delay: bool | None = None
    undue_delay_reason: str | None = None
    consultation: Consultation | None = None
    harm_determination: HarmDetermination | None = None
    go_ahead_reason: str | None = None
    recipient_told: bool | None = None
    parent_informed: Informed | None = None
    child_informed: Informed | None = None
    confirmed_in_referral: bool | None = None
    lawful_basis: str | None = None
    legal_gateway: tuple[str, ...] = ()
    special_category_condition: tuple[str, ...] = ()
    balancing_note: str | None = None
    continuing_support: str | None = None
    note: str | None = None
    absent: Mapping[str, str] | None = None


class Consultation(Part, frozen=True, kw_only=True):
    """A talk with somebody who can advise, before a decision is made."""

    with_: str | None = field(default=None, name="with")
    role: str | None = None
    service: str | None = None
    on: date | None = None
    advice: str | None = None
    outcome: str | None = None
    outcome_note: str | None = None
    reference: str | None = None
    not_consulted_reason: str | None = None
    absent: Mapping[str, str] | None = None


class ContactEvent(Part, frozen=True, kw_only=True):
    """A visit, call or talk with the child, the family or another service."""

    id: str
    at: datetime
    mode: str | None = None
    purpose: str | None = None
    by: str | None = None
    with_: tuple[str, ...] = field(default=(), name="with")
    emergency_service: str | None = None
    reference: str | None = None
    summary: str | None = None
    outcome: str | None = None
    absent: Mapping[str, str] | None = None


class ContactPoint(Part, frozen=True, kw_only=True):
    """A telephone number, email address or other way to reach somebody."""

    kind: str
    value: str
    note: str | None = None
    secure: bool | None = None
    absent: Mapping[str, str] | None = None


class Disclosure(Part, frozen=True, kw_only=True):
    """What somebody told, when, and in which words."""

    by: str | None = None
    source: str | None = None
    to: str | None = None
    on: date | None = None
    words: str | None = None
    about_professional: bool | None = None
    absent: Mapping[str, str] | None = None


class DomainNote(Part, frozen=True, kw_only=True):
    """What was learnt about one part of an assessment that is neither a need nor a strength."""

    people: tuple[str, ...] = ()
    domain: str | None = None
    subdomain: str | None = None
    text: str
    absent: Mapping[str, str] | None = None


class Education(Part, frozen=True, kw_only=True):
    """Where a child learns or is looked after, and how it is going."""

    organisation: str | None = None
    status: str | None = None
    year_group: str | None = None
    from_: date | None = field(default=None, name="from")
    to: date | None = None
    attendance_percent: float | None = None
    exclusion_risk: str | None = None
    attainment: str | None = None
    history: str | None = None
    next_transition: str | None = None
    next_transition_on: date | None = None
    note: str | None = None
    absent: Mapping[str, str] | None = None


class EscalationParty(Part, frozen=True, kw_only=True):
    """An agency and its practitioner."""

    organisation: str | None = None
    practitioner: str | None = None
    manager: str | None = None
    absent: Mapping[str, str] | None = None


class EscalationStage(Part, frozen=True, kw_only=True):
    """One stage of settling a disagreement."""

    stage: int
    label: str | None = None
    opened_on: date | None = None
    closed_on: date | None = None
    between: tuple[str, ...] = ()
    attempt: str | None = None
    outcome: str | None = None
    outcome_note: str | None = None
    actions: tuple[str, ...] = ()
    absent: Mapping[str, str] | None = None


class Event(Part, frozen=True, kw_only=True):
    """Something that happened and matters."""

    id: str | None = None
    type: str | None = None
    people: tuple[str, ...] = ()
    on: date | None = None
    month_or_year: str | None = None
    until: date | None = None
    when: str | None = None
    description: str | None = None
    impact: str | None = None
    source: str | None = None
    absent: Mapping[str, str] | None = None


class FamilyGroupDecision(Part, frozen=True, kw_only=True):
    """Whether the wider family was offered a meeting to make a plan of its own, and what it said."""

    offer: str
    before_proceedings: bool | None = None
    children: tuple[str, ...] = ()
    offered_on: date | None = None
    offered_to: tuple[str, ...] = ()
    answered_on: date | None = None
    not_offered_reason: str | None = None
    note: str | None = None
    absent: Mapping[str, str] | None = None


class GiverMissing(Part, frozen=True, kw_only=True):
    """A person who would normally be asked to consent, and why they were not."""

    person: str | None = None
    capacity: str
    reason: str
    note: str | None = None
    absent: Mapping[str, str] | None = None


class Giver(Part, frozen=True, kw_only=True):
    """One person's decision, in what capacity, when and how."""

    person: str | None = None
    capacity: str
    decision: str
    reason: str | None = None
    on: date | None = None
    at: datetime | None = None
    method: str | None = None
    verbal_reason: str | None = None
    evidence: str | None = None
    assessed_competent: str | None = None
    assessed_by: str | None = None
    assessed_on: date | None = None
    absent: Mapping[str, str] | None = None


class GoalProgress(Part, frozen=True, kw_only=True):
    """How far a goal has come at a review."""

    goal: str
    status: str
    progress: str | None = None
    reason: str | None = None
    change: str | None = None
    absent: Mapping[str, str] | None = None


class Goal(Part, frozen=True, kw_only=True):
    """What will be different for the child or family, and how everybody will know."""

    id: str
    statement: str | None = None
    kind: str | None = None
    people: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    starting_point: str | None = None
    measure: str | None = None
    agreed_with: tuple[str, ...] = ()
    why_realistic: str | None = None
    target_date: date | None = None
    status: str | None = None
    result: str | None = None
    judged_by: tuple[str, ...] = ()
    judged_on: date | None = None
    report_to: str | None = None
    supporting_families_outcome: str | None = None
    outcome_area: str | None = None
    supporting_families_result: str | None = None
    sustained_from: date | None = None
    sustained_to: date | None = None
    sustain_months: int | None = None
    absent: Mapping[str, str] | None = None


class GuidanceEdition(Part, frozen=True, kw_only=True):
    """A guidance document and the edition that was used."""

    document: str | None = None
    edition: str | None = None
    absent: Mapping[str, str] | None = None


class HarmDetermination(Part, frozen=True, kw_only=True):
    """The decision whether a child may come to harm without services."""

    answer: str
    by: str | None = None
    on: date | None = None
    reason: str | None = None
    absent: Mapping[str, str] | None = None


class Household(Part, frozen=True, kw_only=True):
    """People who live together, and where."""

    id: str
    name: str | None = None
    address: Address | None = None
    members: tuple[str, ...] = ()
    note: str | None = None
    absent: Mapping[str, str] | None = None


class Identifier(Part, frozen=True, kw_only=True):
    """A number or reference that another system uses for a person, organisation or case."""

    type: str
    value: str | None = None
    issuer: str | None = None
    verification: str | None = None
    status: str | None = None
    missing_reason: str | None = None
    absent: Mapping[str, str] | None = None


class Informed(Part, frozen=True, kw_only=True):
    """Whether somebody was told, by whom and when."""

    informed: str
    person: str | None = None
    on: date | None = None
    by: str | None = None
    reason_not: str | None = None
    reason_not_code: str | None = None
    absent: Mapping[str, str] | None = None


class Invitee(Part, frozen=True, kw_only=True):
    """Somebody who was asked to a meeting, and how they took part."""

    who: str
    role: str | None = None
    organisation: str | None = None
    invited_on: date | None = None
    contacted_on: date | None = None
    attendance: str | None = None
    contribution: str | None = None
    attachment: str | None = None
    absent: Mapping[str, str] | None = None


class Involvement(Part, frozen=True, kw_only=True):
    """An agency or practitioner who helps or has helped the child or family."""

    practitioner: str | None = None
    organisation: str | None = None
    with_: tuple[str, ...] = field(default=(), name="with")
    role: str | None = None
    from_: date | None = field(default=None, name="from")
    to: date | None = None
    support: str | None = None
    consulted: bool | None = None
    consulted_on: date | None = None
    views: str | None = None
    contact_agreed: str | None = None
    unable_to_see_child: bool | None = None
    absent: Mapping[str, str] | None = None


class LanguageNeeds(Part, frozen=True, kw_only=True):
    """What somebody needs to take part in a conversation."""

    first_language: str | None = None
    other_languages: tuple[str, ...] = ()
    language_note: str | None = None
    interpreter_needed: str | None = None
    interpreter_note: str | None = None
    interpreter_arranged: bool | None = None
    communication_needs: str | None = None
    absent: Mapping[str, str] | None = None


class LateralCheck(Part, frozen=True, kw_only=True):
    """What the front door asked an agency while it looked at a referral, and the answer."""

    organisation: str | None = None
    asked_at: datetime | None = None
    answered_at: datetime | None = None
    known: str | None = None
    result: str | None = None
    absent: Mapping[str, str] | None = None


class Lead(Part, frozen=True, kw_only=True):
    """Who leads, from when to when, and how they were chosen."""

    practitioner: str
    supervisor: str | None = None
    from_: date | None = field(default=None, name="from")
    to: date | None = None
    chosen_at: str | None = None
    agreed_by: tuple[str, ...] = ()
    family_view: str | None = None
    known_to_family: bool | None = None
    selection_reason: str | None = None
    end_reason: str | None = None
    absent: Mapping[str, str] | None = None


class LevelDecision(Part, frozen=True, kw_only=True):
    """A dated decision about the level of need. People decide it; no tool works it out."""

    id: str
    level: int
    scheme: str | None = None
    local_label: str | None = None
    children: tuple[str, ...] = ()
    change: str | None = None
    previous_level: int | None = None
    change_reason: str | None = None
    route: str | None = None
    decided_on: date | None = None
    decided_by: tuple[str, ...] = ()
    rationale: str | None = None
    risk_statement: str | None = None
    discussed_with_family: bool | None = None
    discussed_on: date | None = None
    discussed_with_adviser: Consultation | None = None
    needs: tuple[str, ...] = ()
    priority_needs: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    strengths: tuple[str, ...] = ()
    support: str | None = None
    professionals: tuple[str, ...] = ()
    statutory_basis: tuple[str, ...] = ()
    review_meeting: str | None = None
    assessment_lead: str | None = None
    review_on: date | None = None
    superseded_by: str | None = None
    absent: Mapping[str, str] | None = None


class LookedAfter(Part, frozen=True, kw_only=True):
    """Whether a child is looked after now, on what legal basis, where, and who reviews it."""

    now: str | None = None
    since: date | None = None
    legal_status: str | None = None
    placement: str | None = None
    reviewing_officer: str | None = None
    local_authority: str | None = None
    absent: Mapping[str, str] | None = None


class ManagerDecision(Part, frozen=True, kw_only=True):
    """A manager's decision about a transfer."""

    decision: str
    by: str | None = None
    on: date | None = None
    note: str | None = None
    absent: Mapping[str, str] | None = None


class MeetingReference(Part, frozen=True, kw_only=True):
    """A meeting that is recorded elsewhere."""

    type: str | None = None
    on: date | None = None
    record_id: str | None = None
    chair: str | None = None
    decision: str | None = None
    absent: Mapping[str, str] | None = None


class Name(Part, frozen=True, kw_only=True):
    """What a person is called. Give the parts if you know them; otherwise give the full name."""

    given: str | None = None
    family: str | None = None
    full: str | None = None
    one_name: bool | None = None
    preferred: str | None = None
    prefix: str | None = None
    absent: Mapping[str, str] | None = None


class Need(Part, frozen=True, kw_only=True):
    """Something that has to get better for the child or family."""

    id: str
    people: tuple[str, ...] = ()
    area: str | None = None
    domain: str | None = None
    subdomain: str | None = None
    indicators: tuple[str, ...] = ()
    statement: str | None = None
    evidence: str | None = None
    impact: str | None = None
    level: int | None = None
    score: float | None = None
    score_scale: str | None = None
    reasons: tuple[str, ...] = ()
    assessment_factors: tuple[str, ...] = ()
    supporting_families_outcome: str | None = None
    priority: bool | None = None
    exploitation_risk: str | None = None
    protective_parent: str | None = None
    absent: Mapping[str, str] | None = None


class NotPresent(Part, frozen=True, kw_only=True):
    """Something that was asked about and is not there: so nobody has to ask again."""

    people: tuple[str, ...] = ()
    indicator: str | None = None
    service: str | None = None
    on: date | None = None
    absent: Mapping[str, str] | None = None


class Notification(Part, frozen=True, kw_only=True):
    """The note to the early help team that a plan is opened or closed."""

    status: str | None = None
    on: date | None = None
    to: str | None = None
    system: str | None = None
    reference: str | None = None
    absent: Mapping[str, str] | None = None


class Organisation(Part, frozen=True, kw_only=True):
    """An agency, school, practice or other organisation in the record."""

    id: str
    name: str | None = None
    sector: str | None = None
    sector_note: str | None = None
    service: str | None = None
    identifiers: tuple[Identifier, ...] = ()
    local_authority: str | None = None
    police_force: str | None = None
    address: Address | None = None
    contacts: tuple[ContactPoint, ...] = ()
    absent: Mapping[str, str] | None = None


class OtherName(Part, frozen=True, kw_only=True):
    """Another name that the person uses or has used."""

    kind: str | None = None
    full: str | None = None
    absent: Mapping[str, str] | None = None


class OutcomeMeasure(Part, frozen=True, kw_only=True):
    """A score taken before and after help."""

    id: str
    instrument: str | None = None
    instrument_note: str | None = None
    people: tuple[str, ...] = ()
    goal: str | None = None
    domain: str | None = None
    direction: str | None = None
    scores: tuple[Score, ...] = ()
    absent: Mapping[str, str] | None = None


class ParentalResponsibility(Part, frozen=True, kw_only=True):
    """Whether somebody has parental responsibility for a child."""

    holder: str
    child: str
    holds: str
    basis: str | None = None
    evidence: str | None = None
    note: str | None = None
    absent: Mapping[str, str] | None = None


class Person(Part, frozen=True, kw_only=True):
    """Anybody else who matters in the record: a parent, brother or sister, other household member or significant person."""

    id: str
    name: Name | None = None
    other_names: tuple[OtherName, ...] = ()
    unborn: bool | None = None
    expected_date_of_birth: date | None = None
    date_of_birth: date | None = None
    birth_month_or_year: str | None = None
    date_of_birth_estimated: bool | None = None
    estimated_age: float | None = None
    deceased: bool | None = None
    deceased_on: date | None = None
    sex: str | None = None
    gender_identity: str | None = None
    ethnicity: str | None = None
    ethnicity_note: str | None = None
    religion: str | None = None
    nationality: str | None = None
    immigration_status: str | None = None
    language: LanguageNeeds | None = None
    identifiers: tuple[Identifier, ...] = ()
    addresses: tuple[Address, ...] = ()
    contacts: tuple[ContactPoint, ...] = ()
    preferred_contact_method: str | None = None
    details_known: str | None = None
    also_referred: str | None = None
    regular_visitor: bool | None = None
    disability: str | None = None
    disability_note: str | None = None
    special_requirements: str | None = None
    education: tuple[Education, ...] = ()
    general_practice: str | None = None
    employment_status: str | None = None
    occupation: str | None = None
    views: tuple[View, ...] = ()
    note: str | None = None
    local_data: Mapping[str, Mapping[str, str | float | bool]] | None = None
    absent: Mapping[str, str] | None = None


class Practitioner(Part, frozen=True, kw_only=True):
    """Somebody who works or volunteers with the child or family."""

    id: str
    name: Name | None = None
    job_title: str | None = None
    role: str | None = None
    organisation: str | None = None
    volunteer: bool | None = None
    identifiers: tuple[Identifier, ...] = ()
    contacts: tuple[ContactPoint, ...] = ()
    address: Address | None = None
    availability: str | None = None
    manager: str | None = None
    absent: Mapping[str, str] | None = None


class PreviousSupport(Part, frozen=True, kw_only=True):
    """Help that was given or offered before, and what came of it."""

    kind: str | None = None
    what: str | None = None
    organisation: str | None = None
    practitioner: str | None = None
    children: tuple[str, ...] = ()
    from_: date | None = field(default=None, name="from")
    from_month_or_year: str | None = None
    to: date | None = None
    to_month_or_year: str | None = None
    outcome: str | None = None
    outcome_note: str | None = None
    reference: str | None = None
    absent: Mapping[str, str] | None = None


class Recipient(Part, frozen=True, kw_only=True):
    """An organisation or person with whom information may, or may not, be shared."""

    organisation: str | None = None
    practitioner: str | None = None
    person: str | None = None
    description: str | None = None
    from_: date | None = field(default=None, name="from")
    note: str | None = None
    absent: Mapping[str, str] | None = None


class RecordReference(Part, frozen=True, kw_only=True):
    """A pointer to another record of this standard or of another system."""

    record_id: str | None = None
    record_type: str | None = None
    plan_type: str | None = None
    title: str | None = None
    date: date | None = None
    children: tuple[str, ...] = ()
    system: str | None = None
    relation: str | None = None
    lead: str | None = None
    status: str | None = None
    absent: Mapping[str, str] | None = None


class Referrer(Part, frozen=True, kw_only=True):
    """Who makes the referral or request."""

    practitioner: str | None = None
    person: str | None = None
    relationship_to_child: str | None = None
    source: str | None = None
    wants_anonymity: bool | None = None
    absent: Mapping[str, str] | None = None


class RegistrationCheck(Part, frozen=True, kw_only=True):
    """The question to the early help team whether a plan or assessment is already registered."""

    on: date | None = None
    asked_of: str | None = None
    covers: tuple[str, ...] = ()
    result: str | None = None
    lead_contacted_on: date | None = None
    joined_team_on: date | None = None
    reason_not_joined: str | None = None
    absent: Mapping[str, str] | None = None


class Relationship(Part, frozen=True, kw_only=True):
    """How one named person is related to another named person."""

    person: str
    related_to: str
    type: str
    status: str | None = None
    from_: date | None = field(default=None, name="from")
    to: date | None = None
    note: str | None = None
    absent: Mapping[str, str] | None = None


class ReusedAssessment(Part, frozen=True, kw_only=True):
    """An assessment that is still current and will be used by the new plan."""

    title: str | None = None
    type: str | None = None
    completed_on: date | None = None
    still_current: bool | None = None
    record_id: str | None = None
    attachment: str | None = None
    note: str | None = None
    absent: Mapping[str, str] | None = None


class Review(Part, frozen=True, kw_only=True):
    """A time when the team and the family looked at the plan together."""

    id: str
    on: date
    meeting: str | None = None
    held: bool | None = None
    attendees: tuple[str, ...] = ()
    apologies: tuple[str, ...] = ()
    family_present: bool | None = None
    family_views: str | None = None
    goals: tuple[GoalProgress, ...] = ()
    progress: str | None = None
    information_gaps: str | None = None
    changes: str | None = None
    step_up_considered: bool | None = None
    agencies_considered: str | None = None
    advice_sought: Consultation | None = None
    assessment_updated: bool | None = None
    consent_reviewed: bool | None = None
    decision: str | None = None
    summary: str | None = None
    next_review_on: date | None = None
    absent: Mapping[str, str] | None = None


class SafetyWarning(Part, frozen=True, kw_only=True):
    """Something that workers or recipients must know to keep people safe."""

    id: str
    type: str
    about: tuple[str, ...] = ()
    keep_from: tuple[str, ...] = ()
    description: str | None = None
    source: str | None = None
    from_: date | None = field(default=None, name="from")
    review_on: date | None = None
    absent: Mapping[str, str] | None = None


class Score(Part, frozen=True, kw_only=True):
    """One score on one day."""

    on: date | None = None
    value: float
    stage: str | None = None
    note: str | None = None
    absent: Mapping[str, str] | None = None


class Screening(Part, frozen=True, kw_only=True):
    """One step of the front door's screening."""

    stage: str | None = None
    at: datetime | None = None
    by: str | None = None
    decision: str | None = None
    urgent: bool | None = None
    category: str | None = None
    rating: str | None = None
    reasons: str | None = None
    lateral_checks: tuple[LateralCheck, ...] = ()
    absent: Mapping[str, str] | None = None


class SharingLogEntry(Part, frozen=True, kw_only=True):
    """What was shared, with whom, when and on what basis; or the decision not to share."""

    id: str
    shared: bool
    on: date
    requested_by: str | None = None
    requested_on: date | None = None
    decided_by: str | None = None
    recipients: tuple[Recipient, ...] = ()
    children: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    original_purpose: str | None = None
    new_purpose: str | None = None
    compatible: bool | None = None
    lawful_basis: str | None = None
    legal_gateway: tuple[str, ...] = ()
    special_category_condition: tuple[str, ...] = ()
    consent: str | None = None
    balancing_note: str | None = None
    method: str | None = None
    family_informed: str | None = None
    family_not_informed_reason: str | None = None
    not_shared_reason: str | None = None
    detriment_to_child: str | None = None
    absent: Mapping[str, str] | None = None


class Signpost(Part, frozen=True, kw_only=True):
    """A service the family was told about."""

    service: str | None = None
    description: str | None = None
    on: date | None = None
    note: str | None = None
    absent: Mapping[str, str] | None = None


class SpecialEducationalNeeds(Part, frozen=True, kw_only=True):
    """Support for special educational needs, which is a separate matter from behaviour or home circumstances."""

    status: str
    types: tuple[str, ...] = ()
    note: str | None = None
    requested_on: date | None = None
    absent: Mapping[str, str] | None = None


class StatutoryAssessment(Part, frozen=True, kw_only=True):
    """An assessment by a social worker, and its result."""

    started_on: date | None = None
    ended_on: date | None = None
    social_worker: str | None = None
    outcome: str | None = None
    statutory_plan: str | None = None
    looked_after_duration: str | None = None
    target_level: int | None = None
    advice: str | None = None
    successor: RecordReference | None = None
    absent: Mapping[str, str] | None = None


class StatutoryPlan(Part, frozen=True, kw_only=True):
    """A reference to a plan that the law provides for. The plan itself is not held here."""

    id: str
    type: str
    children: tuple[str, ...] = ()
    status: str | None = None
    from_: date | None = field(default=None, name="from")
    to: date | None = None
    reference: str | None = None
    category: str | None = None
    holder: str | None = None
    practitioner: str | None = None
    note: str | None = None
    absent: Mapping[str, str] | None = None


class Strength(Part, frozen=True, kw_only=True):
    """Something that goes well and can be built on."""

    id: str
    people: tuple[str, ...] = ()
    domain: str | None = None
    subdomain: str | None = None
    statement: str
    protective: bool | None = None
    absent: Mapping[str, str] | None = None


class TeamMember(Part, frozen=True, kw_only=True):
    """Somebody in the team around the family."""

    practitioner: str | None = None
    person: str | None = None
    organisation: str | None = None
    role: str | None = None
    joined_on: date | None = None
    left_on: date | None = None
    consent: str | None = None
    contribution: str | None = None
    absent: Mapping[str, str] | None = None


class TransferItem(Part, frozen=True, kw_only=True):
    """A child whose move from social care to early help was talked about."""

    child: str
    decided_on: date | None = None
    lead: str | None = None
    decision: str | None = None
    absent: Mapping[str, str] | None = None


class View(Part, frozen=True, kw_only=True):
    """What somebody thinks and wants, in their own words where possible."""

    text: str | None = None
    adult_view: str | None = None
    adult_view_by: str | None = None
    method: str | None = None
    gathered_on: date | None = None
    gathered_by: str | None = None
    hopes_short_term: str | None = None
    hopes_long_term: str | None = None
    worry_score: float | None = None
    not_captured_reason: str | None = None
    note: str | None = None
    absent: Mapping[str, str] | None = None


class WithheldInformation(Part, frozen=True, kw_only=True):
    """Information that must not be shown to the family or to one person."""

    id: str
    about: str | None = None
    detail: str | None = None
    keep_from: tuple[str, ...] = ()
    reason: str | None = None
    source_wants_anonymity: bool | None = None
    absent: Mapping[str, str] | None = None


class Record(Part, frozen=True, kw_only=True):
    """What every record has."""

    record_id: str
    area: str | None = None
    guidance: tuple[GuidanceEdition, ...] = ()
    version: int | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    created_by: str | None = None
    related_records: tuple[RecordReference, ...] = ()
    children: tuple[Child, ...] = ()
    people: tuple[Person, ...] = ()
    households: tuple[Household, ...] = ()
    relationships: tuple[Relationship, ...] = ()
    parental_responsibility: tuple[ParentalResponsibility, ...] = ()
    organisations: tuple[Organisation, ...] = ()
    practitioners: tuple[Practitioner, ...] = ()
    involvements: tuple[Involvement, ...] = ()
    statutory_plans: tuple[StatutoryPlan, ...] = ()
    consents: tuple[Consent, ...] = ()
    contacts: tuple[ContactEvent, ...] = ()
    safety_warnings: tuple[SafetyWarning, ...] = ()
    withheld_information: tuple[WithheldInformation, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    sharing_log: tuple[SharingLogEntry, ...] = ()
    local_data: Mapping[str, Mapping[str, str | float | bool]] | None = None
    absent: Mapping[str, str] | None = None


class ConsentRecord(Record, frozen=True, kw_only=True):
    """Consent that is kept on its own, for use with other records."""

    applies_to: tuple[RecordReference, ...] = ()


class EarlyHelpAssessment(Record, frozen=True, kw_only=True):
    """What a child and family need and what goes well, found out together with them. In Gloucestershire this is My Assessment."""

    local_name: str | None = None
    started_on: date | None = None
    completed_on: date | None = None
    updated_on: date | None = None
    authors: tuple[str, ...] = ()
    manager: str | None = None
    contributors: tuple[str, ...] = ()
    reason: str | None = None
    reasons: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    registration_check: RegistrationCheck | None = None
    immediate_risk: bool | None = None
    strengths: tuple[Strength, ...] = ()
    needs: tuple[Need, ...] = ()
    domain_notes: tuple[DomainNote, ...] = ()
    asked_not_present: tuple[NotPresent, ...] = ()
    adults_considered: str | None = None
    child_development: str | None = None
    parenting: str | None = None
    family_and_environment: str | None = None
    outcome_measures: tuple[OutcomeMeasure, ...] = ()
    history: str | None = None
    events: tuple[Event, ...] = ()
    previous_support: tuple[PreviousSupport, ...] = ()
    analysis: str | None = None
    risk_statement: str | None = None
    safeguarding_check: str | None = None
    unknowns: str | None = None
    levels: tuple[LevelDecision, ...] = ()
    goals: tuple[Goal, ...] = ()
    help_needed: tuple[str, ...] = ()
    services_needed: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()
    conclusion: str | None = None
    outcome: str | None = None
    next_review_on: date | None = None


class EarlyHelpRequest(Record, frozen=True, kw_only=True):
    """A request for early help, or for advice, to the early help front door."""

    immediate_risk: bool | None = None
    source: str | None = None
    route: str | None = None
    requester: Referrer | None = None
    advice_only: bool | None = None
    topic: str | None = None
    advice: AdviceRole | None = None
    requested_on: date | None = None
    received_on: date | None = None
    decided_on: date | None = None
    passed_to_social_care_on: date | None = None
    reason: str | None = None
    reasons: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    help_wanted: str | None = None
    needs: tuple[Need, ...] = ()
    strengths: tuple[Strength, ...] = ()
    previous_support: tuple[PreviousSupport, ...] = ()
    early_help_plans: tuple[RecordReference, ...] = ()
    levels: tuple[LevelDecision, ...] = ()
    outcome: str | None = None
    outcome_note: str | None = None
    signposting: tuple[Signpost, ...] = ()
    actions: tuple[Action, ...] = ()
    requester_told_on: date | None = None


class Escalation(Record, frozen=True, kw_only=True):
    """A disagreement between agencies about how well a child is safeguarded, and how it was settled."""

    raised_on: date | None = None
    raised_by: EscalationParty | None = None
    about: EscalationParty | None = None
    concern: str | None = None
    reason: str | None = None
    wanted_outcome: str | None = None
    immediate_risk: bool | None = None
    levels: tuple[LevelDecision, ...] = ()
    related_decision: RecordReference | None = None
    child_wishes: tuple[View, ...] = ()
    stages: tuple[EscalationStage, ...] = ()
    status: str | None = None
    resolution: str | None = None
    resolved_on: date | None = None
    actions: tuple[Action, ...] = ()
    partnership_told_on: date | None = None
    learning: str | None = None


class Marf(Record, frozen=True, kw_only=True):
    """A referral to children's social care through the multi-agency safeguarding hub (MASH)."""

    immediate_risk: bool | None = None
    referred_on: date | None = None
    referred_at: datetime | None = None
    referrer: Referrer | None = None
    addressed_to: str | None = None
    recorded_by: str | None = None
    taken_by: str | None = None
    received_on: date | None = None
    request_types: tuple[str, ...] = ()
    trigger: str | None = None
    statutory_basis: tuple[str, ...] = ()
    child_in_need_basis: tuple[str, ...] = ()
    primary_need: str | None = None
    consultations: tuple[Consultation, ...] = ()
    family_name: str | None = None
    family_situation: str | None = None
    parental_factors: str | None = None
    support_network: str | None = None
    finance_and_work: str | None = None
    concerns: tuple[Concern, ...] = ()
    risk_statement: str | None = None
    needs: tuple[Need, ...] = ()
    strengths: tuple[Strength, ...] = ()
    what_should_change: str | None = None
    unknowns: str | None = None
    levels: tuple[LevelDecision, ...] = ()
    other_information: str | None = None
    previous_support: tuple[PreviousSupport, ...] = ()
    events: tuple[Event, ...] = ()
    history: str | None = None
    early_help_plans: tuple[RecordReference, ...] = ()
    no_early_help_reason: str | None = None
    lead_practitioner: str | None = None
    latest_review_on: date | None = None


class Meeting(Record, frozen=True, kw_only=True):
    """A meeting of the team around a child or family, or another meeting about them."""

    meeting_type: str | None = None
    purposes: tuple[str, ...] = ()
    title: str | None = None
    on: date | None = None
    starts_at: datetime | None = None
    place: str | None = None
    mode: str | None = None
    held: bool | None = None
    not_held_reason: str | None = None
    previous_on: date | None = None
    plan: RecordReference | None = None
    referral: RecordReference | None = None
    referred_on: date | None = None
    locality: str | None = None
    protocol: GuidanceEdition | None = None
    chair: str | None = None
    organiser: str | None = None
    note_taker: str | None = None
    invited: tuple[Invitee, ...] = ()
    family_views: str | None = None
    strengths: tuple[Strength, ...] = ()
    needs: tuple[Need, ...] = ()
    concerns: tuple[Concern, ...] = ()
    goals: tuple[Goal, ...] = ()
    goal_progress: tuple[GoalProgress, ...] = ()
    progress: str | None = None
    outcome_measures: tuple[OutcomeMeasure, ...] = ()
    information_gaps: str | None = None
    advice_sought: Consultation | None = None
    agencies_considered: str | None = None
    transfers: tuple[TransferItem, ...] = ()
    notes: str | None = None
    changes: str | None = None
    step_up_considered: bool | None = None
    consent_reviewed: bool | None = None
    lead: Lead | None = None
    assessment_lead: str | None = None
    decision: str | None = None
    decision_note: str | None = None
    levels: tuple[LevelDecision, ...] = ()
    actions: tuple[Action, ...] = ()
    family_plan: str | None = None
    service_ended_on: date | None = None
    follow_ups: tuple[ConferenceFollowUp, ...] = ()
    supports_referral: bool | None = None
    next_meeting_on: date | None = None
    closure: Closure | None = None


class Plan(Record, frozen=True, kw_only=True):
    """What a child, family and practitioners have agreed to do. In Gloucestershire: My Profile, My Plan or My Plan+."""

    plan_type: str | None = None
    local_name: str | None = None
    status: str | None = None
    scope: str | None = None
    response_mode: str | None = None
    origin: str | None = None
    review_basis: str | None = None
    first_plan_on: date | None = None
    started_on: date | None = None
    agreed_on: date | None = None
    next_review_on: date | None = None
    paused_on: date | None = None
    resumed_on: date | None = None
    reasons: tuple[str, ...] = ()
    history: str | None = None
    start_reason: str | None = None
    themes: tuple[str, ...] = ()
    registration_check: RegistrationCheck | None = None
    notification: Notification | None = None
    assessment: RecordReference | None = None
    coordinator_support: tuple[Involvement, ...] = ()
    family_group_decisions: tuple[FamilyGroupDecision, ...] = ()
    leads: tuple[Lead, ...] = ()
    team: tuple[TeamMember, ...] = ()
    strengths: tuple[Strength, ...] = ()
    needs: tuple[Need, ...] = ()
    levels: tuple[LevelDecision, ...] = ()
    events: tuple[Event, ...] = ()
    previous_support: tuple[PreviousSupport, ...] = ()
    goals: tuple[Goal, ...] = ()
    actions: tuple[Action, ...] = ()
    bottom_line: str | None = None
    contingency: str | None = None
    signposting: tuple[Signpost, ...] = ()
    outcome_measures: tuple[OutcomeMeasure, ...] = ()
    reviews: tuple[Review, ...] = ()
    closure: Closure | None = None
    later_statutory_on: date | None = None


class PlanNotification(Record, frozen=True, kw_only=True):
    """The note to the early help team that a plan is opened, changed or closed."""

    kind: str | None = None
    plan: RecordReference | None = None
    plan_type: str | None = None
    notification: Notification | None = None
    opened_on: date | None = None
    changed: tuple[str, ...] = ()
    changed_on: date | None = None
    change_note: str | None = None
    closed_on: date | None = None
    closure_reason: str | None = None
    step_down: bool | None = None
    successor: RecordReference | None = None
    lead_sector: str | None = None
    lead: Lead | None = None
    lead_organisation: str | None = None
    programme: str | None = None
    family_reference: str | None = None
    levels: tuple[LevelDecision, ...] = ()
    concurrent_social_care: bool | None = None


class ReferralOutcome(Record, frozen=True, kw_only=True):
    """What the MASH decided about a referral, and what follows."""

    referral: RecordReference | None = None
    received_at: datetime | None = None
    decided_at: datetime | None = None
    decided_by: str | None = None
    outcome: str | None = None
    outcome_note: str | None = None
    screenings: tuple[Screening, ...] = ()
    immediate_risk: bool | None = None
    emergency_response: str | None = None
    consent_requested_from: str | None = None
    consent_requested_by: date | None = None
    follow_up_referral: RecordReference | None = None
    closing_note: str | None = None
    advice: str | None = None
    advice_to: str | None = None
    existing_plan: RecordReference | None = None
    enhancement_advice: str | None = None
    informed_role: str | None = None
    informed_on: date | None = None
    single_assessment: StatutoryAssessment | None = None
    levels: tuple[LevelDecision, ...] = ()
    actions: tuple[Action, ...] = ()
    referrer_told_on: date | None = None
    family_told_on: date | None = None


class StepDown(Record, frozen=True, kw_only=True):
    """The transfer of a family from children's social care to early help."""

    origin: str | None = None
    reasons: tuple[str, ...] = ()
    original_reason: str | None = None
    original_assessment_on: date | None = None
    decision_meeting: MeetingReference | None = None
    planning_meeting: MeetingReference | None = None
    review_meeting: MeetingReference | None = None
    child_in_need_review_on: date | None = None
    discussed_with_family_on: date | None = None
    transfer_on: date | None = None
    closure_reason: str | None = None
    from_: str | None = field(default=None, name="from")
    to: str | None = None
    handed_over_by: str | None = None
    received_by: str | None = None
    manager_decisions: tuple[ManagerDecision, ...] = ()
    checklist: tuple[ChecklistItem, ...] = ()
    case_summary: str | None = None
    lead: Lead | None = None
    prior_agencies: tuple[str, ...] = ()
    response_mode: str | None = None
    team: tuple[TeamMember, ...] = ()
    first_meeting_on: date | None = None
    first_review_on: date | None = None
    review_basis: str | None = None
    review_holder: str | None = None
    outstanding_needs: tuple[Need, ...] = ()
    no_outstanding_needs: str | None = None
    outstanding_actions: tuple[Action, ...] = ()
    strengths: tuple[Strength, ...] = ()
    goals: tuple[Goal, ...] = ()
    reused_assessments: tuple[ReusedAssessment, ...] = ()
    plan: RecordReference | None = None
    resumed_plan: RecordReference | None = None
    levels: tuple[LevelDecision, ...] = ()
    events: tuple[Event, ...] = ()
    contingency: str | None = None
    notification: Notification | None = None


RECORDS: Final[Mapping[str, type[Record]]] = {
    "consent-record": ConsentRecord,
    "early-help-assessment": EarlyHelpAssessment,
    "early-help-request": EarlyHelpRequest,
    "escalation": Escalation,
    "marf": Marf,
    "meeting": Meeting,
    "plan": Plan,
    "plan-notification": PlanNotification,
    "referral-outcome": ReferralOutcome,
    "step-down": StepDown,
}
"""The class of each record type."""
