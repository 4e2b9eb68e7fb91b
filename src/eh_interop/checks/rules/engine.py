"""The rule engine: one decorator to state a rule, one loop to run them all.

It knows no rule. A rule is a generator that looks at one typed part and yields
what it knows: where in that part, and a sentence. The engine adds the rest.
"""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import Any, Final, Generic, Protocol, TypeVar, get_type_hints

from eh_interop.core.findings import Finding, Layer, Severity
from eh_interop.standard.model import Part, Record

P_contra = TypeVar("P_contra", bound=Part, contravariant=True)
T = TypeVar("T")


class RecordNotSoundError(Exception):
    """A rule asked for the whole record, whose shape is not sound."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a rule may know beside the part it looks at.

    Attributes:
        whole: the record that the part is in; None if its shape is not sound.
        today: the day on which to judge. Rules never read a clock.
        settings: the area's figures.
        facts: the area's other facts, such as roles that hold no cases.
        parts: every part of the record with its place, by class; empty if it is not sound.
    """

    whole: Record | None
    today: date
    settings: Mapping[str, Any]
    facts: Mapping[str, Any]
    parts: Mapping[type[Part], list[tuple[Any, str]]]
    _answers: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def record(self) -> Record:
        """The record that the part is in.

        Raises:
            RecordNotSoundError: its shape is not sound; the engine then says that
                the rule did not run.
        """
        if self.whole is None:
            raise RecordNotSoundError
        return self.whole

    def once(self, work: Callable[[Context], T]) -> T:
        """Do ``work``, once for all the rules that ask for it while one record is checked."""
        if work not in self._answers:
            self._answers[work] = work(self)
        result: T = self._answers[work]
        return result


@dataclass(frozen=True, slots=True)
class Problem:
    """What a rule saw: a pointer relative to its part, and a sentence without any value."""

    at: str
    message: str


Problems = Iterator[Problem]
"""What a rule yields: the problems of one part."""


class Check(Protocol[P_contra]):
    """The function of a rule."""

    __name__: str

    def __call__(self, part: P_contra, context: Context, /) -> Problems:
        """Yield what disagrees."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Something that must hold between values.

    Attributes:
        code: three letters and three digits, never reused.
        name: the fault in words, such as ``closed-before-it-began``.
        title: the fault in a sentence.
        why: why it matters and how it usually happens.
        family: rules that are documented together: those of a module, if it does not say more.
        looks_at: the kind of part that it is about.
        severity: how much it matters.
        cites: guidance clauses. It runs in areas that follow one of their documents.
        needs: what the area has to state for it to have a meaning: settings, or other facts by
            their path, such as ``roles.non-case-holding``.
        ask: the question to send back, if there is one.
        passes: merge patch over an example part that keeps it sound.
        fails: merge patch over an example part that trips this rule alone.
        of: the example that holds the part, if not the minimal one.
        check: the function.
    """

    code: str
    name: str
    title: str
    why: str
    family: str
    looks_at: type[Part]
    severity: Severity
    cites: tuple[str, ...]
    needs: tuple[str, ...]
    ask: str | None
    passes: Mapping[str, Any]
    fails: Mapping[str, Any]
    of: str | None
    check: Callable[[Any, Context], Iterator[Any]] = field(repr=False, compare=False)

    def finding(self, problem: Problem, place: str) -> Finding:
        """Turn what the rule saw in the part at ``place`` into a finding."""
        return Finding(
            code=self.code,
            name=self.name,
            layer=Layer.CONSISTENCY,
            severity=self.severity,
            place=place + problem.at,
            message=problem.message,
            cites=self.cites,
            ask=self.ask,
        )


_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class _Draft(Generic[P_contra]):
    """A function on its way to a rule: what stands between ``@rule`` and its ``def``."""

    check: Check[P_contra]
    fails: Mapping[str, Any]
    passes: Mapping[str, Any] = field(default_factory=dict)
    ask: str | None = None
    needs: tuple[str, ...] = ()
    of: str | None = None


def fails(
    patch: Mapping[str, Any] = _NOTHING, /, **changes: Any
) -> Callable[[Check[P_contra]], _Draft[P_contra]]:
    """Show what a rule finds: changes to an example part, by property."""
    return lambda check: _Draft(check, {**patch, **changes})


def passes(
    patch: Mapping[str, Any] = _NOTHING, /, **changes: Any
) -> Callable[[_Draft[P_contra]], _Draft[P_contra]]:
    """Show what a rule lets pass: changes to an example part, by property; none if left out."""
    return lambda draft: replace(draft, passes={**patch, **changes})


def asks(question: str) -> Callable[[_Draft[P_contra]], _Draft[P_contra]]:
    """Give a rule the question that is sent back."""
    return lambda draft: replace(draft, ask=question)


def on(
    *, example: str | None = None, needs: tuple[str, ...] = ()
) -> Callable[[_Draft[P_contra]], _Draft[P_contra]]:
    """Name the example that holds the part, and what the area has to state: see :class:`Rule`."""
    return lambda draft: replace(draft, of=example, needs=needs)


def rule(
    code: str, severity: Severity, *, cites: tuple[str, ...], family: str = ""
) -> Callable[[_Draft[P_contra]], Rule]:
    """State a rule. See :class:`Rule` for the arguments.

    The docstring gives title and why, the annotation of the first parameter what it looks at.
    """

    def state(draft: _Draft[P_contra]) -> Rule:
        check = draft.check
        title, _, why = inspect.cleandoc(check.__doc__ or "").partition("\n")
        return Rule(
            code=code,
            name=check.__name__.replace("_", "-"),
            title=title.rstrip("."),
            why=" ".join(why.split()),
            family=family or check.__module__.rpartition(".")[2],
            looks_at=next(iter(get_type_hints(check).values())),
            severity=severity,
            cites=cites,
            needs=draft.needs,
            ask=draft.ask,
            passes=draft.passes,
            fails=draft.fails,
            of=draft.of,
            check=check,
        )

    return state


@cache
def all_rules() -> tuple[Rule, ...]:
    """Find every rule of one record, of every family, sorted by code."""
    return rules_in(__name__.rpartition(".")[0])


def rules_in(package: str) -> tuple[Rule, ...]:
    """Find the rules of every module of a package, sorted by code."""
    families = import_module(package).__path__
    rules = [
        value
        for module in pkgutil.iter_modules(families)
        for value in vars(import_module(f"{package}.{module.name}")).values()
        if isinstance(value, Rule)
    ]
    return tuple(sorted(rules, key=lambda stated: stated.code))
