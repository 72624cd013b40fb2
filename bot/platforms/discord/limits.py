"""Measuring text as Discord's clients do: in UTF-16 units, where an emoji counts two or more.

The documentation says characters; counting units is never too little.
"""


def units(text: str) -> int:
    """How long Discord may take this text to be."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def clip_units(text: str, longest: int) -> str:
    """The text, cut to so many units with an ellipsis where it is longer; no character is cut in two."""
    if units(text) <= longest:
        return text
    kept = text.encode("utf-16-le", "surrogatepass")[: 2 * (longest - 1)].decode("utf-16-le", "ignore")
    return kept.rstrip() + "…"
