"""Proposes a mapping for an unknown table. Values are looked at and never told."""

from eh_interop.formats.partners.draft.drafting import Draft, draft_mapping

__all__ = ["Draft", "draft_mapping"]
