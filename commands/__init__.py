"""What people can ask: one file for each command. They import bot's vocabulary, never a platform."""
