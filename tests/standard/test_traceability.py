"""The page that says what carries each clause is current."""

from click.testing import CliRunner
from tests.helpers.traceability import PAGE, page

from eh_interop.cli import main


def test_the_page_is_current(regenerate):
    if regenerate:
        PAGE.parent.mkdir(exist_ok=True)
        PAGE.write_text(page(), "utf-8")
    assert PAGE.read_text("utf-8") == page(), "run: pytest --regenerate"


def test_no_clause_is_without_a_carrier():
    result = CliRunner().invoke(main, ["clauses", "--uncarried"])
    assert (result.stdout, result.stderr) == ("", "0 clauses.\n")
