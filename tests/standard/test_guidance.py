"""The guidance register: documents and clauses."""

from collections import Counter

from eh_interop.standard.guidance import clauses, documents
from eh_interop.standard.schemas import load_standard


def test_all_289_clauses_of_the_five_documents_are_there():
    counts = Counter(key[0] for key in clauses())
    assert {prefix: counts[prefix] for prefix in "GOPSW"} == {
        "G": 153,
        "O": 47,
        "P": 14,
        "S": 66,
        "W": 9,
    }


def test_every_clause_says_something_and_belongs_to_a_document():
    for clause in clauses().values():
        assert clause.document in documents()
        assert clause.says.endswith((".", "?"))
        assert clause.kind


def test_sources_of_code_lists_that_look_like_clauses_exist():
    standard = load_standard()
    for name in standard.codelists:
        for row in standard.codes(name):
            for source in row.source.split("; "):
                if len(source) == 5 and source[1] == "-" and source[2:].isdigit():
                    assert source in clauses(), (name, row.code)
