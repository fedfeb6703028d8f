"""Rectification notices (巡视/巡察整改情况通报) to validated, grounded records."""

from extractor._version import __version__
from extractor.document import Document
from extractor.errors import ZhenggaiError
from extractor.extraction import extract, extract_async, extract_many
from extractor.records import Notice

__all__ = ["Document", "Notice", "ZhenggaiError", "__version__", "bulk", "extract", "extract_async", "extract_many"]


def __getattr__(name: str) -> object:
    """Bulk runs are loaded when somebody asks for them."""
    if name == "bulk":
        from extractor.jobs.bulk import bulk

        return bulk
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
