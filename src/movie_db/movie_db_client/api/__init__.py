"""The API's machinery: what `openapi.yaml` says is what is routed, checked and answered."""
