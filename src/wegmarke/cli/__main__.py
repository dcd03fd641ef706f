"""`python -m wegmarke.cli` is the command `wegmarke`, where the command itself is not on the path."""

from wegmarke.cli.main import main

if __name__ == "__main__":
    main()
