"""Filled-in forms: from what stands on a form, however it came, to a record of the standard.

A reader of Word, PDF or mail gives a neutral :class:`~.document.FormDocument`: headings, lines and
tables, with what was ticked, struck out or left as it was printed. Here its labels are brought to
the fields of the standard, and every value keeps where it stood and how sure the reading is.
"""
