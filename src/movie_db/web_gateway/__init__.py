"""The only way to the web: a forward proxy with host policies, an archive, and recordings."""
