"""The language that all services speak: messages, ids, errors, the log, settings."""
