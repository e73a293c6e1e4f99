"""The contract between all services: messages, ids, errors, the log, settings."""
