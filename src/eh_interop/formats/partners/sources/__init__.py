"""The kinds of file: CSV, workbooks, XML and JSON. Each is bounded on hostile input."""
