"""Detectors: pure tests on supplied text (placeholders, institutions, malformed cells ...). They judge no line."""
