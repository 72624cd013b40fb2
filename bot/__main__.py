"""`python -m bot` is `readalong`."""

from bot.cli import main

main()
