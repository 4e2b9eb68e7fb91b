"""Mutants of a module: its source with one small change in what it does.

The changes are those of mutmut, and two of our own: a condition or an entry of a
list is left out. What only words or describes a rule is not changed: messages,
docstrings, annotations, and the decorator, whose arguments are the rule's data.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst
import libcst.matchers as m
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.mutators import mutation_operators

TELLS = m.Call(func=m.Name("Problem") | m.Name("StandardError"))
"""What is told to people: of a problem only the place is looked at."""
MESSAGE = m.Assign(targets=[m.AssignTarget(m.Name("message"))])
FOR_TYPES = m.Call(func=m.Name("TypeVar") | m.Name("cast"))


@dataclass(frozen=True)
class Mutant:
    """One small change.

    Attributes:
        module: the module that is changed, such as ``rules.meetings``.
        function: the function or the name at module level that is changed.
        was: the line or lines as they were, without the space around them.
        now: the same, changed.
        line: where it stands.
        source: the whole module, changed.
    """

    module: str
    function: str
    was: str
    now: str
    line: int
    source: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What tells this mutant from others, also when lines have moved."""
        return self.module, self.function, self.was, self.now


def mutants(module: str, source: str) -> list[Mutant]:
    """Return every mutant of a module once, in the order of its lines."""
    wrapper = MetadataWrapper(cst.parse_module(source))
    found = _Finder(wrapper.module)
    wrapper.visit(found)
    made: dict[str, Mutant] = {}
    for function, node, new, line in found.changes:
        changed = _replaced(wrapper.module, node, new)
        if changed is not None and changed != source and changed not in made and _compiles(changed):
            made[changed] = Mutant(module, function, *_difference(source, changed), line, changed)
    return sorted(made.values(), key=lambda each: each.line)


def _replaced(module: cst.Module, node: cst.CSTNode, new: cst.CSTNode) -> str | None:
    changed = module.deep_replace(node, new)
    return changed.code if isinstance(changed, cst.Module) else None


def _compiles(source: str) -> bool:
    try:
        compile(source, "mutant", "exec")
    except SyntaxError:
        return False
    return True


def _difference(was: str, now: str) -> tuple[str, str]:
    lines = list(difflib.ndiff(was.splitlines(), now.splitlines()))
    return tuple(  # type: ignore[return-value]
        " ".join(line[2:].strip() for line in lines if line.startswith(sign)) for sign in "-+"
    )


class _Finder(cst.CSTVisitor):
    """Collects the changes: the function, the node, what stands there instead, and the line."""

    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self, module: cst.Module) -> None:
        super().__init__()
        self.changes: list[tuple[str, cst.CSTNode, cst.CSTNode, int]] = []
        self._within: list[str] = []
        self._used = names_in_functions(module)

    def on_visit(self, node: cst.CSTNode) -> bool:
        """Note the changes of a node; skip what is no logic."""
        if isinstance(node, cst.FunctionDef) and not self._within and self._is_for_examples(node):
            return False
        if isinstance(node, cst.FunctionDef | cst.ClassDef):
            self._within.append(node.name.value)
        if not self._within and isinstance(node, cst.SimpleStatementLine):
            return self._of_module(node)
        if _is_no_logic(node):
            return False
        if m.matches(node, TELLS):
            self._place(cst.ensure_type(node, cst.Call))
            return False
        for new in _changed(node):
            self.note(node, new)
        return True

    def _is_for_examples(self, function: cst.FunctionDef) -> bool:
        name = function.name.value
        return name.startswith("_") and name not in self._used

    def on_leave(self, original_node: cst.CSTNode) -> None:
        """Leave a function or class."""
        if isinstance(original_node, cst.FunctionDef | cst.ClassDef) and self._within:
            self._within.pop()

    def _of_module(self, line: cst.SimpleStatementLine) -> bool:
        """Look only at names that functions use: other ones are for examples and types."""
        (statement, *_) = line.body
        if not isinstance(statement, cst.Assign | cst.AnnAssign) or statement.value is None:
            return False
        target = statement.targets[0] if isinstance(statement, cst.Assign) else statement
        if not isinstance(target.target, cst.Name) or target.target.value not in self._used:
            return False
        self._within.append(target.target.value)
        statement.value.visit(_Inside(self))
        self._within.pop()
        return False

    def _place(self, call: cst.Call) -> None:
        if m.matches(call.func, m.Name("Problem")):
            call.args[0].visit(_Inside(self))

    def note(self, node: cst.CSTNode, new: cst.CSTNode) -> None:
        where = self.get_metadata(PositionProvider, node, None)
        line = where.start.line if where else 0
        self.changes.append((".".join(self._within), node, new, line))


