"""The spiders: one lists a gallery's films, one gathers what the sources say of them."""
