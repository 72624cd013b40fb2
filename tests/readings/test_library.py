from pathlib import Path

import pytest

from bot.errors import BotError, Mistakes
from bot.readings.library import Library, attach
from tests.readings import packs
from tests.readings.packs import QUOTES, SOURCE, about, write_pack

OLD = b"an earlier copy"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A reading with an earlier copy of the text attached."""
    return write_pack(tmp_path / "content", source=OLD)


def copy(tmp_path: Path, data: bytes | str) -> Path:
    file = tmp_path / "copy.txt"
    file.write_bytes(data.encode() if isinstance(data, str) else data)
    return file


def held(folder: Path) -> bytes:
    return (folder / "source.txt").read_bytes()


def test_a_bad_reading_does_not_stop_the_good_ones(tmp_path: Path) -> None:
    write_pack(tmp_path, "good")
    write_pack(tmp_path, "bad", summary="no headings")
    write_pack(tmp_path, ".hidden")
    (tmp_path / "notes").mkdir()
    (tmp_path / "README.md").write_text("not a reading")

    library = Library.load(tmp_path)

    assert list(library.readings) == ["good"]
    assert list(library.mistakes) == ["bad"]
    assert library.mistakes["bad"][0].file == tmp_path / "bad" / "summary.md"


def test_a_missing_folder_of_readings_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(Mistakes, match="can't be read"):
        Library.load(tmp_path / "nowhere")


@pytest.mark.parametrize(
    "name", ["harbour", "HARBOUR", " fog  for sale", "Fog-for-Sale", "the town that tried to sell its fog"]
)
def test_a_reading_is_found_by_any_of_its_names(tmp_path: Path, name: str) -> None:
    write_pack(tmp_path)

    found = Library.load(tmp_path).find(name)

    assert found is not None
    assert found.slug == "harbour"


def test_a_slug_wins_over_a_title_and_nothing_is_found_by_nothing(tmp_path: Path) -> None:
    write_pack(tmp_path, "a", reading=about().replace("Fog for sale", "b"))
    write_pack(tmp_path, "b")
    library = Library.load(tmp_path)

    assert library.find("B") is library.get("b")
    assert library.get("B") is library.find("c") is library.find(" - ") is None


def test_a_reading_whose_copy_lacks_a_passage_stays_in_use_and_is_reported(tmp_path: Path) -> None:
    write_pack(tmp_path, source=SOURCE.replace("Nobody ever", "No one ever"))

    library = Library.load(tmp_path)

    assert [quotation.span is None for quotation in library.readings["harbour"].quotations] == [True, False]
    assert [mistake.file.name for mistake in library.mistakes["harbour"]] == ["source.txt"]


def test_a_reading_that_misquotes_the_copy_it_was_written_from_is_left_out(tmp_path: Path) -> None:
    write_pack(tmp_path, quotes=QUOTES.replace("Nobody", "Somebody"))

    library = Library.load(tmp_path)

    assert not library.readings
    assert [mistake.file.name for mistake in library.mistakes["harbour"]] == ["quotes.toml"]


def test_the_same_copy_is_attached_byte_for_byte_for_its_owner_alone(tmp_path: Path, folder: Path) -> None:
    report = attach(folder, copy(tmp_path, SOURCE))

    assert held(folder) == SOURCE.encode()
    assert (folder / "source.txt").stat().st_mode & 0o777 == 0o600
    assert report.words == "The same copy, byte for byte: 6 of 6 passages, 2 of 2 quotations."
    assert not list(folder.glob(".source-*"))


@pytest.mark.parametrize("data", [SOURCE.replace("\n", "\r\n").encode(), b"\xef\xbb\xbf" + SOURCE.encode()])
def test_another_copy_keeps_its_bytes(tmp_path: Path, folder: Path, data: bytes) -> None:
    report = attach(folder, copy(tmp_path, data))

    assert held(folder) == data
    assert report.words == "Another copy of the text: 6 of 6 passages, 2 of 2 quotations."
    assert Library.load(folder.parent).mistakes == {}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_a_copy_in_an_older_encoding_becomes_utf_8(tmp_path: Path, folder: Path, encoding: str) -> None:
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")

    report = attach(folder, copy(tmp_path, mark + SOURCE.encode(encoding)))

    assert held(folder) == SOURCE.encode()
    assert report.same_copy


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"%PDF-1.7\nsome words", "is not a plain text"),
        (b"PK\x03\x04\x14\x00\x00", "is not a plain text"),
        (SOURCE.encode("utf-16-le"), "is not a plain text"),
        (SOURCE.encode("utf-32"), "is not a plain text"),
        (b"\xff\xfea", "is not a plain text"),
        (b"caf\x81", "is not a plain text"),
        (b" \r\n", "is empty"),
        (b"", "is empty"),
        (b"a" * 5_000_001, "larger than 5 MB"),
    ],
)
def test_what_is_no_text_is_refused_even_when_wanted_anyway(
    tmp_path: Path, folder: Path, data: bytes, words: str
) -> None:
    with pytest.raises(BotError, match=words):
        attach(folder, copy(tmp_path, data), anyway=True)

    assert held(folder) == OLD


def test_a_missing_file_is_refused(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(BotError, match=r"“none.txt” can't be attached: this file is missing\."):
        attach(folder, tmp_path / "none.txt")


def test_a_copy_that_lacks_something_is_refused_and_what_it_lacks_is_named(tmp_path: Path, folder: Path) -> None:
    text = SOURCE.replace("The fishermen were not amused.", "").replace("bright days", "dull days")

    with pytest.raises(BotError, match="lacks ¶3, ¶4 of The Town") as raised:
        attach(folder, copy(tmp_path, text))

    assert "--anyway" in raised.value.words
    assert held(folder) == OLD


def test_a_copy_that_lacks_something_is_attached_anyway_when_wanted(tmp_path: Path, folder: Path) -> None:
    report = attach(folder, copy(tmp_path, SOURCE.replace("bright days", "dull days")), anyway=True)

    assert report.lacking == ("¶4",)
    assert report.words == "Another copy of the text: 5 of 6 passages, 1 of 2 quotations. It lacks ¶4."
    assert b"dull days" in held(folder)
    assert "harbour" in Library.load(folder.parent).readings


def test_a_quotation_that_the_copy_prints_otherwise_is_named(tmp_path: Path) -> None:
    folder = write_pack(tmp_path, quotes=QUOTES.replace("ever drowned", "everdrowned"), source=None)

    with pytest.raises(BotError, match="lacks the quotation of ¶2"):
        attach(folder, copy(tmp_path, SOURCE))

    assert not (folder / "source.txt").exists()


def test_a_copy_for_a_reading_with_mistakes_is_not_looked_at(tmp_path: Path) -> None:
    folder = write_pack(tmp_path, questions="Why? {the-plan}", source=None)

    with pytest.raises(Mistakes):
        attach(folder, copy(tmp_path, SOURCE))


def test_a_reading_without_fingerprints_takes_no_copy(tmp_path: Path) -> None:
    folder = write_pack(tmp_path, reading=packs.ABOUT, source=None)

    with pytest.raises(BotError, match=r"no `\[source\]`"):
        attach(folder, copy(tmp_path, SOURCE))


def test_a_copy_that_can_not_be_put_in_place_leaves_nothing_behind(tmp_path: Path, folder: Path) -> None:
    (folder / "source.txt").unlink()
    (folder / "source.txt").mkdir()

    with pytest.raises(BotError, match="can't be written"):
        attach(folder, copy(tmp_path, SOURCE))

    assert not list(folder.glob(".*"))
