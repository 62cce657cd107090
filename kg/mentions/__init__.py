"""Names in a sentence: what the tagger gives, mended and completed by small grammars.

Each module finds one kind; all of them take a `Reading` and yield candidates that may overlap. kg.tag decides.
"""
