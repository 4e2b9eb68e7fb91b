"""Records of a partner's file apart from what is found of the file as a whole."""


def read_all(file):
    """Return the records of a file, and the findings about it: they come last, in one."""
    records = list(file)
    if records and not records[-1].is_record:
        return records[:-1], records[-1].findings
    return records, ()
