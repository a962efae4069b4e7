"""Pictures to learn what is no digit from, made by one command: ``python -m tests.pictures --help``."""
