"""What differs between the published and the live contract, as sentences."""

from copy import deepcopy

from movie_db.contract.live import differences
from movie_db.contract.schema import Schema, published


def _changed() -> dict[str, Schema]:
    return deepcopy(published())


def test_equal_contracts_differ_in_nothing() -> None:
    assert differences(published(), _changed()) == []


def test_a_new_required_property_is_told() -> None:
    live = _changed()
    live["movie"]["required"].append("runtime")
    assert differences(published(), live) == ["movie.runtime: is required now by the live database"]


def test_a_property_that_the_contract_never_heard_of_is_told() -> None:
    live = _changed()
    live["movie"]["properties"]["colour"] = {"type": "string"}
    assert differences(published(), live) == ["movie.colour: is new in the live database"]
    live["movie"]["required"].append("colour")
    assert differences(published(), live) == ["movie.colour: is required now by the live database"]


def test_a_property_that_is_gone_is_told() -> None:
    live = _changed()
    del live["movie"]["properties"]["tagline"]
    assert differences(published(), live) == ["movie.tagline: does not exist in the live database"]


def test_a_title_that_need_not_be_given_any_more_is_told() -> None:
    live = _changed()
    live["movie"]["required"] = []
    assert differences(published(), live) == ["movie.title: is no longer required by the live database"]


def test_what_messages_share_is_told_once() -> None:
    live = _changed()
    for schema in live.values():
        if "Offer" in schema.get("$defs", {}):
            schema["$defs"]["Offer"]["properties"]["provider"]["maxLength"] = 99
    assert differences(published(), live) == [
        "Offer.provider: must be at most 99 characters long (the contract: 255) for the live database"
    ]


def test_a_message_that_came_or_went_is_told() -> None:
    live = _changed()
    live["series"] = live.pop("movie")
    assert differences(published(), live) == [
        "movie: is not a message of the live database",
        "series: is a new message of the live database",
    ]
