"""Reading: from a file to records, what was wrong with it, and where things stood in it."""

from eh_interop.reading.faults import Fault
from eh_interop.reading.json_positions import locate, locate_keys
from eh_interop.reading.json_records import MAX_RECORD_BYTES, read_record
from eh_interop.reading.json_streams import read_path, read_stream
from eh_interop.reading.source_record import SourceRecord

__all__ = [
    "MAX_RECORD_BYTES",
    "Fault",
    "SourceRecord",
    "locate",
    "locate_keys",
    "read_path",
    "read_record",
    "read_stream",
]
