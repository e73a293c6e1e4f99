"""Routing, validation and responses of the API, driven by `openapi.yaml`."""
