"""What formats share: mapping files, code maps, converters, and the guard against CSV injection."""
