"""Small faults put into the policy files on purpose, to see whether the policy-pair table notices.

``python -m tools.mutants`` makes every mutant of every ``anxin/domains/*/policies.py``, one at a time and in memory
only, asks the table of that room, and prints what was killed and what survived; it exits 1 when a mutant survived that
is not listed with a reason in ``tests/matrix/equivalent_mutants.yaml``.

Why not a ready-made tool: mutmut and cosmic-ray start the tests anew for each mutant, which here means a database. This
one changes the code of the functions where they are, so that everybody who imported them runs the mutant.
"""

import ast
import copy
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import FunctionType, ModuleType

ROOT = Path(__file__).resolve().parents[1]
Node = ast.AST

_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
_OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
}
_NAMES = {"any": "all", "all": "any"}
_LOOKUPS = {
    "lt": ("lte", "gt"),
    "lte": ("lt",),
    "gt": ("gte", "lt"),
    "gte": ("gt",),
    "startswith": ("", "endswith"),
}


@dataclass(frozen=True)
class Mutant:
    """One fault in one file."""

    file: str
    line: int
    what: str
    source: str

    @property
    def room(self) -> str:
        """Whose policies."""
        return Path(self.file).parent.name

    @property
    def name(self) -> str:
        """As it is listed."""
        return f"{self.file}:{self.line}: {self.what}"


def policy_files() -> list[Path]:
    """One for each room that has rules."""
    return sorted(ROOT.glob("anxin/domains/*/policies.py"))


