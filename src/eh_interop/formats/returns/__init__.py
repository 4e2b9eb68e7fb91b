"""Statutory returns and shared tables, written exactly and read leniently.

What each return holds stands in ``mappings/returns``. ``annex-a`` is lists 1 to 3
of Ofsted's Annex A, ``ssd`` tables of the Standard Safeguarding Dataset, and
``cin`` a fragment of the children in need census.
"""

from eh_interop.formats.returns.losses import Loss
from eh_interop.formats.returns.reading import Read, read_return
from eh_interop.formats.returns.remarks import Remark
from eh_interop.formats.returns.tables import Return, load_return, return_names
from eh_interop.formats.returns.writing import Options, Written, write_return

__all__ = [
    "Loss",
    "Options",
    "Read",
    "Remark",
    "Return",
    "Written",
    "load_return",
    "read_return",
    "return_names",
    "write_return",
]
