"""What is indexed of a message's text for searching: its words, as searching compares them, parted by spaces."""

from bot.readings.text import tokens

_LONGEST = 40  # characters; a longer piece is hardly ever seen again
_MOST = 40_000  # pieces; some 6 MiB
_AROUND = ".,;:!?()\"'"


class _Pieces(dict[str, str]):
    """The words of what stands between white space, which comes again and again. Only the writer's thread asks."""

    def __missing__(self, piece: str) -> str:
        words = _plain(piece) or " ".join(token.word for token in tokens(piece))
        if len(piece) <= _LONGEST:
            if len(self) >= _MOST:
                self.clear()
            self[piece] = piece if words == piece else words
        return words


def _plain(piece: str) -> str:
    """The one word of a piece that is nothing but a word of English letters with marks around it; else empty."""
    word = piece.strip(_AROUND)
    return word.lower() if word.isascii() and word.isalpha() and (word.islower() or word[1:].islower()) else ""


PIECES = _Pieces()


def searchable(text: str) -> str:
    """The words of a text as they are indexed: repaired, folded, Chinese and Japanese in pairs of characters.

    The same as all of `tokens(text)`: no word reaches over white space, nor depends on what stands beyond it.
    """
    return " ".join(filter(None, map(PIECES.__getitem__, text.split())))
