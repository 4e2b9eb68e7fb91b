"""Statutory returns and shared tables, written exactly and read leniently.

What each return holds stands in ``mappings/returns``. ``annex-a`` is lists 1 to 3
of Ofsted's Annex A, ``ssd`` tables of the Standard Safeguarding Dataset, and
``cin`` a fragment of the children in need census.
"""

from eh_interop.formats.returns.reader import read
from eh_interop.formats.returns.row_collector import RecordFinding
from eh_interop.formats.returns.spec import ReturnLoss, ReturnSpec, load_return, return_names
from eh_interop.formats.returns.writer import ReturnOptions, WrittenReturn, write_return

__all__ = [
    "RecordFinding",
    "ReturnLoss",
    "ReturnOptions",
    "ReturnSpec",
    "WrittenReturn",
    "load_return",
    "read",
    "return_names",
    "write_return",
]
