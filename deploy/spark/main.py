"""What `spark-submit` starts: the command line of Privity, and nothing of its own."""

from privity.interfaces.cli import main

if __name__ == "__main__":
    main()
