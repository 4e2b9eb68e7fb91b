"""The cover page of records that travel together: who, what, why, and what to mind.

It works on records and on lists of papers and gaps, so that it does not matter
whether they come from files or from a pack.
"""

from eh_interop.letters.cover.contents import Cover, Gap, Paper, cover_of, gaps_of, papers_of
from eh_interop.letters.cover.page import cover_page

__all__ = ["Cover", "Gap", "Paper", "cover_of", "cover_page", "gaps_of", "papers_of"]
