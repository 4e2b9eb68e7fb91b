"""Protection: who must not learn what, and why, from all records that are handed over together.

What protects somebody stands in many places of a record, and a record that is handed over beside
another may hold open what the other protects. So every output asks this room before it shows
anything, and gives it all records at once. The room reads no file, clock or network and prints
nothing.

Sources of protection, what each protects, and from whom. *Outsiders* are everybody but agencies.

=============================================  ======================================  ============
what the record says                           what is protected                       from whom
=============================================  ======================================  ============
address with ``confidential``, whatever its    the address, the telephone at it; the   outsiders
value but false or no                          people who live there: their other
                                               addresses, current location, contacts;
                                               name and note of the household;
                                               organisations at it
address with ``reason`` refuge                 the same                                outsiders
warning ``address-must-not-be-disclosed``, or  the same of those it is about (else      outsiders,
of a type that cannot be read                  everybody); their school, nursery or     even those
                                               doctor if its words speak of one         named
warning ``contact-unsafe``                     telephone and e-mail of those it is     outsiders
                                               about
warning ``source-wishes-anonymity``            who those are that it is about          outsiders
warning ``information-to-keep-from-family``    the whole record, unless                outsiders
                                               ``withheldInformation`` says what
another warning with ``keepFrom``              the whole record                        those named
any safety warning                             what it says                            outsiders
``withheldInformation``                        what it says, its sentences elsewhere,  those named,
                                               the place that ``about`` points to      the family
``wantsAnonymity``; a disclosure whose source  who it is, and the entry itself         outsiders
is anonymous
document with ``confidential``, or not sent    the document, its title and file name   outsiders
since it is withheld for safety
``absent`` with ``withheld-for-safety``        the same fact wherever else it stands   outsiders
consent: ``recipientsExcluded``                the record (persons are sent nothing,   those named
                                               agencies see a mark)
consent: ``itemsExcluded``                     that something is excluded              outsiders
``familyInformed`` or ``informed`` is no       the entry that says so                  outsiders
record of type escalation                      the record, and references to it        outsiders
restricted label of the source                 the person's whereabouts, the entry,    outsiders
                                               or the whole record
=============================================  ======================================  ============

A page for the family is for any of them, so what is kept from one is not on it. Towns are no
secret where an open address or the name of the council has them too. Addresses of kind
``previous`` are open unless they are marked themselves. What is searched for is compared without
regard to case, accents, punctuation, spaces, and short forms of streets; names also by each part,
unless people who are not protected share the family name. See clauses ``N-004`` and ``N-005``.

How each output asks::

    answer = protections(records)               # SourceRecords, or documents: all of them

    # Cover page and genogram for agencies: everything, with marks beside it.
    for mark in answer.view(record, Audience.AGENCY).marks:
        note(mark.place, mark.words(name_of))   # "Do not disclose to ..."

    # Cover page and genogram for the family: draw ``view.document`` in place of the record.
    view = answer.view(record, Audience.FAMILY)
    if view.refused:
        raise Refused(view.refused)             # only to the sender
    say_how_much_is_missing(view.left_out)

    # Initials in place of names: the record's own names as initials, the rest of it from here.
    texts = answer.without_names(record).document

    # Reply to the referrer: an agency, or one of the family who asked for help.
    view = answer.view(record, answer.recipient(record, referrer_id))

    # Pack: the same for each record and its recipient; leave out papers whose entry is.
    views = [answer.view(record, answer.recipient(main, local_id)) for record in records]

    # FHIR: labels for ``meta.security`` of the resource made from a place, and of the Bundle ("").
    labels = answer.security_labels(record)
    labels.get("/children/0", ()), labels.get("", ())

    # Tables, returns and web: agencies only, so the marks, or the view as above.
    # check: what is said by half, in records that are all there. Where records stream through,
    # ``half_said_alone`` looks at each, and ``traces`` are what is kept to compare them.
    findings = [*answer.half_said(record)]
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from eh_interop.core.findings import Finding
from eh_interop.protection.gathering import gather, may_protect
from eh_interop.protection.half_said import half_said
from eh_interop.protection.matching import is_too_deep
from eh_interop.protection.model import (
    Audience,
    KeepFrom,
    LeftOut,
    Mark,
    Protection,
    Reference,
    Scope,
    View,
    What,
    Why,
    is_kept_from,
)
from eh_interop.protection.people import FAMILY, Records
from eh_interop.protection.traces import traces
from eh_interop.protection.views import CONFIDENTIALITY, Label, labels_of, view_of, without_names
from eh_interop.reading.source_record import SourceRecord

__all__ = [
    "CONFIDENTIALITY",
    "Audience",
    "KeepFrom",
    "Label",
    "LeftOut",
    "Mark",
    "Protection",
    "Protections",
    "Reference",
    "Scope",
    "View",
    "What",
    "Why",
    "half_said_alone",
    "is_kept_from",
    "protections",
    "traces",
]

Given = SourceRecord | Mapping[str, Any]


def protections(records: Iterable[Given]) -> Protections:
    """Find everything that protects somebody in records that are handed over together.

    Args:
        records: all of them, since one may protect what another holds open. Records of other
            families do not belong here: what they protect would be left out too. What is no
            record, or has more levels than one can have, counts as an empty record.
    """
    given = tuple(records)
    restrictions = tuple(
        record.restrictions if isinstance(record, SourceRecord) else () for record in given
    )
    gathered = Records(tuple(map(_document, given)), restrictions)
    return Protections(gathered, gather(gathered))


def _document(record: Any) -> Mapping[str, Any]:
    document = record.document if isinstance(record, SourceRecord) else record
    if not isinstance(document, Mapping) or is_too_deep(document):
        return {}
    return document if isinstance(document, dict) else dict(document)


def half_said_alone(record: SourceRecord) -> list[Finding]:
    """Return what a record says by half, taken by itself. Most records are passed over quickly."""
    if not record.restrictions and not may_protect(record.document):
        return []
    return list(protections([record]).half_said(record))


@dataclass(frozen=True)
class Protections:
    """What is protected in records that are handed over together.

    Attributes:
        records: the records, and who is who in them.
        all: every protection.
    """

    records: Records
    all: tuple[Protection, ...]

    def view(self, record: Given, audience: Audience) -> View:
        """Return a record as an audience may see it.

        Agencies see everything, with marks. From everybody else each protected value is left
        out wherever it stands, and a text in which one occurs is left out whole. If that cannot
        be done, the view is refused.
        """
        answers, number = self._with(record)
        return view_of(answers.records, answers.all, number, audience)

    def recipient(self, record: Given, local_id: str) -> Audience:
        """Return the audience for somebody named in a record by their local id.

        Organisations and practitioners are agencies, unless a practitioner is one of the family.
        Somebody who is not in the record is sent nothing: the view is refused.
        """
        answers, number = self._with(record)
        people = answers.records.people
        references = people.same([Reference(number, local_id)])
        listed = {mention.listed for mention in people.of(references)}
        if not any(mention.reference == (number, local_id) for mention in people.mentions):
            return Audience("unknown", references)
        return Audience("agency" if listed.isdisjoint(FAMILY) else "person", references)

    def without_names(self, record: Given) -> View:
        """Return a record without the name of anybody, for pages that show initials.

        A text or the name of a household that holds a name is left out whole. Take the initials
        from the record itself.
        """
        answers, number = self._with(record)
        return without_names(answers.records, number)

    def half_said(self, record: Given) -> Iterator[Finding]:
        """Yield what a record says by half: flags without warnings, and contradictions."""
        answers, number = self._with(record)
        return half_said(answers.records, answers.all, number)

    def security_labels(self, record: Given) -> Mapping[str, tuple[Label, ...]]:
        """Return the security labels of FHIR for each place that holds something protected.

        The empty place is the record itself: the label of a Bundle or Composition. A record
        that protects nothing has none.
        """
        answers, number = self._with(record)
        return labels_of(answers.records.documents[number], number, answers.all)

    def _with(self, record: Given) -> tuple[Protections, int]:
        """Return the answers for a record, and its number; it is added if it is not among them."""
        document = _document(record)
        documents = self.records.documents
        for number, known in enumerate(documents):
            if known is document:
                return self, number
        for number, known in enumerate(documents):
            if known == document:
                return self, number
        more = record.restrictions if isinstance(record, SourceRecord) else ()
        wider = Records((*documents, document), (*self.records.restrictions, more))
        return Protections(wider, gather(wider)), len(documents)
