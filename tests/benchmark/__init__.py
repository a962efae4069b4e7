"""The figures in the README, measured by one command: ``python -m tests.benchmark --help``."""