def mutants_of(file: Path) -> list[Mutant]:
    """Every mutant of a file, each different from the file and from the others."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    whole, seen, found = ast.unparse(tree), set[str](), []
    for number, node in enumerate(ast.walk(tree)):
        if not hasattr(node, "lineno") or not _is_code(node, tree):
            continue
        for what, changed in _changes(tree, number, node):
            source = ast.unparse(ast.fix_missing_locations(changed))
            if source != whole and source not in seen:
                seen.add(source)
                found.append(Mutant(str(file.relative_to(ROOT)), node.lineno, what, source))
    return found


def _is_code(node: Node, tree: ast.Module) -> bool:
    """Inside a function, or a constant of the module; not an import, a text or a type."""
    for one in tree.body:
        if isinstance(one, ast.FunctionDef | ast.Assign) and node in set(ast.walk(one)):
            return not (isinstance(one, ast.FunctionDef) and _in_signature(node, one))
    return False


def _in_signature(node: Node, function: ast.FunctionDef) -> bool:
    parts: list[Node] = [
        function.args,
        *function.decorator_list,
        *([function.returns] if function.returns else []),
    ]
    return any(node in set(ast.walk(part)) for part in parts)


def _changes(tree: ast.Module, number: int, node: Node) -> Iterator[tuple[str, ast.Module]]:
    """The changed trees that one place gives. Each works on its own copy."""
    for what, new in _replacements(node, tree):
        changed = copy.deepcopy(tree)
        target = list(ast.walk(changed))[number]
        yield what, _replaced(changed, target, new)


def _replaced(tree: ast.Module, old: Node, new: Node) -> ast.Module:
    ast.copy_location(new, old)

    class Swap(ast.NodeTransformer):
        def visit(self, node: Node) -> Node:
            return new if node is old else self.generic_visit(node)

    swapped = Swap().visit(tree)
    assert isinstance(swapped, ast.Module)
    return swapped


def _replacements(node: Node, tree: ast.Module) -> Iterator[tuple[str, Node]]:
    text = ast.unparse(node).splitlines()[0] if not isinstance(node, ast.FunctionDef) else ""
    for what, new in _expressions(node):
        yield f"{text} -> {what}", new
    for what, new in _statements(node):
        yield f"{text} -> {what}", new
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        for other in _members_beside(node, tree):
            yield f"{text} -> {other}", ast.Attribute(copy.deepcopy(node.value), other, node.ctx)


def _expressions(node: Node) -> Iterator[tuple[str, Node]]:
    node = copy.deepcopy(node)
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        for other in _COMPARISONS.get(type(node.ops[0]), ()):
            yield other.__name__, ast.Compare(node.left, [other()], node.comparators)
    elif isinstance(node, ast.BoolOp):
        flipped: ast.boolop = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield type(flipped).__name__, ast.BoolOp(flipped, node.values)
        for place, left_out in enumerate(node.values):
            rest = [one for other, one in enumerate(node.values) if other != place]
            kept = rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)
            yield f"without {ast.unparse(left_out)}", kept
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.Invert):
        yield "not negated", node.operand
    elif isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        yield "the other operator", ast.BinOp(node.left, _OPERATORS[type(node.op)](), node.right)
        if isinstance(node.op, ast.BitOr | ast.BitAnd):
            yield "only the left", node.left
            yield "only the right", node.right
    elif isinstance(node, ast.IfExp):
        yield "always the first", node.body
        yield "always the second", node.orelse
        yield "swapped", ast.IfExp(node.test, node.orelse, node.body)
    elif isinstance(node, ast.Tuple | ast.List) and isinstance(node.ctx, ast.Load):
        for place, left_out in enumerate(node.elts):
            rest = [one for other, one in enumerate(node.elts) if other != place]
            yield f"without {ast.unparse(left_out)}", type(node)(rest, node.ctx)
    elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield "one more", ast.Constant(node.value + 1)
        yield "one less", ast.Constant(node.value - 1)
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield "the opposite", ast.Constant(not node.value)
    elif isinstance(node, ast.Call):
        yield from _calls(node)


def _calls(node: ast.Call) -> Iterator[tuple[str, Node]]:
    if isinstance(node.func, ast.Name) and node.func.id in _NAMES:
        other = _NAMES[node.func.id]
        yield other, ast.Call(ast.Name(other, ast.Load()), node.args, node.keywords)
    if isinstance(node.func, ast.Attribute) and node.func.attr in ("none", "filter", "exclude", "union"):
        yield f"without .{node.func.attr}()", node.func.value
    for place, keyword in enumerate(node.keywords):
        rest = [one for other, one in enumerate(node.keywords) if other != place]
        if keyword.arg == "at":
            yield "without the place", ast.Call(node.func, node.args, rest)
        elif keyword.arg and len(node.keywords) > 1:
            yield f"without {keyword.arg}", ast.Call(node.func, node.args, rest)
        stem, _, lookup = (keyword.arg or "").rpartition("__")
        for other in _LOOKUPS.get(lookup, ()):
            changed = ast.keyword(f"{stem}__{other}" if other else stem, keyword.value)
            keywords = [changed if one is keyword else one for one in node.keywords]
            yield f"{keyword.arg} becomes {changed.arg}", ast.Call(node.func, node.args, keywords)
    if isinstance(node.func, ast.Attribute) and node.func.attr == "startswith":
        yield "equal instead", ast.Compare(node.func.value, [ast.Eq()], node.args)


def _statements(node: Node) -> Iterator[tuple[str, Node]]:
    node = copy.deepcopy(node)
    if isinstance(node, ast.If):
        yield "always", ast.If(ast.Constant(True), node.body, node.orelse)
        yield "never", ast.If(ast.Constant(False), node.body, node.orelse)
        yield "negated", ast.If(ast.UnaryOp(ast.Not(), node.test), node.body, node.orelse)
    elif isinstance(node, ast.Return) and node.value is not None:
        for value in (True, False):
            yield f"return {value}", ast.Return(ast.Constant(value))
        yield "return negated", ast.Return(ast.UnaryOp(ast.Not(), node.value))
    elif isinstance(node, ast.Raise | ast.AugAssign | ast.For):
        yield "left out", ast.Pass()
        if isinstance(node, ast.AugAssign) and type(node.op) in _OPERATORS:
            yield "the other operator", ast.AugAssign(node.target, _OPERATORS[type(node.op)](), node.value)
            yield "replaced", ast.Assign([node.target], node.value)


def _members_beside(node: ast.Attribute, tree: ast.Module) -> list[str]:
    """The other members of an enumeration that the file imports by name: ``Permission.VIEW`` has neighbours."""
    assert isinstance(node.value, ast.Name)
    for one in tree.body:
        if isinstance(one, ast.ImportFrom) and one.module:
            for alias in one.names:
                if (alias.asname or alias.name) == node.value.id:
                    members = getattr(getattr(import_module(one.module), alias.name, None), "__members__", {})
                    return [name for name in members if node.attr in members and name != node.attr]
    return []


@contextmanager
def applied(mutant: Mutant) -> Iterator[ModuleType]:
    """While open, the rules of the room are the mutant's, wherever they were imported to."""
    module = import_module(mutant.file.removesuffix(".py").replace("/", "."))
    changed: dict[str, object] = {"__name__": module.__name__, "__file__": mutant.file}
    exec(compile(mutant.source, mutant.file, "exec"), changed)
    codes, values = {}, {}
    for name, one in vars(module).copy().items():
        other = changed.get(name)
        if (
            isinstance(one, FunctionType)
            and isinstance(other, FunctionType)
            and one.__module__ == module.__name__
        ):
            codes[name] = one.__code__
            one.__code__ = other.__code__
        elif name in _constants(mutant.source):
            values[name] = one
            setattr(module, name, other)
    try:
        yield module
    finally:
        for name, code in codes.items():
            getattr(module, name).__code__ = code
        for name, value in values.items():
            setattr(module, name, value)


def _constants(source: str) -> set[str]:
    return {
        target.id
        for one in ast.parse(source).body
        if isinstance(one, ast.Assign)
        for target in one.targets
        if isinstance(target, ast.Name)
    }


def main() -> int:
    """Run the long test that asks the table about each mutant. It needs the database of the tests."""
    import pytest

    # In brackets, so that it is not taken for `make soak`, which writes a report.
    chosen = ["-m", "(soak)", "-k", "table", "-q", "-s", "-p", "no:cacheprovider"]
    return pytest.main([*chosen, str(ROOT / "tests/matrix/test_mutants.py"), *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
