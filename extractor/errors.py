"""Everything that Zhenggai raises on purpose, under one root."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial


class ZhenggaiError(Exception):
    """Root of all errors of this library: the message says what is wrong, where, and what to do."""


class UsageError(ZhenggaiError):
    """The call itself is wrong: an unknown engine, an unknown field, options that exclude each other."""


class InputError(ZhenggaiError):
    """One input cannot be read as text: missing, binary, empty, too large. Other inputs are not concerned."""


class PointerError(ZhenggaiError):
    """A pointer names units that do not exist, or text that is not in them."""


class EngineError(ZhenggaiError):
    """An engine could not answer for a document."""


class ModelError(EngineError):
    """A call to a model failed.

    Attributes:
        retryable: whether the same call may succeed later (rate limit, overload, time-out).
        status: the HTTP status, None where there was no answer.
        retry_after: seconds that the endpoint asks to wait, None where it does not say.
    """

    def __init__(
        self, message: str, *, retryable: bool, status: int | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(message)
        self.retryable = retryable
        self.status = status
        self.retry_after = retry_after

    def __reduce__(self) -> tuple[Callable[[str], ModelError], tuple[str]]:
        """Errors are made again from their message alone, when they come from another process."""
        again = partial(type(self), retryable=self.retryable, status=self.status, retry_after=self.retry_after)
        return again, (str(self),)


class PostponedError(ModelError):
    """A question to a model is put off: it is to be asked later, so nothing stands in for its answer now."""


class NoMoreCallsError(PostponedError):
    """No further question may be asked for now, about this document or any other."""
