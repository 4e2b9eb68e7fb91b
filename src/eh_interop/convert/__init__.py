"""Converting: a record of the standard as something else, and something else as a record.

``convert`` knows formats, ``mappings/`` knows fields. Nothing is lost in silence:
every conversion says what it left out, and where.
"""
