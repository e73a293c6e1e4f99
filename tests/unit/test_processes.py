"""How a service's end is told: in its own words if it had any, and never by a line of its log."""

from pathlib import Path
from typing import Any

import pytest

from movie_db.pipeline.supervisor import why_ended

LOGGED = "2026-11-23 02:15:08,298 INFO uvicorn.error: Started server process [28315]"
TRACEBACK = (
    'Traceback (most recent call last):\n  File "x.py", line 1, in <module>\n    1 / 0\nZeroDivisionError: division'
)
GOES_ON = "the same command goes on from here."


@pytest.mark.parametrize(
    ("code", "said", "sentence"),
    [
        (2, f"{LOGGED}\nweb_gateway: There is no archive.\n", "There is no archive."),
        (1, "Error: Port 5000 is taken.\n\n", "Port 5000 is taken."),
        (1, "The gallery is empty.", "The gallery is empty."),
        (1, f"{TRACEBACK}\nThe spider broke.", "The spider broke."),
        (1, TRACEBACK, f"The web gateway broke off (ZeroDivisionError: division); x.log tells more, and {GOES_ON}"),
        (1, LOGGED, f"The web gateway broke off; x.log tells more, and {GOES_ON}"),
        (1, "", f"The web gateway broke off; x.log tells more, and {GOES_ON}"),
        (-9, LOGGED, f"The web gateway was killed (Killed); {GOES_ON}"),
        (0, LOGGED, f"The web gateway was stopped; {GOES_ON}"),
        (130, LOGGED, f"The web gateway was stopped; {GOES_ON}"),
    ],
)
def test_the_end_of_a_service_is_one_sentence(code: Any, said: Any, sentence: Any) -> None:
    assert why_ended("web_gateway", code, said, Path("x.log")) == sentence
