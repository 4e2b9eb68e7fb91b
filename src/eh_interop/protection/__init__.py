"""Protection: who must not learn what, and why, from all records that are handed over together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from eh_interop.core.findings import Finding
from eh_interop.protection.gathering import Records, gather
from eh_interop.protection.half_said import half_said
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
from eh_interop.protection.people import FAMILY
from eh_interop.protection.views import Label, labels_of, view_of
from eh_interop.reading.source_record import SourceRecord

__all__ = [
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
    "is_kept_from",
    "protections",
]

Given = SourceRecord | Mapping[str, Any]


def protections(records: Iterable[Given]) -> Protections:
    """Find everything that protects somebody in records that are handed over together.

    Args:
        records: all of them, since one may protect what another holds open. Records of other
            families do not belong here: what they protect would be left out too.
    """
    given = tuple(records)
    restrictions = tuple(
        record.restrictions if isinstance(record, SourceRecord) else () for record in given
    )
    gathered = Records(tuple(map(_document, given)), restrictions)
    return Protections(gathered, gather(gathered))


def _document(record: Any) -> Mapping[str, Any]:
    document = record.document if isinstance(record, SourceRecord) else record
    return document if isinstance(document, Mapping) else {}


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
