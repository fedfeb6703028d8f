"""Rectification notices (巡视/巡察整改情况通报) to validated, grounded records."""

from extractor._version import __version__
from extractor.document import Document
from extractor.errors import ZhenggaiError
from extractor.extraction import extract, extract_many
from extractor.records import Notice

__all__ = ["Document", "Notice", "ZhenggaiError", "__version__", "extract", "extract_many"]
