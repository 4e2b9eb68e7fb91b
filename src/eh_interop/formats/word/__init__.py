"""Word documents: filled-in forms in .docx, read with what people tick, choose and strike out.

The reader is our own, on lxml: python-docx does not see content controls at all, and docling and
mammoth lose the tags, the check boxes or what was typed into fields.
"""

from eh_interop.formats.word.reader import read
from eh_interop.formats.word.writer import to_word

__all__ = ["read", "to_word"]
