"""What can go wrong, each with what to do about it.

KGError                   exit code 1: the user can mend it
├── InputError            a document or folder can't be read
├── KnowledgeError        a rule, lexicon or ontology file has faults (all of them, with file and line)
├── ModelError            a tagger can't be opened
├── StoreError            a store of facts can't be used
└── GraphError            a graph file can't be read, or a name isn't in it

Wrong usage (exit code 2) is click's own business.
"""


class KGError(Exception):
    """A fault that the user can mend; the message names the file and the remedy."""


class InputError(KGError):
    """A document or folder can't be read."""


class KnowledgeError(KGError):
    """Files under kg/data or a user's rule directory have faults.

    `faults` holds one line each, of the form `file:line: what is wrong`.
    """

    def __init__(self, faults: list[str]):
        self.faults = faults
        super().__init__("\n".join(faults))


class ModelError(KGError):
    """A tagger can't be opened; the message says how to get it."""


class GraphError(KGError):
    """A graph file can't be read, or it doesn't hold what was asked for."""


class StoreError(KGError):
    """A store of facts can't be used, or is damaged."""
