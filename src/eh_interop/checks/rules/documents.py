"""Documents: whether they are sent, and whether they are what they are said to be."""

from __future__ import annotations

from typing import Any, Final

from eh_interop.checks.rules.engine import Context, Problem, Problems, asks, fails, on, passes, rule
from eh_interop.core.findings import Severity
from eh_interop.standard.model import Attachment, Consent, Record

_PAPER: Final[dict[str, Any]] = {"id": "a1", "type": "report", "status": "attached"}
_HASH: Final = "c0ffee" * 21 + "c0"


@rule("PAP-001", Severity.ERROR, cites=("E-020", "E-037"))
@asks("Is the document sent, or not?")
@passes(status="to-follow", reason="not-obtained")
@fails(status="attached", reason="not-obtained")
def sent_and_reason_for_not_sending(part: Attachment, _: Context) -> Problems:
    """A document is sent, and a reason is given why it is not.

    Whoever receives the record does not know whether to wait for it.
    """
    if part.status in {"attached", "sent-separately"} and part.reason:
        yield Problem("/reason", "The document is sent, so no reason is needed.")


@rule("PAP-002", Severity.ERROR, cites=("E-020", "E-037"))
@asks("Is the document sent, or not?")
@passes(status="attached", fileName="report.pdf")
@fails(status="not-attached", fileName="report.pdf", reason="not-obtained")
def file_of_document_not_sent(part: Attachment, _: Context) -> Problems:
    """A document is not sent, and there is a file of it.

    Something may have been sent that was to be held back.
    """
    if part.status == "not-attached" and (part.file_name or part.sha512):
        yield Problem("/fileName", "The document is said not to be sent.")


@rule("PAP-003", Severity.WARNING, cites=("E-037",))
@asks("Is this the right file?")
@passes(attachments=[_PAPER | {"sha512": _HASH}, _PAPER | {"id": "a2"}], latestReviewOn=None)
@fails(
    attachments=[_PAPER | {"sha512": _HASH}, _PAPER | {"id": "a2", "sha512": _HASH}],
    latestReviewOn=None,
)
def same_file_twice(part: Record, _: Context) -> Problems:
    """Two documents of a record are the same file.

    One of them is missing. It happens when the wrong file is picked.
    """
    seen = set()
    for number, attachment in enumerate(part.attachments):
        if attachment.sha512 and attachment.sha512 in seen:
            message = "Another document is the same file."
            yield Problem(f"/attachments/{number}/sha512", message)
        seen.add(attachment.sha512)


@rule("PAP-004", Severity.WARNING, cites=("G-076", "E-051"))
@on(example="gloucestershire/marf")
@asks("Please send the signed consent form, or say why not.")
@passes(givers=[{"person": "p1", "capacity": "parent", "decision": "agreed", "evidence": "a8"}])
@fails(givers=[{"person": "p1", "capacity": "parent", "decision": "agreed", "evidence": "a11"}])
def proof_of_consent_not_there(part: Consent, context: Context) -> Problems:
    """The proof of a signed consent is a document that is not sent.

    Whoever receives the record cannot see that the family agreed.
    """
    missing = {
        attachment.id
        for attachment in context.record.attachments
        if attachment.status == "not-attached"
    }
    for number, giver in enumerate(part.givers if missing else ()):
        if giver.evidence in missing:
            message = "The evidence of consent is a document that is not sent."
            yield Problem(f"/givers/{number}/evidence", message)


@rule("PAP-005", Severity.ERROR, cites=("E-037",))
@asks("When was this document finished?")
@passes(status="attached", date="2026-11-01")
@fails(status="attached", date="2026-11-02", type="report")
def document_dated_in_the_future(part: Attachment, context: Context) -> Problems:
    """A document that is sent was finished on a day that has not come yet.

    Usually the year is mistyped.
    """
    if part.status in {"attached", "sent-separately"} and part.date and part.date > context.today:
        yield Problem("/date", "The date of the document is after today, and the document is sent.")


@rule("PAP-006", Severity.WARNING, cites=("E-037", "G-106"))
@asks("Which record is this document?")
@passes(type="genogram", recordId=None)
@fails(type="genogram", recordId="plan-0009")
def drawing_with_number_of_a_record(part: Attachment, _: Context) -> Problems:
    """A document has the number of a record, and is of a kind that is no record.

    Whoever looks the number up finds something else. Often the number of the
    plan it came from was put in.
    """
    if part.record_id and part.type in {"genogram", "photograph", "body-map", "correspondence"}:
        yield Problem("/recordId", "A document of this kind is not a record with a number.")
