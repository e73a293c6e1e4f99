"""Reading wikitext: templates, infoboxes, lists of names, cast sections."""
