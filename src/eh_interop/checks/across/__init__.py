"""Rules across records: what has to agree between the records of one child.

A call may hold many records, so none of them is kept. Each leaves a small
summary (:mod:`eh_interop.checks.across.summary`); the summaries of one child are
brought together at the end, and the rules of the families here look at them. A
new rule in a family is found by itself, as a rule of one record is.
"""
