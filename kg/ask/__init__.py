"""Questions to a graph: why something is in it, what lies around a node, what changed between two builds."""
