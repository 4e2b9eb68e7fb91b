"""What is said of the faults of shape and of reading.

Requirements and rules explain themselves where they are stated. The faults here
are found by the engine or the reader, so their explanations stand in this table.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from eh_interop.core.findings import Layer, Severity


class Stated(NamedTuple):
    """A code with its name and what is said of it."""

    code: str
    name: str
    layer: Layer
    severity: Severity
    title: str
    why: str


def _shape(code: str, name: str, title: str, why: str) -> Stated:
    return Stated(code, name, Layer.SHAPE, Severity.ERROR, title, why)


def _reading(
    code: str, name: str, title: str, why: str, severity: Severity = Severity.ERROR
) -> Stated:
    return Stated(code, name, Layer.READING, severity, title, why)


STATED: Final = (
    _shape(
        "SHP-001",
        "missing-field",
        "A field is missing without which its group means nothing",
        "An entry that does not say what it is about cannot be pointed to or counted.",
    ),
    _shape(
        "SHP-002",
        "unknown-field",
        "There is a field that the standard does not have",
        "It is often a misspelt name, and what stands there would be lost. Facts of your own "
        "go in localData.",
    ),
    _shape(
        "SHP-003",
        "wrong-type",
        "A value is of another kind than the standard says, such as text instead of a list",
        "A program that expects the right kind stops, or reads something else.",
    ),
    _shape(
        "SHP-004",
        "empty",
        "A field is there and holds nothing",
        'Nobody can tell whether it was forgotten. Leave it out, or say under "absent" why it '
        "is missing.",
    ),
    _shape(
        "SHP-005",
        "unknown-code",
        "A value is not one of the codes of its list",
        "Only codes mean the same to everybody. The list says which there are; words of your "
        "own go in the note beside it.",
    ),
    _shape(
        "SHP-006",
        "wrong-form",
        "A date, time, postcode, local id or line of text is not in the right form",
        "Dates are YYYY-MM-DD, because 03/04 is two different days to two readers.",
    ),
    _shape(
        "SHP-007",
        "out-of-range",
        "A number is outside the range that makes sense",
        "It is mistyped, or counts something else than the field says.",
    ),
    _shape(
        "SHP-008",
        "too-long",
        "A text is longer than its field may be",
        "Receiving systems would cut it off. Long accounts go in a text field or an attachment.",
    ),
    _shape(
        "SHP-009",
        "wrong-value",
        "A field that can have only one value has another",
        "The record would be read as something that it is not.",
    ),
    _shape(
        "SHP-010",
        "wrong-name",
        'A name under "absent" or localData is not one that belongs there',
        "A reason for absence counts only if it names a field of its own group.",
    ),
    _shape(
        "SHP-011",
        "not-allowed",
        "Something does not fit the standard in a way that has no code of its own",
        "The schema of the field says what is allowed there.",
    ),
    _shape(
        "SHP-012",
        "nested-too-deeply",
        "The fields of the record stand too deep inside each other",
        "No record of the standard is so deep, so something was put together wrongly.",
    ),
    _reading(
        "RDG-001",
        "not-json",
        "The file is not JSON",
        "Nothing in it can be read until the character at the place that is named is put right.",
    ),
    _reading(
        "RDG-002",
        "truncated",
        "The file ends before the record does",
        "The end was lost on the way. Send it again.",
    ),
    _reading(
        "RDG-003",
        "wrong-encoding",
        "The file is not UTF-8",
        "Names with accents would be garbled. Save it as UTF-8.",
    ),
    _reading(
        "RDG-004",
        "byte-order-mark",
        "A byte order mark stands before the record",
        "It is skipped here, and some other programs stumble over it.",
        Severity.INFO,
    ),
    _reading(
        "RDG-005",
        "duplicate-field",
        "A field stands twice in the same group",
        "Only one of the two is kept, and it may be the wrong one.",
    ),
    _reading(
        "RDG-006",
        "not-a-number",
        "A number is written as NaN or Infinity",
        "JSON has no such numbers. They come from a calculation that failed.",
    ),
    _reading(
        "RDG-007",
        "number-too-large",
        "A number is too large to be kept exactly",
        "Digits would be lost. Reference numbers are written as text.",
    ),
    _reading(
        "RDG-008",
        "lone-surrogate",
        "Half of a character stands in the text",
        "The text was cut or badly saved, so other characters may be lost as well.",
    ),
    _reading(
        "RDG-009",
        "nested-too-deeply",
        "The file is nested too deeply to be read",
        "No record is so deep, so the file was made wrongly or in bad faith.",
    ),
    _reading(
        "RDG-010",
        "too-large",
        "The record is larger than any that is read",
        "Attachments travel beside a record and not inside it.",
    ),
    _reading("RDG-011", "empty", "The file holds nothing", "The export failed or was cut off."),
    _reading(
        "RDG-012",
        "not-an-object",
        "There is JSON, and it is not a record",
        "A record is a JSON object. Several records go one on each line (NDJSON).",
    ),
    _reading(
        "RDG-013",
        "cannot-be-opened",
        "The file cannot be opened or read to its end",
        "It may have been moved, or you may not be allowed to read it.",
    ),
    _reading(
        "RDG-014",
        "unknown-record-type",
        "The record does not say which type it is",
        "Without its type nobody can tell which fields belong to it.",
    ),
    _reading(
        "RDG-015",
        "unknown-standard-version",
        "The record follows a version of the standard that is not here",
        "It may use fields that this toolkit does not know. Install a newer one.",
    ),
    _reading(
        "RDG-016",
        "unknown-area",
        "The record names an area that this toolkit does not have",
        "It is checked against national guidance alone, so local requirements are not looked at.",
    ),
    _reading(
        "TAB-001",
        "row-without-parent",
        "A row of a table belongs to no row of the table above it",
        "Its record or entry was taken out or numbered anew. The row is not read, so that nothing "
        "gets to another family.",
    ),
    _reading(
        "TAB-002",
        "key-not-a-number",
        "A row of a table does not say by a number what it belongs to",
        "The first columns of a row say which record and entry it belongs to.",
    ),
    _reading(
        "TAB-003",
        "same-keys",
        "Two rows of a table have the same numbers",
        "It cannot be told which of them is meant. A row was probably copied; give it the next "
        "number.",
    ),
    _reading(
        "TAB-004",
        "wrong-record-id",
        "A row of a table names another record than its number does",
        "Rows have slipped. The row is not read, so that nothing gets to another family.",
    ),
    _reading(
        "TAB-005",
        "unknown-column",
        "A table has a column that it does not have in the standard",
        "The heading is misspelt, or the column is an addition of yours. It is not read.",
        Severity.WARNING,
    ),
    _reading(
        "TAB-006",
        "cell-without-heading",
        "A row of a table has a value beyond the last heading",
        "Cells have slipped to the right, or a heading is missing. It is not read.",
        Severity.WARNING,
    ),
    _reading(
        "TAB-007",
        "unreadable-cell",
        "A cell of a table is not in the form that its column needs",
        "Reasons are field=reason, set apart by semicolons; local data is JSON. It is left out.",
    ),
)
