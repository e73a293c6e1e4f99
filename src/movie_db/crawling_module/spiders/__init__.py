"""The spiders: one lists a gallery's movies, one gathers what the sources say about them."""
