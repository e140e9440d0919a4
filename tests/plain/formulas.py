"""Formulas as sums: what is added for the numerator and what for the denominator.

A formula is a sum of figures, each times a number, or one such sum over another. A
sum is kept as a dict from (figure, cumulative) to its number; cumulative is true for
what stands inside ytd(). The names of other indicators are replaced by their sums.
"""

import ast
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from schemas.declaring.district import Declaration

Term = tuple[str, bool]
Sum = dict[Term, Fraction]


@dataclass(frozen=True)
class Formula:
    """An indicator's numerator and, for a ratio, its denominator."""

    numerator: Sum
    denominator: Sum | None = None

    @property
    def terms(self) -> list[Term]:
        """Every figure the indicator needs, as the quarter's value or as ytd()."""
        return sorted({*self.numerator, *(self.denominator or {})})

    @property
    def figures(self) -> list[str]:
        """The names of the figures the indicator needs."""
        return sorted({figure for figure, _ in self.terms})


def formulas(declaration: Declaration) -> dict[str, Formula]:
    """The formula of every indicator; a figure is an indicator of its own name."""
    found = {name: Formula({(name, False): Fraction(1)}) for name in declaration.figures}
    texts = {each.name: each.formula for each in declaration.indicators}
    for indicator in declaration.indicators:
        found[indicator.name] = parse(indicator.formula, texts)
    return found


def parse(text: str, others: dict[str, str]) -> Formula:
    """The formula of a text; `others` are the texts of the indicators it may name."""
    top = ast.parse(text, mode="eval").body
    if isinstance(top, ast.BinOp) and isinstance(top.op, ast.Div):
        return Formula(_sum(top.left, text, others), _sum(top.right, text, others))
    return Formula(_sum(top, text, others))


def _sum(node: ast.expr, text: str, others: dict[str, str]) -> Sum:
    if isinstance(node, ast.Name):
        if node.id not in others:
            return {(node.id, False): Fraction(1)}
        inner = parse(others[node.id], others)
        if inner.denominator is not None:
            raise ValueError(f"{node.id} is a ratio and cannot be part of another sum: {text}")
        return inner.numerator
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "ytd":
        (inside,) = node.args
        return {(figure, True): times for (figure, _), times in _sum(inside, text, others).items()}
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return _times(Fraction(-1), _sum(node.operand, text, others))
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        if (number := _number(node.left, text)) is not None:
            return _times(number, _sum(node.right, text, others))
        if (number := _number(node.right, text)) is not None:
            return _times(number, _sum(node.left, text, others))
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)):
        total = dict(_sum(node.left, text, others))
        sign = Fraction(1 if isinstance(node.op, ast.Add) else -1)
        for term, times in _times(sign, _sum(node.right, text, others)).items():
            total[term] = total.get(term, Fraction(0)) + times
        return total
    raise ValueError(f"not a sum of figures, each times a number: {ast.unparse(node)} in {text}")


def _times(number: Fraction, terms: Sum) -> Sum:
    return {term: number * times for term, times in terms.items()}


def _number(node: ast.expr, text: str) -> Fraction | None:
    """The number exactly as written, 0.1 being one tenth; None if it is no number."""
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        return Fraction(Decimal(ast.get_source_segment(text, node) or ""))
    return None
