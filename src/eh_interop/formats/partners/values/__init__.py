"""From what stands in a cell to what stands in a record: text, dates, codes, numbers."""
