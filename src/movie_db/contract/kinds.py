"""The kinds of work that messages tell apart."""

from typing import Literal

WorkKind = Literal["film", "short film", "TV film", "series", "other"]
