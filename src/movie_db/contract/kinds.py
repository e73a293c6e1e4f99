"""The kinds of work that messages distinguish."""

from typing import Literal

WorkKind = Literal["film", "short film", "TV film", "series", "other"]
