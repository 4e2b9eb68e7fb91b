"""What each kind of relationship means for a drawing."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

PARENTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "parent": "birth",
        "mother": "birth",
        "father": "birth",
        "adoptive-parent": "adoptive",
        "foster-carer": "foster",
        "private-foster-carer": "foster",
        "guardian": "guardian",
        "special-guardian": "guardian",
    }
)
"""Person A is drawn above person B with a line between them; the kind decides the line."""

CHILDREN: Final[Mapping[str, str]] = MappingProxyType(
    {"child": "birth", "adopted-child": "adoptive", "foster-child": "foster"}
)
"""The same, said from the child's side."""

COUPLES: Final = frozenset({"partner", "spouse", "former-partner"})
"""Person A and person B are joined by a line."""

WHOLE_SIBLINGS: Final = frozenset({"sibling", "twin"})
"""Person A and person B have the same two parents."""

GENERATIONS: Final[Mapping[str, int]] = MappingProxyType(
    {
        **dict.fromkeys(PARENTS, -1),
        **dict.fromkeys(CHILDREN, 1),
        **dict.fromkeys([*sorted(COUPLES), *sorted(WHOLE_SIBLINGS), "half-sibling"], 0),
        **dict.fromkeys(["step-sibling", "adoptive-sibling", "foster-sibling", "cousin"], 0),
        **dict.fromkeys(["step-parent", "parents-partner", "aunt-or-uncle", "carer"], -1),
        **dict.fromkeys(["step-child", "niece-or-nephew"], 1),
        "grandparent": -2,
        "grandchild": 2,
        "great-grandparent": -3,
    }
)
"""How many generations person A stands below person B; kinds that do not tell are not here."""

STRONG: Final = frozenset({*PARENTS, *CHILDREN, *COUPLES, *WHOLE_SIBLINGS, "half-sibling"})
"""Kinds that decide a generation before the others are asked."""
