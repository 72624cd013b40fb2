"""A made-up archive of 20,000 messages of a study group, and 60 messages in it that somebody looks for.

The talk is put together from the words of the subject; the wanted messages are written by hand, each with what a member
would type to find it again. Some have a word of their own; others share all of theirs with dozens of messages, or are
told by who said it, where, or when. The same each time.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

from bot.archive.events import Author, Said
from bot.asker import Place

MESSAGES = 20_000
BEGAN = datetime(2025, 1, 6, 8, tzinfo=UTC)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
CHANNELS = {"10": "kurils", "11": "treaties", "12": "reading-room", "13": "off-topic"}
PEOPLE = [
    Author(f"U{number}", name)
    for number, name in enumerate(
        (
            "Mina Kato",
            "Jun",
            "Ami Suzuki",
            "Oleg",
            "Vera Morozova",
            "Tom",
            "Clara Weiss",
            "Idris",
            "Paulina",
            "Sam Ode",
        ),
        1,
    )
]
TITLES = (
    "Does 1956 still bind anyone?", "What did Portsmouth settle?", "Four islands or two", "Why compare with Germany?",
    "Oil, gas and the pipeline", "Abe in Sochi", "The passage on the G-7", "Residents and their graves",
    "What the U.S. should not obstruct", "Names on the map", "Fishing rights", "Yalta and San Francisco",
    "Sanctions after Crimea", "Is a two-track solution possible?", "The IISS report", "How do we read a hedge?",
)  # fmt: skip
SUBJECTS = (
    "the treaty", "Portsmouth", "the 1956 declaration", "Sakhalin", "the Habomai islets", "Shikotan", "Etorofu",
    "Kunashir", "Abe", "Putin", "Moscow", "Tokyo", "Washington", "the G-7", "Germany", "the pipeline", "the indemnity",
    "Yalta", "the San Francisco treaty", "Gorbachev", "the sanctions", "the fishermen", "the residents", "Hokkaido",
    "the summit in Sochi", "the map", "the report", "the peace treaty", "the four islands", "passage 3", "passage 7",
    "the author", "the Soviet side",
)  # fmt: skip
CLAIMS = (
    "says less than we think about {}", "is only half of the story; {} is the other", "would mean nothing without {}",
    "was settled long before {}", "still depends on {}", "cannot be read apart from {}", "was a way around {}",
    "looks different once you know {}", "is what {} was about", "came up again because of {}",
)  # fmt: skip
OPENINGS = (
    "I think", "As far as I can see,", "Am I wrong that", "The article suggests that", "My reading is that",
    "Honestly,", "Somebody said last week that", "It says somewhere that", "Let me try:", "For what it is worth,",
)  # fmt: skip
TAILS = (
    "", "", " What do you make of that?", " Which passage is that?", " Source?", " I may be misreading it.",
    " We should come back to it.", " That is my question for Tuesday.", " Not sure, though.",
)  # fmt: skip

# What was said, and what somebody types who remembers it
WANTED = (
    ("A peace treaty with Moscow is for Tokyo to refuse.", "peace treaty moscow tokyo"),
    ("Putin gave Abe nothing on the four islands.", "putin abe four islands"),
    ("Germany has the pipeline and keeps the sanctions.", "germany pipeline sanctions"),
    ("Shikotan and the Habomai islets are what the 1956 declaration is about.", "shikotan habomai 1956 declaration"),
    ("Sakhalin for the indemnity, that was Portsmouth.", "sakhalin indemnity portsmouth"),
    ("The San Francisco treaty says less than Yalta.", '"san francisco treaty" yalta'),
    ("Etorofu, Kunashir: the map has both names.", "etorofu kunashir map names"),
    ("The fishermen of Hokkaido know the residents by name.", "fishermen hokkaido residents"),
    ("Gorbachev came to Tokyo with the map in his hand.", "gorbachev tokyo map"),
    ("Passage 7 is about Washington, passage 3 is not.", "passage washington from:{who}"),
    ("The report and the author disagree on the G-7.", "report author from:{who} in:{where}"),
    ("What Moscow said in Sochi about the summit.", "moscow sochi summit after:{day} before:{next}"),
    ("The Soviet side kept the islands off the map.", "soviet map after:{day} before:{next} -yalta"),
    ("The residents were told of the peace treaty by radio.", "residents peace treaty in:{where}"),
    ("Abe read the 1956 declaration to the fishermen.", "abe declaration fishermen from:{who}"),
    ("Portsmouth gave Japan Sakhalin up to the fiftieth parallel, but no indemnity.", "fiftieth parallel"),
    ("The crowd in Hibiya park rioted because there was no indemnity.", "hibiya riot"),
    ("Roosevelt never set foot in Portsmouth while they negotiated.", "roosevelt portsmouth"),
    ("He got the Nobel peace prize for it, the first American to.", "nobel prize"),
    ("Kittery is in Maine, so the treaty was not even signed in New Hampshire.", "kittery maine"),
    ("Shimoda in 1855 drew the line between Etorofu and Urup.", "shimoda urup"),
    ("In 1875 they swapped: all the Kurils for all of Sakhalin.", "swapped 1875"),
    ("The Joint Declaration of 1956 promises two, after a peace treaty, not before.", "joint declaration promises"),
    ("Khrushchev took it back in 1960 because of the bases.", "khrushchev bases"),
    ("Dulles threatened to keep Okinawa if Tokyo settled for two.", "dulles okinawa"),
    ("San Francisco made Japan renounce the Kurils without saying to whom.", "renounce"),
    ("The Soviet delegation walked out and never signed at San Francisco.", "soviet delegation walked out"),
    ("Stalin asked for the Kurils at Yalta and got a yes in secret.", "stalin yalta secret"),
    ("Eight thousand people were on the southern islands when the landing came in September.", "landing september"),
    ("My grandmother left Shikotan in 1947 with one suitcase.", "grandmother suitcase"),
    ("Visa-free visits to the graves began in 1992.", "visa-free graves"),
    ("Rhenium from the Kudriavy volcano is the one mineral people forget.", "rhenium volcano"),
    ("The eight-point plan of May 2016 is economic from top to bottom.", "eight-point plan"),
    ("He called it a new approach, in Sochi, without saying what is new.", '"new approach"'),
    ("Nagato was the hot spring where they met in December.", "nagato hot spring"),
    ("The hedge in ¶7 is the word perhaps, and everything hangs on it.", "hedge perhaps"),
    ("Palmerston is where permanent interests come from, not Churchill.", "palmerston"),
    ("Germany buys the gas and signs the sanctions: that is the comparison.", "buys gas signs sanctions"),
    ("The G-8 became the G-7 again in March 2014, at The Hague.", "hague g-7"),
    ("Crimea changed the price of every promise made before it.", "price of every promise"),
    ("北方領土の日 is on 7 February, the day of Shimoda.", "北方領土の日"),
    ("根室の人たちは返還を待っている。", "根室"),
    ("国後島と択捉島の名前の由来はアイヌ語です。", "アイヌ語"),
    ("Курильские острова называются так по айнам.", "айнам"),
    ("The word Kuril may come from kur, man, in Ainu.", "kur man ainu"),
    ("Nobody asked the Ainu in 1855, nor in 1875, nor since.", "nobody asked ainu"),
    ("Article 9 of the declaration is the sentence to read aloud.", '"article 9"'),
    ("The IISS report is the one of 2014, I found it in the notes.", "iiss 2014 notes"),
    ("The author never names a source for the rare earths.", "author rare earths source"),
    ("A two-track talk: economy first, islands later, never mixing them.", '"two-track talk"'),
    ("Kozyrev once offered in secret to talk about four.", "kozyrev offered"),
    ("Yeltsin and Hashimoto fished in Krasnoyarsk and set the year 2000 as the date.", "yeltsin hashimoto"),
    ("Medvedev on Kunashir in 2010 was the first visit of a president.", "medvedev kunashir visit"),
    ("Tokyo recalled its ambassador over that visit.", "recalled ambassador"),
    ("Lavrov says the results of the war must be recognised first.", "lavrov results"),
    ("The constitution of 2020 forbids giving away land, with one exception for demarcation.", "demarcation"),
    ("Talks were broken off in March 2022, and the graves closed again.", "broken off 2022"),
    ("https://example.org/map-of-1644 is the Shoho map I meant.", "shoho map has:link"),
    ("Clara's table of names: Etorofu is Iturup, Kunashiri is Kunashir.", "table of names"),
    ("I was wrong on Tuesday about the indemnity, Oleg was right.", "wrong tuesday indemnity"),
)  # fmt: skip


def talk() -> Iterator[tuple[Said, str]]:
    """Every message in the order of time, with what somebody types to find it; empty for those nobody looks for."""
    random = Random(1956)  # noqa: S311 - no secret: the same each time
    places = {random.randrange(MESSAGES): one for one in WANTED}
    while len(places) < len(WANTED):
        places |= {random.randrange(MESSAGES): one for one in WANTED if one not in places.values()}
    step = (NOW - BEGAN) / MESSAGES
    for number in range(MESSAGES):
        words, search = places.get(number, ("", ""))
        channel = random.choice(list(CHANNELS))
        thread = f"t{random.randrange(320)}" if random.random() < 0.8 else ""
        channel = str(10 + int(thread[1:]) % 4) if thread else channel
        place = Place("discord", "1", channel, thread)
        said = Said(place, f"m{number}", random.choice(PEOPLE), words or _said(random), BEGAN + step * number)
        yield said, search.format(**_told(said))


def _told(said: Said) -> dict[str, str]:
    """What somebody remembers of a message beside its words."""
    day = said.at.date()
    first_name = said.author.name.split()[0].casefold()
    next_day = (day + timedelta(days=1)).isoformat()
    return {"who": first_name, "where": CHANNELS[said.place.channel], "day": day.isoformat(), "next": next_day}


def title(thread: str) -> str:
    """What a thread is called."""
    number = int(thread[1:])
    return f"{TITLES[number % len(TITLES)]} ({number // len(TITLES) + 1})"


def _said(random: Random) -> str:
    sentences = []
    for _ in range(random.choice((1, 1, 2, 3))):
        one, other = random.sample(SUBJECTS, 2)
        sentences.append(f"{random.choice(OPENINGS)} {one} {random.choice(CLAIMS).format(other)}.")
    return " ".join(sentences) + random.choice(TAILS)
