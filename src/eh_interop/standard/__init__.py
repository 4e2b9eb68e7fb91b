"""The standard, read: schemas, typed parts, code lists, requirements, areas and guidance."""
