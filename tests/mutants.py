"""`make mutants`: small faults put into the rules of the game, one at a time; every one should make a test fail.

Of the modules that decide what counts, what is a fault and what is carried, a sample of the places where a comparison, a
condition, a number or an answer can be turned round. mutmut and cosmic-ray run a whole suite for each fault; here each
module names the tests that answer for it, so a fault costs seconds.
"""

from __future__ import annotations

import argparse
import ast
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.projects import a_copy

TESTS = {
    "pipeline/choose/versions.py": "choose ladder conservation",
    "pipeline/choose/places.py": "choose rules claims",
    "pipeline/check/figures.py": "rules ladder history units_change",
    "pipeline/check/history.py": "history rules",
    "pipeline/check/ladder.py": "ladder",
    "pipeline/check/files.py": "rules workbook",
    "pipeline/check/reporting.py": "rules workbook history",
    "pipeline/carry_over.py": "carry_over explanations golden",
    "pipeline/closing.py": "carry_over explanations",
    "pipeline/consolidate.py": "workbook history narratives units_change",
    "pipeline/reporting_history.py": "workbook history rules",
    "pipeline/still_open.py": "still_open",
    "pipeline/rules.py": "rules sent_up golden",
    "pipeline/read/returns/choice.py": "rows reading",
    "pipeline/read/returns/rows.py": "rows odd_books reading",
    "pipeline/read/returns/numbering.py": "rows reading",
    "pipeline/read/returns/roles.py": "rows",
    "pipeline/read/returns/captions.py": "claims",
    "pipeline/read/returns/month_claims.py": "claims",
    "pipeline/read/returns/unit_claims.py": "claims names",
    "pipeline/read/returns/months.py": "months claims",
    "pipeline/read/returns/spans.py": "months claims",
    "pipeline/read/returns/names.py": "names claims",
    "pipeline/read/returns/values.py": "values",
    "schemas/columns.py": "rules schema_change forms",
    "schemas/relations.py": "rules",
}
"""The modules, and the tests that answer for each."""

EQUIVALENT = {
    ("pipeline/read/returns/names.py", "40"): "a bound on what is compared, farther than any name reaches",
    (
        "pipeline/read/returns/names.py",
        "len(bare) > len(head) + 1",
    ): "what is left of one letter is dropped at the end",
    (
        "pipeline/read/returns/months.py",
        "number < 10000",
    ): "10,000 itself is written the same either way",
    (
        "pipeline/choose/versions.py",
        "known[-1].source.path > unknown[-1].source.path",
    ): "two files have two paths, and all tables of one file the same time",
    (
        "pipeline/check/history.py",
        "excess(relation, this) <= 0",
    ): "a month without excess lets no sum grow: the last line says so too",
}
"""What may be turned round without a change in what is done, and why."""

_TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
_SECONDS = 240


def places(tree: ast.AST) -> Iterator[ast.AST]:
    """Where something can be turned round; the size of a cache changes nothing."""
    decorators = (d for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) for d in n.decorator_list)
    passed = {inner for d in decorators for inner in ast.walk(d)}
    for node in ast.walk(tree):
        if node in passed:
            continue
        turned = isinstance(node, ast.Compare) and type(node.ops[0]) in _TURNED
        number = isinstance(node, ast.Constant) and type(node.value) is int and abs(node.value) < 100
        if turned or number or isinstance(node, ast.BoolOp | ast.IfExp | ast.If):
            yield node


def turn(node: ast.AST) -> str:
    """Turns it round in place, and says what was done."""
    if isinstance(node, ast.Compare):
        node.ops[0] = _TURNED[type(node.ops[0])]()
        return "comparison turned"
    if isinstance(node, ast.BoolOp):
        node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        return "and/or"
    if isinstance(node, ast.Constant):
        node.value += 1
        return "number one larger"
    assert isinstance(node, ast.If | ast.IfExp)
    node.test = ast.UnaryOp(ast.Not(), node.test)
    return "condition denied"


def mutants(module: str, count: int, rng: random.Random) -> Iterator[tuple[int, str, str]]:
    """A sample of faults of a module: the line, what was done, and the source with it. What is equivalent is left out."""
    source = Path(module).read_text(encoding="utf-8")
    chosen = rng.sample(range(n), min(count, n)) if (n := len(list(places(ast.parse(source))))) else []
    for i in sorted(chosen):
        tree = ast.parse(source)
        node = list(places(tree))[i]
        if (module, ast.unparse(node)) in EQUIVALENT:
            continue
        what = turn(node)
        yield getattr(node, "lineno", 0), what, ast.unparse(ast.fix_missing_locations(tree))


def killed(project: Path, module: str, source: str) -> bool:
    """Whether the tests of the module fail in a copy of the project with that source."""
    (project / module).write_text(source, encoding="utf-8")
    tests = [f"tests/test_{name}.py" for name in TESTS[module].split()]
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:xdist", "-p", "no:cacheprovider", *tests]
    try:
        done = subprocess.run(command, cwd=project, capture_output=True, timeout=_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return True
    return done.returncode != 0


def main() -> None:
    """Prints each fault that no test finds, and how many were found."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--each", type=int, default=5, help="faults a module")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--module", default="", help="only modules whose name has this in it")
    given = asked.parse_args()
    rng, found, of = random.Random(given.seed), 0, 0
    with tempfile.TemporaryDirectory() as folder:
        project = a_copy(Path(folder))
        for module in (m for m in TESTS if given.module in m):
            whole = (project / module).read_text(encoding="utf-8")
            if killed(project, module, whole):
                raise SystemExit(f"{module}: its tests fail without a fault")
            for line, what, source in mutants(module, given.each, rng):
                of += 1
                if killed(project, module, source):
                    found += 1
                else:
                    print(f"not found: {module}:{line} {what}", flush=True)
            (project / module).write_text(whole, encoding="utf-8")
            print(f"{module}: {found} of {of} so far", flush=True)
    print(f"{found} of {of} faults found ({found / of:.0%})" if of else "no fault to put in")


if __name__ == "__main__":
    main()
