"""PDF files: forms with fields to fill in, and forms that were printed to a file.

Fields are read by pypdf; printed text, with its positions and ruling lines, by pdfplumber. Both are
in the extra ``forms``. A scan is said to be one: nothing is guessed from a picture.
"""

from eh_interop.formats.pdf.reader import read

__all__ = ["read"]
