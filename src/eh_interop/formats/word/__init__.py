"""Word documents: filled-in forms in .docx, read with what people tick, choose and strike out.

The reader is our own, on lxml: python-docx does not see content controls at all, and docling and
mammoth lose the tags, the check boxes or what was typed into fields.
"""

from eh_interop.formats.word.reader import read

__all__ = ["read"]
