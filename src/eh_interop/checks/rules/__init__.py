"""Rules: what has to agree. One module for each family; a new rule there is found by itself."""
