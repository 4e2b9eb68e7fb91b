"""Protection: what protects a child or parent in a set of records, and what may be shown to whom.

Readers hand over neutral facts (:class:`~eh_interop.reading.source_record.Restriction`); this room
sees only those and the records. Every output asks it.
"""
