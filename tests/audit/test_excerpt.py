import pytest

from audit.excerpt import CHARS_AROUND, LINES_AROUND, LINES_WITHOUT_PLACE, excerpt
from executor.lexer import Source

C = b"int main(void)\n{\n\tsystem(0);\n}\n"


def marked(*args):
    return [(row.number, row.before, row.marked, row.after) for row in excerpt(*args).rows]


def test_the_refused_words_stand_apart_from_their_line():
    assert marked("main.c", C, 3, 2, 8) == [
        (1, "int main(void)", "", ""),
        (2, "{", "", ""),
        (3, "\t", "system", "(0);"),
        (4, "}", "", ""),
    ]


def test_a_line_without_a_column_is_marked_whole():
    assert marked("main.c", C, 3)[2] == (3, "", "\tsystem(0);", "")


def test_without_a_line_the_beginning_is_shown_and_nothing_is_marked():
    shown = excerpt("main.c", b"x;\n" * 1000)
    assert len(shown.rows) == LINES_WITHOUT_PLACE
    assert not any(row.marked for row in shown.rows)
    assert (shown.total, shown.is_whole) == (1000, False)


def test_only_the_neighbourhood_of_a_place_is_shown():
    shown = excerpt("main.c", b"x;\n" * 1000, 500, 1, 2)
    assert [row.number for row in shown.rows][::24] == [500 - LINES_AROUND, 500 + LINES_AROUND]


@pytest.mark.parametrize("place", [(99, 1, 2), (3, 900, 950), (3, 5, 2), (4, 2, 2)])
def test_a_place_that_the_file_does_not_have_breaks_nothing(place):
    assert excerpt("main.c", C, *place).total == 4


def test_an_endless_line_is_cut_on_both_sides_of_the_mark():
    (row,) = excerpt("main.c", b"a" * 100_000 + b"!" + b"b" * 100_000, 1, 100_001, 100_002).rows
    assert row.marked == "!"
    assert len(row.before) == len(row.after) == CHARS_AROUND + 1
    assert (row.before[:2], row.after[-2:]) == ("…a", "b…")


def test_what_cannot_be_seen_is_shown_as_an_escape():
    (row,) = excerpt("main.c", "a\u202eb\x1b[2J".encode(), 1, 2, 3).rows
    assert (row.before, row.marked, row.after) == ("a", "\\u202e", "b\\x1b[2J")


@pytest.mark.parametrize(
    "source",
    [
        b"\xef\xbb\xbfint a;\r\nint b; system",
        b"a\rb\r\n\nsystem",
        "ünï; system".encode(),
        b"\xff\xfe; system",
        b"/* \f \v \x85 */ system",
        "/* \u2028 */\nsystem".encode(),
    ],
)
def test_the_place_that_the_validator_gives_is_the_one_that_is_marked(source):
    read = Source(source)
    place = read.place(read.words.index("system"))
    shown = excerpt("main.c", source, place.line, place.column, place.end_column)
    assert [row.marked for row in shown.rows if row.marked] == ["system"]


def test_an_empty_file_is_one_empty_line():
    assert marked("main.c", b"") == [(1, "", "", "")]
