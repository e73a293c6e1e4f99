"""The one door to the web: an ordinary forward proxy with manners, an archive, and recordings in and out."""
