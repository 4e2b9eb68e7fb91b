"""Check digits. The values were worked by hand from the published arithmetic."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eh_interop.core.identifiers import (
    CHECKS,
    is_la_child_id,
    is_nhs_number,
    is_uln,
    is_upn,
)


@pytest.mark.parametrize(
    ("check", "value", "right"),
    [
        (is_upn, "B801200005001", True),
        (is_upn, "H801200001001", True),
        (is_upn, "P207000016049", True),
        (is_upn, "R838200005001", True),  # Dorset since 2019, which some libraries reject
        (is_upn, "M940200005001", True),  # North Northamptonshire since 2021
        (is_upn, "M80120000500A", True),  # temporary
        (is_upn, "Y80120000500Z", True),  # temporary
        (is_upn, "A801200005001", False),
        (is_upn, "Q207000016049", False),  # a published worked example that is wrong
        (is_upn, "X80120000500I", False),
        (is_upn, "B80120000500", False),
        (is_nhs_number, "9434765870", True),
        (is_nhs_number, "9434765919", True),
        (is_nhs_number, "4010232137", True),
        (is_nhs_number, "943 476 5919", True),
        (is_nhs_number, "9434 765919", False),
        (is_nhs_number, "9434765871", False),
        (is_nhs_number, "9990000000", False),  # the check value is 10, which is never issued
        (is_nhs_number, "1111111111", False),
        (is_nhs_number, "0000000000", False),
        (is_nhs_number, "٩٤٣٤٧٦٥٩١٩", False),
        (is_uln, "9276308686", True),
        (is_uln, "1000000019", True),
        (is_uln, "9434765870", False),
        (is_la_child_id, "ABC123", True),
        (is_la_child_id, "123456789012345678901", False),
        (is_la_child_id, "12-3", False),
    ],
)
def test_published_values(check, value, right):
    assert check(value) is right


@given(st.integers(min_value=10**9, max_value=10**10 - 1).map(str))
def test_no_learner_number_is_an_nhs_number(value):
    assert not (is_uln(value) and is_nhs_number(value))


@given(st.integers(0, 10**9 - 1), st.integers(0, 9), st.integers(1, 9))
def test_one_mistyped_digit_of_an_nhs_number_is_always_found(stem, place, by):
    for last in range(10):
        value = f"{stem:09}{last}"
        if is_nhs_number(value):
            digits = list(value)
            digits[place] = str((int(digits[place]) + by) % 10)
            assert not is_nhs_number("".join(digits))


@given(st.text())
def test_no_text_makes_a_check_fail(value):
    for check in CHECKS.values():
        assert check(value) in {True, False}
