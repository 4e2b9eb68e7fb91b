"""FHIR JSON (as a plain dict) to FHIR XML and back, without loss.

What comes back is equal to what was written, or writing is refused; see
:func:`to_xml`. The spelling of dates, times and texts is kept, and that of a
narrative to the last blank. Numbers are exact as Python holds them: a whole number
stays whole, and a decimal is written as the shortest text that gives the same
``float``. A JSON number has no other spelling in a dict, so ``72.50`` that came in as
JSON goes out as ``72.5``; a ``decimal.Decimal`` goes out as it is spelt. In XML that
comes in, ``72.50`` becomes 72.5; where the value itself changes, the reader says so.
Comments and processing instructions of XML say nothing in FHIR and are not kept.
"""

from eh_interop.formats.fhir.files.xml_reading import XML_SCHEMA, Converted, from_tree, locate
from eh_interop.formats.fhir.files.xml_tree import Node, RefusedXmlError, parse
from eh_interop.formats.fhir.files.xml_writing import to_xml

__all__ = [
    "XML_SCHEMA",
    "Converted",
    "Node",
    "RefusedXmlError",
    "from_tree",
    "locate",
    "parse",
    "to_xml",
]
