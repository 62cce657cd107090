"""What kg knows before it reads: the ontology, the word lists, the administrative table, all of it from kg/data."""
