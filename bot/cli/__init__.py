"""The ``desk`` command: ``desk.py`` is its table of contents, with a module for each group of commands."""