class _Inside(cst.CSTVisitor):
    """Collects the changes in an expression."""

    def __init__(self, finder: _Finder) -> None:
        super().__init__()
        self._finder = finder

    def on_visit(self, node: cst.CSTNode) -> bool:
        """Note the changes of a node."""
        for new in _changed(node):
            self._finder.note(node, new)
        return True


def names_in_functions(module: cst.Module) -> set[str]:
    """Return the names that functions and classes read, directly or through other names."""
    used: set[str] = set()
    stated: dict[str, set[str]] = {}
    for statement in module.body:
        if isinstance(statement, cst.FunctionDef | cst.ClassDef):
            used |= _names(statement.body)
        elif isinstance(statement, cst.SimpleStatementLine):
            first = statement.body[0]
            if isinstance(first, cst.Assign) and isinstance(first.targets[0].target, cst.Name):
                stated[first.targets[0].target.value] = _names(first.value)
            elif isinstance(first, cst.AnnAssign) and isinstance(first.target, cst.Name):
                stated[first.target.value] = _names(first.value) if first.value else set()
    while more := {y for x in used & stated.keys() for y in stated[x]} - used:
        used |= more
    # What another module may import is used as well, if it says so by having no underscore.
    return used | {name for name in stated if not name.startswith("_")}


def _names(node: cst.CSTNode) -> set[str]:
    return {each.value for each in m.findall(node, m.Name()) if isinstance(each, cst.Name)}


def _is_no_logic(node: cst.CSTNode) -> bool:
    """Tell whether something only words, describes or binds."""
    return isinstance(
        node, cst.Annotation | cst.Decorator | cst.Parameters | cst.AssignTarget
    ) or m.matches(node, MESSAGE | FOR_TYPES | m.Expr(value=m.SimpleString()))


def _changed(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """Yield what can stand in the place of a node."""
    for kind, operator in mutation_operators:
        if isinstance(node, kind):
            made = list(operator(node))
            # A text in other letters shows no more than another text.
            yield from made[:1] if isinstance(node, cst.BaseString) else made
    yield from _without_a_condition(node)
    yield from _without_an_entry(node)


def _without_a_condition(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """Leave out one side of ``and`` and ``or``, an ``if`` of a comprehension, or a whole ``if``."""
    if isinstance(node, cst.BooleanOperation):
        yield _bracketed(node.left)
        yield _bracketed(node.right)
    if isinstance(node, cst.CompFor):
        for number in range(len(node.ifs)):
            yield node.with_changes(ifs=[*node.ifs[:number], *node.ifs[number + 1 :]])
    if isinstance(node, cst.If) and not node.orelse:
        yield node.with_changes(test=cst.Name("True"))


def _bracketed(node: cst.BaseExpression) -> cst.BaseExpression:
    if node.lpar:
        return node
    return node.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])


def _without_an_entry(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """Leave out one entry of a set, list, tuple or mapping."""
    if isinstance(node, cst.Tuple) and not node.lpar:
        return  # several variables, as in ``for number, each in``
    if isinstance(node, cst.Set | cst.List | cst.Tuple | cst.Dict) and len(node.elements) > 1:
        for number in range(len(node.elements)):
            kept = [*node.elements[:number], *node.elements[number + 1 :]]
            if len(kept) == 1 and isinstance(node, cst.Tuple):
                kept = [kept[0].with_changes(comma=cst.Comma())]
            yield node.with_changes(elements=kept)
