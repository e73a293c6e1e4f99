"""The short ways through wikitext say what the parser says."""

from typing import Any

import mwparserfromhell
from hypothesis import assume, given
from hypothesis import strategies as st

from movie_db.crawling_module.sources.wikitext import infobox, rendering

WORDS = st.sampled_from(
    ["Joel Coen", "1999", "Río & Sons", "US", "a.k.a. ''Heat''", "–", ",", "=", "#", ":", "1=x", "{", "]"]
)
LINKS = st.sampled_from(
    ["[[Joel Coen]]", "[[A|B]]", "[[A (film)|A]]", "[[File:x.png|thumb]]", "[[a=b|c=d]]", "[[A]", "[http://x y]"]
)


def templates(inner: Any) -> Any:
    names = st.sampled_from(
        ["plainlist", "ubl", "Film date", "nowrap", "US$", "lang", "ill", "!", "unknown", "duration"]
    )
    values = st.lists(inner | st.builds("{}={}".format, st.sampled_from(["1", "lt", "h", "df"]), inner), max_size=4)
    return st.builds(lambda name, reply: "{{" + "|".join([name, *reply]) + "}}", names, values)


PIECES = st.recursive(
    WORDS | LINKS | st.sampled_from(["\n* ", "<br>", "<br />", "&nbsp;", "<small>x</small>"]),
    lambda inner: (
        st.lists(inner, max_size=4).map(" ".join) | st.lists(inner, max_size=4).map("".join) | templates(inner)
    ),
    max_leaves=12,
)


@given(PIECES)
def test_a_simple_piece_is_rendered_as_the_parser_does(piece: Any) -> None:
    short = rendering.render_without_parser(piece)
    if short is not None:
        assert short == rendering.render_parsed(rendering.parse(piece))


@given(st.lists(st.tuples(st.sampled_from(["name", "director", "Release date", "1", ""]), PIECES), max_size=4))
def test_a_simple_box_has_the_values_that_the_parser_finds(reply: Any) -> None:
    box = "{{Infobox film" + "".join(f"\n| {name} = {value}" for name, value in reply) + "\n}}"
    short = infobox.values_without_parser(box)
    if short is not None:
        found = mwparserfromhell.parse(box, skip_style_tags=True).filter_templates(recursive=False)
        assume(len(found) == 1)  # the parser takes some nested ones for text
        parsed = infobox.values_by_parser(box)
        assert parsed is not None
        assert short == {name: str(value) for name, value in parsed.items()}


def test_the_usual_pieces_need_no_parser() -> None:
    for piece in (
        "{{Plainlist|\n* [[A|B]]\n* C\n}}",
        "{{Film date|1999|3|31|[[Paris]]|df=y}}",
        "A<br>B",
        "{{US$|63 million}}",
    ):
        assert rendering.render_without_parser(piece) is not None
