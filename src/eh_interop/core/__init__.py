"""What every room may use: errors, findings, places, identifiers, and where the data is.

Nothing else belongs here: errors, findings, pointer, identifiers, resources, suggestions, lenient,
atomic, parallel.
"""
