"""A person's own policy: what it changes, and how a bad one is told."""

import pytest

from movie_db.contract.errors import UsageError
from movie_db.contract.messages import MovieFacts, SourceRecord
from movie_db.stitching.fuse import fuse
from movie_db.stitching.policy import POLICY
from movie_db.stitching.policy_toml import FITTING, parse


def test_only_what_it_names_changes() -> None:
    policy = parse('[title]\nrule = "longest"\n[plot]\norder = ["justwatch", "wikipedia"]\n')
    assert policy["title"] == ("longest", POLICY["title"].order)
    assert policy["plot"] == ("first", ("justwatch", "wikipedia"))
    assert {f: s for f, s in policy.items() if f not in {"title", "plot"}} == {
        f: s for f, s in POLICY.items() if f not in {"title", "plot"}
    }


def test_every_rule_of_the_policy_fits_its_field() -> None:
    assert [field for field, survivorship in POLICY.items() if survivorship.rule not in FITTING[field]] == []


@pytest.mark.parametrize("field", POLICY)
def test_every_fitting_rule_can_be_used(field: str, a_film: list[SourceRecord]) -> None:
    for rule in FITTING[field]:
        golden = fuse(a_film, policy=parse(f'[{field}]\nrule = "{rule}"'))
        if field != "offers":
            assert golden.values[field]


def test_a_source_of_ones_own_making_may_be_named() -> None:
    assert parse('[title]\norder = ["my_club"]')["title"].order == ("my_club",)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[title", "it is not TOML"),
        ('[titel]\nrule = "first"', "there is no field 'titel': the fields are title, original_title"),
        ('[year]\nrule = "first"', "the year follows release_date"),
        ('title = "first"', '[title] takes rule = "…", order = ["…", …] or both'),
        ("[title]", '[title] takes rule = "…", order = ["…", …] or both'),
        ('[title]\nrule = "best"', "the rule of title can be first, agreed, newest, longest, not 'best'"),
        ('[title]\nrule = ["first"]', "the rule of title can be"),
        ('[cast]\nrule = "union"', "the rule of cast can be credits, all_credits"),
        ('[title]\norder = "tmdb"', "the order of title is a list of sources"),
        ('[title]\norder = ["wikpedia"]', "names 'wikpedia': is 'wikipedia' meant?"),
        ('[title]\nfirst = "tmdb"', "and nothing else"),
    ],
)
def test_a_bad_one_is_told_in_a_sentence_that_says_what_would_be_right(text: str, sentence: str) -> None:
    with pytest.raises(UsageError) as told:
        parse(text)
    assert sentence in str(told.value)


def test_the_fields_are_those_of_the_facts() -> None:
    assert set(FITTING) == set(MovieFacts.model_fields) - {"year"} | {"rating"}
