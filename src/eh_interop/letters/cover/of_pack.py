"""A cover page for a pack: who sends what to whom, and what is in it and missing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from eh_interop.core.findings import Severity
from eh_interop.letters.cover.contents import Cover, Gap, cover_of
from eh_interop.packs import Pack, check_pack
from eh_interop.standard.areas import Area
from eh_interop.standard.schemas import load_standard


def cover_of_pack(pack: Pack, *, as_of: date, area: Area | None = None) -> Cover:
    """Put the cover of a pack together. Its main record comes first.

    Args:
        pack: a pack that was found whole.
        as_of: the day of the page.
        area: whose guidance to use; by default the one that each record names.
    """
    contents, said = pack.contents, pack.description
    main = contents.main.document if contents.main else {}
    others = [record.document for record in contents.records if record.document is not main]
    judged = check_pack(pack, area=area, as_of=as_of)
    in_pack = tuple(
        Gap(
            "Pack",
            "What travels together",
            finding.ask or finding.message,
            finding.severity is Severity.ERROR,
        )
        for finding in judged.findings
        if finding.severity is not Severity.INFO
    )
    cover = cover_of(
        [dict(main), *map(dict, others)] if main else [dict(other) for other in others],
        as_of=as_of,
        area=area,
        sender=_party(said.get("sender", {})),
        recipient=_party(said.get("recipient", {})),
        purpose="; ".join(_titles("consent-purpose", said.get("purposes", ()))),
        lawful_basis="; ".join(_titles("lawful-basis", [said.get("lawfulBasis", "")])),
        for_family="person" in said.get("recipient", {}),
    )
    return cover.with_gaps(in_pack)


def _party(party: Mapping[str, Any]) -> str:
    organisation = party.get("organisation", {})
    names = (organisation.get("name", ""), organisation.get("service", ""))
    return ", ".join(name for name in names if name) or str(party.get("name", ""))


def _titles(code_list: str, codes: Any) -> list[str]:
    known = {code.code: code.title for code in load_standard().codes(code_list)}
    return [known[code] for code in codes if code in known]
