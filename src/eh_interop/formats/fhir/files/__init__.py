"""FHIR files: JSON and XML as they were written, with the line and column of every element."""
