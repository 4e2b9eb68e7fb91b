"""Sources, the one way in: any file, folder, stream or pack becomes source records.

Everything that takes a record asks here, so everything that takes a record takes anything that can
become one. What a file is, is decided by its content.
"""
