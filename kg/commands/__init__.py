"""The commands of `kg`, by what they are about.

Each gathers its options, calls the library and prints what comes back; heavy modules are imported inside the
commands that need them, so that `kg --help` is instant.
"""
