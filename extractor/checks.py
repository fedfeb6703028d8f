"""What is suspicious in a record: reported, never fatal, and nothing is dropped for it."""
from extractor.records import Notice, Issue
from extractor.document import Document

def check(record: Notice, document: Document) -> tuple[Issue, ...]:
    return ()
