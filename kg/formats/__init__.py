"""Formats of the graph beside graph.json and GraphML, one a module; kg.export knows them by suffix."""
