from hypothesis import example, given
from hypothesis import strategies as st

from eh_interop.core.csv_injection import escape, strip_illegal_xml, unescape

INVISIBLE = "\t\r\n \u00a0\u200b\u2007\ufeff\u00ad\u2060\u180e\x00\x1f"
SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20\u2212"
risky = st.text(alphabet=INVISIBLE + SIGNS + "'1A(") | st.text()


@given(risky)
@example("")
@example("'")
@example("' =1")
def test_whatever_is_escaped_comes_back(text):
    assert unescape(escape(text)) == text


@given(risky)
@example("\u00a0=1+1")
@example("\u200b=1+1")
@example(" =1+1")
def test_nothing_that_is_written_begins_like_a_formula(text):
    cell = escape(text)
    assert cell.strip(INVISIBLE)[:1] not in {*SIGNS}
    assert cell[:1] not in {"\t", "\r", "\n"}


def test_an_apostrophe_of_somebody_else_stays():
    assert unescape("'Brien") == "'Brien"
    assert unescape("'=1") == "=1"


def test_what_xml_cannot_hold_is_left_out():
    assert strip_illegal_xml("a\x00b\ud800c\ufffe\n") == "abc\n"
