"""Find where code depends on the order of a set, which differs from one process to the next.

Strings hash by a seed that Python draws at start, so the order of a set is chance that no one was
handed. This reads syntax, not types: it knows a set by its literal, by the calls and operators that
make one, by the annotation of a name or a field, and by what a name was given. Asking what is in a
set, counting it, sorting it or making another set of it does not depend on order and is let be.
"""

import ast
from collections.abc import Iterable, Iterator
from typing import NamedTuple

SET_TYPES = frozenset({"set", "frozenset", "Set", "AbstractSet", "MutableSet"})
SET_METHODS = frozenset({"union", "intersection", "difference", "symmetric_difference"})
SET_OPERATORS = (ast.BitOr, ast.BitAnd, ast.Sub, ast.BitXor)
BLIND_TO_ORDER = frozenset(
    {"sorted", "any", "all", "sum", "len", "min", "max", "set", "frozenset", "bool"}
)
SHOWS_ORDER = frozenset(
    {"list", "tuple", "iter", "enumerate", "zip", "map", "filter", "dict", "join", "fromkeys"}
    | {"extend", "chain", "from_iterable", "reduce", "islice", "deque"}
)


class Scope(NamedTuple):
    """What is known to be a set: names, and fields of structs."""

    names: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()


def ordered_uses(tree: ast.Module, elsewhere: Scope = Scope()) -> list[int]:  # noqa: B008 - frozen
    """Give the lines that depend on the order of a set; `elsewhere` is known from other files."""
    scope = Scope(elsewhere.names, elsewhere.fields | _fields(tree, sets=True))
    scope = scope._replace(names=scope.names.union(_set_names(tree, scope)))
    blind = _order_blind_generators(tree)
    return sorted(
        {
            found.lineno
            for node in ast.walk(tree)
            if node not in blind
            for found in _iterated(node)
            if _is_set(found, scope)
        }
    )


def shared(trees: Iterable[ast.Module]) -> Scope:
    """Gather what any file may take from another: fields of classes, and constants.

    A field that is a set in one class and something else in another cannot be told apart where it
    is read, and counts as a set in its own file alone.
    """
    sets, others, names = set[str](), set[str](), set[str]()
    for tree in trees:
        sets |= _fields(tree, sets=True)
        others |= _fields(tree, sets=False)
        names |= {name for name in _set_names(tree, Scope()) if name.isupper()}
    return Scope(frozenset(names), frozenset(sets - others))


def _fields(tree: ast.Module, *, sets: bool) -> frozenset[str]:
    """Give the names of class fields that are annotated as a set, or as anything else."""
    return frozenset(
        statement.target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for statement in node.body
        if isinstance(statement, ast.AnnAssign)
        and isinstance(statement.target, ast.Name)
        and _names_a_set(statement.annotation) is sets
    )


def _set_names(tree: ast.Module, scope: Scope) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.arg(arg=name, annotation=ast.expr() as said) if _names_a_set(said):
                yield name
            case ast.AnnAssign(target=ast.Name(id=name), annotation=said) if _names_a_set(said):
                yield name
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value) if _is_set(
                value, scope
            ):
                yield name
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if _is_set(value, scope):
                yield name
            case ast.NamedExpr(target=ast.Name(id=name), value=value) if _is_set(value, scope):
                yield name


def _names_a_set(annotation: ast.expr) -> bool:
    match annotation:
        case ast.Subscript(value=ast.Name(id="Final" | "ClassVar" | "Annotated"), slice=inner):
            return _names_a_set(inner.elts[0] if isinstance(inner, ast.Tuple) else inner)
        case ast.Subscript(value=outer):
            return _names_a_set(outer)
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return _names_a_set(left) or _names_a_set(right)
    return _last_name(annotation) in SET_TYPES


def _last_name(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _is_set(node: ast.expr, scope: Scope) -> bool:
    match node:
        case ast.Set() | ast.SetComp():
            return True
        case ast.Call(func=ast.Name(id="set" | "frozenset")):
            return True
        case ast.Call(func=ast.Attribute(attr=method)) if method in SET_METHODS:
            return True
        case ast.Call(func=ast.Attribute(value=owner, attr="copy")):
            return _is_set(owner, scope)
        case ast.BinOp(left=left, op=op, right=right) if isinstance(op, SET_OPERATORS):
            return any(_is_set(side, scope) or _is_keys(side) for side in (left, right))
        case ast.IfExp(body=body, orelse=orelse):
            return _is_set(body, scope) or _is_set(orelse, scope)
        case ast.Name(id=name):
            return name in scope.names
        case ast.Attribute(attr=name):
            return name in scope.fields
    return False


def _is_keys(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and _last_name(node.func) in {"keys", "items"}


def _iterated(node: ast.AST) -> Iterator[ast.expr]:
    """Give what this node goes through in an order that shows."""
    match node:
        case ast.For(iter=through) | ast.AsyncFor(iter=through) | ast.YieldFrom(value=through):
            yield through
        case ast.ListComp(generators=parts) | ast.DictComp(generators=parts):
            yield from (part.iter for part in parts)
        case ast.GeneratorExp(generators=parts):
            yield from (part.iter for part in parts)
        case ast.Starred(value=through):
            yield through
        case ast.Assign(targets=[ast.Tuple() | ast.List()], value=through):
            yield through
        case ast.Call(func=ast.Attribute(value=owner, attr="pop"), args=[]):
            yield owner
        case ast.Call(func=func, args=args) if _last_name(func) in SHOWS_ORDER:
            yield from args


def _order_blind_generators(tree: ast.Module) -> frozenset[ast.AST]:
    """Give the generators whose only reader does not care in which order they give."""
    return frozenset(
        argument
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and _last_name(node.func) in BLIND_TO_ORDER
        for argument in node.args
        if isinstance(argument, ast.GeneratorExp | ast.ListComp)
    )
