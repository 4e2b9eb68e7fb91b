"""What several formats share: mapping files, code maps, converters, and the CSV injection guard."""
