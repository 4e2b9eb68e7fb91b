"""``eh-interop forms``: real forms, and where their labels go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from eh_interop.cli.options import format_option, show, table, unknown_name

if TYPE_CHECKING:
    from eh_interop.standard.forms import Form


@click.command("forms")
@click.argument("form", metavar="[FORM]", required=False)
@format_option("text", "json", name="style")
def command(form: str | None, style: str) -> None:
    """List the real forms that were studied, or show where one form's labels go.

    The list says how many labels each form has, and how many of them have a
    place in the standard.
    """
    from eh_interop.standard.forms import load_forms

    forms = load_forms()
    if form is None:
        show(style, [_facts(one) for one in forms], lambda: _list(forms))
        return
    by_key = {one.key: one for one in forms}
    if form not in by_key:
        unknown_name("form", form, by_key, "eh-interop forms lists them all.", "FORM")
    chosen = by_key[form]
    names = ("section", "label", "record", "place", "note")
    fields = [{name: getattr(field, name) or None for name in names} for field in chosen.fields]
    show(style, {**_facts(chosen), "fields": fields}, lambda: _page(chosen))


def _facts(form: Form) -> dict[str, Any]:
    return {
        "form": form.key,
        "kind": form.kind,
        "authority": form.authority,
        "dated": form.dated or None,
        "evidence": form.evidence,
        "record": form.record,
        "labels": len(form.labels),
        "withPlace": len(form.labels) - len(form.homeless),
    }


def _list(forms: tuple[Form, ...]) -> str:
    rows = [("form", "record", "labels", "with a place", "authority")]
    rows += [
        (form.key, form.record, f"{len(form.labels)}", _placed(form), form.authority)
        for form in forms
    ]
    labels = sum(len(form.labels) for form in forms)
    homeless = sum(len(form.homeless) for form in forms)
    total = f"{len(forms)} forms, {labels:,} labels, {labels - homeless:,} with a place."
    return f"{table(rows)}\n\n{total}"


def _placed(form: Form) -> str:
    return f"{len(form.labels) - len(form.homeless)}"


def _page(form: Form) -> str:
    dated = f", {form.dated}" if form.dated else ""
    rows = [
        (
            field.section,
            field.label,
            f"{field.record} {field.place}" if field.place else "no place",
            f"({field.note})" if field.note else "",
        )
        for field in form.fields
    ]
    head = f"{form.authority}{dated}\nSeen: {form.evidence}\n"
    counts = f"{len(form.labels)} labels, {_placed(form)} with a place."
    return f"{click.style(form.key, bold=True)}\n{head}\n{table(rows)}\n\n{counts}"
