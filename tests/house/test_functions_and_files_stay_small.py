"""Functions and files stay small enough to be read at once, and functions take few arguments by position."""

from __future__ import annotations

import ast

import pytest
from house_paths import REPOSITORY

PACKAGE = REPOSITORY / "src" / "wegmarke"
LINES_OF_A_FILE = 400
LINES_OF_A_BODY = 60
LINES_OF_A_KERNEL = 110
POSITIONAL = 4
POSITIONAL_INSIDE = 5  # a private helper is called from one place, beside it
MODULES = [path for path in sorted(PACKAGE.rglob("*.py")) if "migrations" not in path.parts]


def functions(tree: ast.AST):
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def body_length(node) -> int:
    """Count the lines of a body without its docstring."""
    first = node.body[1] if ast.get_docstring(node) is not None and len(node.body) > 1 else node.body[0]
    return (node.end_lineno or 0) - first.lineno + 1


def positional(node) -> int:
    """Count the arguments that may be given by position, `self` and `cls` aside."""
    names = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)]
    return len([name for name in names if name not in {"self", "cls"}])


def complaints_about(path) -> list[str]:
    text = path.read_text(encoding="utf-8")
    kernel = "kernels" in path.parts
    most = LINES_OF_A_KERNEL if kernel else LINES_OF_A_BODY
    found = []
    if text.count("\n") > LINES_OF_A_FILE:
        found.append(f"{text.count(chr(10))} lines, at most {LINES_OF_A_FILE}")
    for node in functions(ast.parse(text)):
        if body_length(node) > most:
            found.append(f"{node.name}: a body of {body_length(node)} lines, at most {most}")
        # Numba's kernels take arrays by position: calls by keyword are slow to dispatch.
        allowed = POSITIONAL_INSIDE if node.name.startswith("_") else POSITIONAL
        if not kernel and positional(node) > allowed:
            found.append(f"{node.name}: {positional(node)} arguments by position, at most {allowed}")
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module_stays_small(path):
    assert complaints_about(path) == []


def test_a_long_function_with_many_arguments_would_be_found(tmp_path):
    path = tmp_path / "long.py"
    path.write_text("def long(a, b, c, d, e):\n" + "    a += 1\n" * 61, encoding="utf-8")
    assert len(complaints_about(path)) == 2
