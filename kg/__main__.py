"""`python -m kg`"""

from kg.cli import main

if __name__ == "__main__":  # a worker of a build imports this module as well
    main()
