"""Errors that name the file and line, put a caret under the fault, say why and what to do.

    model.py:7: in f: this statement is not supported: `with`
        with open(p) as q:
        ^^^^^^^^^^^^^^^^^^
      why: ...
      what to do: ...

Every error of the library derives from `TangentError`.
"""

from __future__ import annotations

from tangent.origin import Origin

__all__ = [
    "AliasError",
    "CheckError",
    "KindError",
    "NoRecipeError",
    "NoSourceError",
    "NonScalarError",
    "PassError",
    "RecipeError",
    "SeedError",
    "StaleError",
    "TangentError",
    "UnsupportedError",
    "WrtError",
]

WRAPPED = "<tangent target"  # files of functions that stand for what is called: nobody's lines


class TangentError(Exception):
    """Base of all errors of this library.

    Args:
        reason: what is wrong, one sentence.
        origin: where in the user's program, or None where there is no place to show.
        why: the cause, where the reason alone doesn't tell it.
        remedy: what the user can do.
    """

    def __init__(
        self,
        reason: str,
        origin: Origin | None = None,
        *,
        why: str | None = None,
        remedy: str | None = None,
    ) -> None:
        self.reason = reason
        self.origin = origin
        self.why = why
        self.remedy = remedy
        super().__init__(self._format())

    def _format(self) -> str:
        if self.origin is None:
            text = self.reason
        else:
            where = f"{self.origin.file}:{self.origin.line}: in {self.origin.function}"
            text = f"{where}: {self.reason}"
            shown = self.origin.excerpt()
            if shown:
                text += "\n" + shown
        if self.why:
            text += f"\n  why: {self.why}"
        if self.remedy:
            text += f"\n  what to do: {self.remedy}"
        return text

    def add_note(self, note: str) -> None:
        """Add a note. An error that a run raises takes its place from the first note that has one."""
        origin = getattr(note, "origin", None)
        if self.origin is None and origin is not None and not origin.file.startswith(WRAPPED):
            self.origin = origin
            self.args = (self._format(), *self.args[1:])
            if getattr(note, "is_single", False):
                return
        super().add_note(note)


class NoSourceError(TangentError):
    """The source of a function can't be had (REPL, C function, `exec`)."""


class UnsupportedError(TangentError):
    """A construct that the library can't differentiate correctly."""


class NoRecipeError(UnsupportedError):
    """Functions that have neither a recipe nor Python source."""


class WrtError(TangentError, ValueError):
    """`wrt` names a parameter that is not there, or none."""


class NonScalarError(TangentError, ValueError):
    """The output is not a scalar though `check_dims` asks for one."""


class SeedError(TangentError, ValueError):
    """A seed or tangent whose shape is not that of the value that it belongs to."""


class KindError(TangentError, TypeError):
    """An argument is not of the kind that `like=` or an annotation promised."""


class AliasError(UnsupportedError):
    """Whether two names share memory can't be decided, and the gradient depends on it."""


class StaleError(TangentError):
    """A function that was resolved when the gradient was written has been replaced since."""


class PassError(TangentError):
    """A pass broke an invariant of the tree, or a pipeline is not well formed."""


class RecipeError(TangentError):
    """A recipe is malformed."""


class CheckError(TangentError, AssertionError):
    """A derivative disagrees with its check (duality or finite differences)."""
