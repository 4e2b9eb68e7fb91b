"""Forms that are protected: the password comes from a file or a prompt, and stands nowhere."""

import io

import pytest
from click.testing import CliRunner
from pypdf import PdfReader, PdfWriter
from tests.helpers.form_files import PRINTED, REFERRAL, locked_docx, pdf

from eh_interop.cli import main

PASSWORD = "juniper-77"  # noqa: S105


@pytest.fixture(params=["docx", "pdf"])
def form(request, tmp_path):
    path = tmp_path / f"form.{request.param}"
    if request.param == "docx":
        path.write_bytes(locked_docx(PASSWORD, *REFERRAL))
    else:
        writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(PRINTED))))
        writer.encrypt(PASSWORD, algorithm="AES-256")
        writer.write(path)
    return str(path)


def check(*arguments, **more):
    return CliRunner().invoke(main, ["check", "--area", "england", *arguments], **more)


def test_a_password_is_read_from_a_file(form, tmp_path):
    (tmp_path / "password").write_text(f"{PASSWORD}\n")
    result = check(form, "--password-file", str(tmp_path / "password"))
    assert "READY" in result.output
    assert PASSWORD not in result.output


def test_a_password_is_asked_for(form):
    result = check(form, "--ask-password", input=f"{PASSWORD}\n")
    assert "READY" in result.output
    assert PASSWORD not in result.output


@pytest.mark.parametrize("options", [(), ("--ask-password",)])
def test_without_the_password_it_is_said_what_is_needed(form, options):
    result = check(form, *options, input="heather-12\n")
    assert "protected by a password" in result.output
    assert "heather-12" not in result.output
    assert "READY" not in result.output
