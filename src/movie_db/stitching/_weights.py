"""Reads the match weights from `weights.toml`."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources


@lru_cache(maxsize=1)
def weights() -> Mapping[str, Mapping[str, float]]:
    """Bits by section and level."""
    text = resources.files("movie_db.stitching").joinpath("weights.toml").read_text("utf-8")
    return {
        section: {level: float(weight["bits"]) for level, weight in levels.items()}
        for section, levels in tomllib.loads(text).items()
    }
