"""Answer a name that somebody brought along with the one here; `ELSEWHERE` holds them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from inspect import CO_VARKEYWORDS

from gradwidgets.core.elsewhere import ELSEWHERE


def answer(place: str, name: str) -> str:
    """Return what to write here instead of `name`; "" where nothing is known of it."""
    return ELSEWHERE.get(place, {}).get(name, "").replace("`", "")


def answer_of(cls: type, name: str, call: str = "") -> str:
    """Return the answer for a class, or else for the nearest of its bases; `call` is ``()``."""
    answers = (answer(base.__name__ + call, name) for base in cls.__mro__)
    return next(filter(None, answers), "")


def unknown_keyword(call: str, name: str, answered: str, takes: Iterable[str]) -> TypeError:
    """Return the error for a keyword that a call does not take, in Python's words and ours."""
    if not answered:
        from difflib import get_close_matches  # which nobody needs who errs nowhere

        takes = tuple(takes)
        close = get_close_matches(name, takes, n=1)
        answered = f"did you mean {close[0]}?" if close else (
            f"it takes {', '.join(takes)}" if takes else "it takes none; leave it out"
        )
    return TypeError(f"{call}() got an unexpected keyword argument {name!r}; {answered}")


def refuse_keywords(
    call: str, keywords: Iterable[str], takes: Iterable[str], place: str = ""
) -> None:
    """Raise TypeError if there are any keywords, which nothing has taken."""
    for name in keywords:
        raise unknown_keyword(call, name, answer((place or call) + "()", name), takes)


def refuse_name(thing: object, name: str) -> None:
    """Raise AttributeError if a name, which is being set, is known from elsewhere."""
    answered = answer_of(type(thing), name)
    if answered:
        raise AttributeError(f"{type(thing).__name__}: there is no {name}; {answered}")


def answers_keywords(call: str) -> Callable[[Callable], Callable]:
    """Let a function answer the keywords that it does not take, as the constructors do."""

    def decorate(function: Callable) -> Callable:
        code = function.__code__
        takes = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        takes = tuple(name for name in takes if name not in ("self", "cls"))

        @wraps(function)
        def checked(*args, **keywords):
            refuse_keywords(call, [name for name in keywords if name not in takes], takes)
            return function(*args, **keywords)

        return checked

    return decorate


class AnswersNames:
    """What is looked for after a dot, and is not there, is answered if it is known elsewhere.

    It stays an AttributeError, so that ``hasattr`` says no, and whoever asks an object of any
    class for its names learns nothing new.
    """

    __slots__ = ()

    def __getattr__(self, name: str):
        # Also called for a property that is there and failed: Python is to tell of that.
        if not any(name in vars(base) for base in type(self).__mro__):
            answered = answer_of(type(self), name)
            if answered:
                raise AttributeError(
                    f"{type(self).__name__!r} object has no attribute {name!r}; {answered}"
                )
        return object.__getattribute__(self, name)


class NotSet:
    """A name that people set, and that would do nothing here: it is not there, nor can be made."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.error = (
            f"{owner.__name__!r} object has no attribute {name!r}; {answer(owner.__name__, name)}"
        )

    def __get__(self, instance, owner=None):
        raise AttributeError(self.error)

    def __set__(self, instance, value):
        raise AttributeError(self.error)


class AnswersKeywords:
    """What is passed to the constructor by a name that it does not take is answered likewise."""

    __slots__ = ()

    def __new__(cls, *args, **keywords):
        code = getattr(cls.__init__, "__code__", None)  # a class of a learner may have any
        if code is not None and not code.co_flags & CO_VARKEYWORDS:
            takes = code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount]
            for name in keywords:
                if name not in takes:
                    answered = answer_of(cls, name, "()")
                    raise unknown_keyword(cls.__name__, name, answered, takes)
            if args and takes and code.co_argcount == 1:
                raise TypeError(
                    f"{cls.__name__} takes its values by name; write "
                    f"{cls.__name__}({takes[0]}={args[0]!r})"
                )
        return super().__new__(cls)
