"""What a person decides about a graph, as data: asked for by `kg review`, replayed by every later build.

    review      the doubtful merges, open names and weak edges of a graph, as a table to fill in
    decisions   the filled table, read and checked
    refs        how a table names nodes and places in a text so that a later build finds them again
    apply       the decisions at work: on the entities and relations of single documents, before these are joined
"""
