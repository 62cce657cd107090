"""`python -m kg`"""

from kg.cli import run

if __name__ == "__main__":  # a worker of a build imports this module as well
    run()
