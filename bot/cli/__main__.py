"""``python -m bot.cli``: the ``desk`` command where nothing is installed."""

from bot.cli.desk import main

main()
