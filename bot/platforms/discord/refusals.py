"""What only the operator can mend, in a sentence each: a wrong token, intents that are off, a server that wants more.

Close codes: https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes
"""

import discord

PORTAL = "https://discord.com/developers/applications"
TOKEN = (
    f"Discord refuses the token. Copy a new one from {PORTAL} (Bot, Reset Token) to DISCORD_TOKEN or `[discord] token`."
)
INTENTS = (
    f"Discord refuses an intent that this bot asks for. Switch it on at {PORTAL} (Bot, Privileged Gateway Intents: "
    "{which}), then start again."
)
CODES = {
    4004: TOKEN,
    4010: "Discord refuses the shard that this bot asks for. Run one copy of it without sharding.",
    4011: "The bot is in more servers than one connection may serve (2,500). Remove it from some; it does not shard.",
    4012: "Discord no longer serves this version of its API. Upgrade discord.py, and Readalong with it.",
    4013: "Discord does not know an intent that this bot asks for. Upgrade discord.py, and Readalong with it.",
}
PRIVILEGED = {"presences": "Presence", "members": "Server Members", "message_content": "Message Content"}


def refusal_of(error: discord.DiscordException, intents: discord.Intents) -> str:
    """The sentence for an error that trying again does not mend; empty for any other."""
    match error:
        case discord.LoginFailure():
            return TOKEN
        case discord.PrivilegedIntentsRequired():
            return refused_intents(privileged(intents))
        case discord.ConnectionClosed(code=4014):
            return refused_intents(privileged(intents))
        case discord.ConnectionClosed(code=code):
            return CODES.get(code, "")
        case _:
            return ""


def privileged(intents: discord.Intents) -> list[str]:
    """The privileged intents among these, by discord.py's names."""
    return [flag for flag in PRIVILEGED if getattr(intents, flag)]


def refused_intents(flags: list[str]) -> str:
    """The sentence for privileged intents that are asked for and not switched on."""
    return INTENTS.format(which=", ".join(PRIVILEGED[flag] for flag in flags) or "all that it lists")
