"""Answer a name that somebody brought along with the one here; `ELSEWHERE` holds them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from inspect import CO_VARKEYWORDS
from typing import Any, ParamSpec, Self, TypeVar

from gradwidgets.core.elsewhere import ELSEWHERE
from gradwidgets.core.types import Foreign

Takes = ParamSpec("Takes")
Answer = TypeVar("Answer")


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


def refuse_name(thing: Foreign, name: str) -> None:
    """Raise AttributeError if a name, which is being set, is known from elsewhere."""
    answered = answer_of(type(thing), name)
    if answered:
        raise AttributeError(f"{type(thing).__name__}: there is no {name}; {answered}")


def answers_keywords(
    call: str,
) -> Callable[[Callable[Takes, Answer]], Callable[Takes, Answer]]:
    """Let a function answer the keywords that it does not take, as the constructors do."""

    def decorate(function: Callable[Takes, Answer]) -> Callable[Takes, Answer]:
        code = function.__code__
        names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        takes = tuple(name for name in names if name not in ("self", "cls"))

        @wraps(function)
        def checked(*args: Takes.args, **keywords: Takes.kwargs) -> Answer:
            refuse_keywords(call, [name for name in keywords if name not in takes], takes)
            return function(*args, **keywords)

        return checked

    return decorate


class Elsewhere:
    """A name that is not there: whoever asks for it, or sets it, is told what to write.

    It stays an AttributeError, so that ``hasattr`` says no, and whoever asks an object of any
    class for its names learns nothing new. An attribute of that name in a class of somebody's own
    works as ever. (A ``__getattr__`` would do the same, and make all other attributes slower.)
    """

    __slots__ = ("place", "name")

    def __init__(self, place: str, name: str) -> None:
        self.place, self.name = place, name

    def __get__(self, instance: Foreign, owner: type | None = None) -> Any:
        own = getattr(instance, "__dict__", {})
        if instance is not None and self.name in own:
            return own[self.name]
        raise self._error(owner or type(instance))

    def __set__(self, instance: Any, value: Foreign) -> None:
        try:
            instance.__dict__[self.name] = value
        except AttributeError:
            raise self._error(type(instance)) from None

    def __delete__(self, instance: Any) -> None:
        try:
            del instance.__dict__[self.name]
        except (AttributeError, KeyError):
            raise self._error(type(instance)) from None

    def _error(self, owner: type) -> AttributeError:
        return AttributeError(
            f"{owner.__name__!r} object has no attribute {self.name!r}; "
            f"{answer(self.place, self.name)}"
        )


class AnswersNames:
    """Its subclasses of this package answer the names that the table has for them."""

    __slots__ = ()

    def __init_subclass__(cls, **options: Foreign) -> None:
        super().__init_subclass__(**options)
        if cls.__module__.startswith("gradwidgets."):
            for name in ELSEWHERE.get(cls.__name__, ()):
                if not any(name in vars(base) for base in cls.__mro__):
                    setattr(cls, name, Elsewhere(cls.__name__, name))

    def __dir__(self) -> list[str]:
        missing = {
            name
            for base in type(self).__mro__
            for name, value in vars(base).items()
            if isinstance(value, Elsewhere)
        }
        return sorted(set(super().__dir__()) - missing | set(getattr(self, "__dict__", ())))


class AnswersKeywords:
    """What is passed to the constructor by a name that it does not take is answered likewise."""

    __slots__ = ()

    def __new__(cls, *args: Foreign, **keywords: Foreign) -> Self:
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
