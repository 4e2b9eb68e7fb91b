"""The version of this package. The standard has versions of its own."""

__version__ = "0.1.0"
