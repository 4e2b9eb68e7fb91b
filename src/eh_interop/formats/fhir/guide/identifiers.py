"""Systems of identifiers, as ``mappings/fhir-guide/identifiers.csv`` lists them."""

from __future__ import annotations

from dataclasses import dataclass

from eh_interop.core.resources import folder
from eh_interop.formats.fhir.guide.reading import rows
from eh_interop.standard.schemas import BASE


@dataclass(frozen=True, slots=True)
class IdentifierSystem:
    """A system of identifiers.

    Attributes:
        type: code of the list ``identifier-type``; empty if the record has another place for it.
        system: its URI.
        title: what people call it; empty if it is registered by somebody else.
        description: what it identifies.
        responsible: who gives the numbers out.
        local: a number means something only together with who gave it.
    """

    type: str
    system: str
    title: str
    description: str
    responsible: str
    local: bool

    @property
    def own(self) -> bool:
        """Nobody else has registered one, so that ours is published."""
        return self.system.startswith(BASE)


def load_identifiers() -> tuple[IdentifierSystem, ...]:
    """Read every system of identifiers, of our own and of others.

    Raises:
        StandardError: the file is missing or broken.
    """
    return tuple(
        IdentifierSystem(
            type=row["type"],
            system=row["system"] if ":" in row["system"] else f"{BASE}{row['system']}",
            title=row["title"],
            description=row["description"],
            responsible=row["responsible"],
            local=row["local"] == "yes",
        )
        for row in rows(folder("mappings") / "fhir-guide" / "identifiers.csv")
    )
