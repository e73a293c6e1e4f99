"""Values as people write them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from movie_db.contract.messages import Money, MovieFacts
from movie_db.stitching import values


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("$12 million", 12_000_000, "USD"),
        ("US$ 4,212,828", 4_212_828, "USD"),
        ("$14.5\xa0million[1]", 14_500_000, "USD"),
        ("₹25 crore", 250_000_000, "INR"),
        ("Rs. 5 lakh", 500_000, "INR"),
        ("12,34,567 INR", 1_234_567, "INR"),
        ("£960,000 [2] ($1.5 million)", 960_000, "GBP"),
        ("¥1.9 billion", 1_900_000_000, "JPY"),
        ("CAD$ 31 million ( USD$ 15 million [2] )", 31_000_000, "CAD"),
        ("12 million euros", 12_000_000, "EUR"),
        ("413 733$", 413_733, "USD"),
        ("$335.000", 335_000, "USD"),
        ("$1.250.000", 1_250_000, "USD"),
        ("$14 milion", 14_000_000, "USD"),
        ("$588", 588, "USD"),
        ("3.5 crore", 35_000_000, None),
        ("102,888,900", 102_888_900, None),
    ],
)
def test_money_is_read_in_every_form(text: Any, amount: Any, currency: Any) -> None:
    assert values.money(text) == Money(amount=amount, currency=currency)


@pytest.mark.parametrize(
    "text", ["$6–7 million", "$6 to $7 million", "$6 million – $7 million", "$6 [1] –7 [2] million"]
)
def test_the_lower_end_of_a_range_counts(text: str) -> None:
    assert values.money(text) == Money(amount=6_000_000, currency="USD")


@pytest.mark.parametrize(
    "text", ["", "Unknown", "N/A", "HBO", "2010", "926,423 admissions (France)", "$0", "$" + 30 * "9"]
)
def test_what_is_no_sum_is_none(text: Any) -> None:
    assert values.money(text) is None


def test_a_sum_with_a_currency_goes_before_one_without() -> None:
    assert values.money("25,000 tickets or 1,000,000 in all, $2 million") == Money(amount=2_000_000, currency="USD")


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("$30.3 million (US) [3] $83.3 million worldwide [4]", 83_300_000),
        ("$40,400 + $486,114 (Home Market) $526,514 (total)", 526_514),
        ("$3,038,499 (USA, sub-total)", 3_038_499),
        ("$13.4 million (foreign)", 13_400_000),
    ],
)
def test_the_box_office_of_the_world_counts(text: Any, amount: Any) -> None:
    assert values.box_office(text) == Money(amount=amount, currency="USD")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("89 minutes (theatrical) 95 minutes (extended)", 89),
        ("1 hour 29 minutes", 89),
        ("2 hours", 120),
        ("1h 29m", 89),
        ("PT1H29M", 89),
        ("1:29:31", 89),
        ("89:31 minutes", 89),
        ("7 reels (70 min)", 70),
        ("115 [1] /123 [2] minutes", 115),
        ("90–100 minutes", 90),
        ("UK:84 min US:86 min", 84),
        ("105 min.", 105),
        ("89", 89),
        ("varies", None),
        ("0 minutes", None),
        ("1,000,000 minutes", None),
    ],
)
def test_a_runtime_is_the_first_that_is_named_in_minutes(text: Any, found: Any) -> None:
    assert values.minutes(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("June 25, 1982", ["1982-06-25"]),
        ("25 June 1982 (London)", ["1982-06-25"]),
        ("1982-06-25", ["1982-06-25"]),
        ("1982-06", ["1982-06"]),
        ("Sept. 1990", ["1990-09"]),
        ("c. 1931", ["1931"]),
        ("February 30, 1999", []),
        ("29 February 2000; 29 February 1900", ["2000-02-29"]),
        ("1,982 people", []),
        ("19821", []),
    ],
)
def test_dates_keep_the_precision_they_are_written_in(text: Any, found: Any) -> None:
    assert values.dates(text) == found


@pytest.mark.parametrize(
    ("found", "first"),
    [
        (["1989-06-23", "1989-06-19"], "1989-06-19"),
        (["1989", "1989-06-19"], "1989-06-19"),
        (["2006", "2009-06-26"], "2006"),
        ([], None),
    ],
)
def test_the_first_showing_is_the_most_precise_date_of_the_earliest_year(found: Any, first: Any) -> None:
    assert values.earliest(found) == first


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("United States", "US"),
        ("U.S.", "US"),
        ("UK", "GB"),
        ("South Korea", "KR"),
        ("The Netherlands", "NL"),
        ("Côte d’Ivoire", "CI"),
        ("Iran", "IR"),
        ("Russia", "RU"),
        ("Turkey", "TR"),
        ("West Germany", "DE"),
        ("East Germany", "DD"),
        ("Soviet Union", "SU"),
        ("SU", "SU"),
        ("USA", "US"),
        ("fr", None),
        ("Atlantis", None),
        ("", None),
    ],
)
def test_a_country_is_known_by_its_english_names(name: Any, code: Any) -> None:
    assert values.country_code(name) == code


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("English", "en"),
        ("Mandarin", "zh"),
        ("cmn", "zh"),
        ("Cantonese", "yue"),
        ("Punjabi", "pa"),
        ("Greek", "el"),
        ("Persian", "fa"),
        ("Hindi language", "hi"),
        ("American Sign Language", "ase"),
        ("Norwegian", "no"),
        ("eng", "en"),
        ("pt-BR", "pt"),
        ("mul", None),
        ("Silent", None),
        ("Various languages", None),
    ],
)
def test_a_language_is_known_by_its_english_names(name: Any, code: Any) -> None:
    assert values.language_code(name) == code


@pytest.mark.parametrize("code", ["US", "GB", "KR", "IR", "SU", "CZ", "TW", "VN", "CD"])
def test_a_countrys_name_leads_back_to_its_code(code: str) -> None:
    assert values.country_code(values.country_name(code)) == code


@pytest.mark.parametrize("code", ["en", "zh", "yue", "pa", "el", "fa", "ase", "no", "nb", "sw"])
def test_a_languages_name_leads_back_to_its_code(code: str) -> None:
    assert values.language_code(values.language_name(code)) == code


def test_an_unknown_code_is_shown_as_it_is() -> None:
    assert (values.country_name("QQ"), values.language_name("qqq")) == ("QQ", "qqq")


def test_a_name_is_one_line() -> None:
    assert values.name(" The\n  Thing\u200b ") == "The Thing"
    assert values.name(" \n ") is None


def test_a_name_is_kept_up_to_what_its_column_holds_and_a_longer_one_is_left_out_aloud(
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert values.name("x" * 255) == "x" * 255
    assert not caplog.records
    assert values.name("x" * 256) is None
    assert "Left out a name of 256 characters, 255 fit: 'xxx" in caplog.text


def test_an_age_rating_is_never_cut() -> None:
    assert values.certificate(" Not Rated ") == "Not Rated"
    assert values.certificate("Suitable for all") is None


pieces = st.sampled_from("$|€|₹|million|crore|–| |,|.|min|h|:|January|(|world".split("|"))


@given(st.text() | st.lists(pieces | st.integers(0, 10**15).map(str)).map("".join))
def test_whatever_is_written_what_is_read_fits_the_contract(text: Any) -> None:
    MovieFacts(
        budget=values.money(text),
        box_office=values.box_office(text),
        runtime=values.minutes(text),
        release_date=values.date(text),
        countries=tuple(c for c in [values.country_code(text)] if c),
        languages=tuple(c for c in [values.language_code(text)] if c),
        title=values.name(text),
    )


@pytest.mark.parametrize(
    ("text", "cuts"),
    [
        ("117 minutes (theatrical), 126 minutes (final cut)", [117, 126]),
        ("155/170 minutes", [155, 170]),
        ("90–95 minutes", [90]),
        ("1 hour 29 minutes; 2h 10m (uncut)", [89, 130]),
        ("PT1H29M", [89]),
        ("89", [89]),
        ("unknown", []),
    ],
)
def test_all_cuts_of_a_running_time_are_kept(text: Any, cuts: Any) -> None:
    assert values.runtimes(text) == cuts


@pytest.mark.parametrize(
    ("text", "sums"),
    [
        ("$6–7 million", [(6_000_000, "USD"), (7_000_000, "USD")]),
        ("₹25 crore ($3.5 million)", [(250_000_000, "INR"), (3_500_000, "USD")]),
        ("FRF 20 million / US$4 million", [(20_000_000, "FRF"), (4_000_000, "USD")]),
        ("none", []),
    ],
)
def test_all_sums_with_a_currency_are_kept(text: Any, sums: Any) -> None:
    assert [(m.amount, m.currency) for m in values.sums(text)] == sums


@pytest.mark.parametrize(
    ("text", "showings"),
    [
        ("1982-06-25 (United States)", [("1982-06-25", "United States")]),
        ("25 June 1982 (Cannes), 1983", [("1982-06-25", "Cannes"), ("1983", None)]),
        ("June 25, 1982 (1982-06-25) (US)", [("1982-06-25", "US"), ("1982-06-25", None)]),
    ],
)
def test_a_date_has_its_place(text: Any, showings: Any) -> None:
    assert [(r.date, r.place) for r in values.releases(text)] == showings


@pytest.mark.parametrize(
    ("text", "country", "system"),
    [
        ("PG-13", "US", "MPA"),
        ("TV-MA", "US", "TV Parental Guidelines"),
        ("Not Rated", "US", None),
        ("12", "DE", "FSK"),
        ("18", None, None),
    ],
)
def test_an_age_rating_has_its_system(text: Any, country: Any, system: Any) -> None:
    (found,) = values.certificates(text, country)
    assert (found.rating, found.system, found.country) == (text, system, country)
    assert values.certificates("", country) == values.certificates("x" * 11, country) == ()
