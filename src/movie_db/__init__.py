"""movie_db: from the address of a page full of movies to a movie database."""

__version__: str


def __getattr__(name: str) -> str:
    """The version, looked up when somebody asks: that takes longer than some commands' work."""
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("movie_db")
    except PackageNotFoundError:  # a source tree that nobody installed
        return "0+unknown"
