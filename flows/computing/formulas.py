"""Declared formulas as sums of figures.

A formula is written with figures, other indicators, numbers, `+ - * /` and `ytd()`.
What can be summed over units and periods is a linear combination, so a formula may
divide once only, at its top: a ratio's total is the ratio of the sums.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction

Term = tuple[str, bool]
"""A figure, and whether its year-to-date value is meant."""
Sum = dict[Term | None, Fraction]
"""Coefficients by term; a plain number stands under None."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula with whole coefficients.

    A ratio is `numerator / denominator`. Any other indicator has no denominator and
    is `numerator / scale`, so that a coefficient such as 0.5 stays exact.
    """

    numerator: dict[Term, int]
    denominator: dict[Term, int]
    scale: int = 1


@dataclass(frozen=True, slots=True)
class _Parser:
    formulas: Mapping[str, str]
    figures: Collection[str]

    def quotient(self, name: str, above: tuple[str, ...]) -> tuple[Sum, Sum]:
        """The two sums of an indicator's formula, the indicators in it resolved."""
        if name in above:
            raise ValueError(f"the formula of {above[0]} leads back to {name}")
        text = self.formulas[name]
        try:
            tree = ast.parse(text, mode="eval").body
        except SyntaxError as error:
            raise ValueError(f"the formula of {name} cannot be read: {text!r}") from error
        return self.node(tree, (*above, name))

    def node(self, node: ast.expr, above: tuple[str, ...]) -> tuple[Sum, Sum]:
        of = f"the formula of {above[-1]}"
        one: Sum = {None: Fraction(1)}
        match node:
            case ast.Constant(value=value) if type(value) in (int, float):
                # The digits as written, not the float that Python makes of them.
                return {None: Fraction(ast.unparse(node))}, one
            case ast.Name(id=name) if name in self.figures:
                return {(name, False): Fraction(1)}, one
            case ast.Name(id=name) if name in self.formulas:
                return self.quotient(name, above)
            case ast.Name(id=name):
                raise ValueError(f"{of} names {name}, which is neither figure nor indicator")
            case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign, operand=operand):
                top, bottom = self.node(operand, above)
                return (_times(top, -1) if isinstance(sign, ast.USub) else top), bottom
            case ast.Call(func=ast.Name(id="ytd"), args=[ast.Name() as name], keywords=[]):
                top, bottom = self.node(name, above)
                return _cumulative(top), _cumulative(bottom)
            case ast.BinOp(left=left, op=op, right=right):
                return self.operation(op, self.node(left, above), self.node(right, above), of)
        raise ValueError(
            f"{of} holds {ast.unparse(node)!r}; only figures, indicators, numbers, "
            "+ - * / and ytd(name) are understood"
        )

    def operation(
        self, op: ast.operator, left: tuple[Sum, Sum], right: tuple[Sum, Sum], of: str
    ) -> tuple[Sum, Sum]:
        (top, bottom), (other_top, other_bottom) = left, right
        plain, other_plain = _number(bottom), _number(other_bottom)
        match op:
            case ast.Add() | ast.Sub():
                if plain is None or other_plain is None:
                    raise ValueError(f"{of} adds to a ratio; the division must stand at the top")
                sign = 1 if isinstance(op, ast.Add) else -1
                total = _times(top, 1 / plain)
                for term, coefficient in other_top.items():
                    total[term] = total.get(term, Fraction()) + sign * coefficient / other_plain
                return total, {None: Fraction(1)}
            case ast.Mult():
                number, other_number = _number(top), _number(other_top)
                if other_number is not None and other_plain is not None:
                    return _times(top, other_number / other_plain), bottom
                if number is not None and plain is not None:
                    return _times(other_top, number / plain), other_bottom
                raise ValueError(f"{of} multiplies figures; one side must be a number")
            case ast.Div():
                if plain is None or other_plain is None:
                    raise ValueError(f"{of} divides twice; a ratio is one division, at the top")
                if _number(other_top) == 0:
                    raise ValueError(f"{of} divides by 0")
                return _times(top, 1 / plain), _times(other_top, 1 / other_plain)
        raise ValueError(f"{of} holds an operation other than + - * /")


def _number(sum_: Sum) -> Fraction | None:
    return sum_[None] if set(sum_) == {None} else None


def _times(sum_: Sum, factor: Fraction | int) -> Sum:
    return {term: coefficient * factor for term, coefficient in sum_.items()}


def _cumulative(sum_: Sum) -> Sum:
    """All terms year to date; a figure that stood there both ways is added up."""
    found: Sum = {}
    for term, coefficient in sum_.items():
        key = None if term is None else (term[0], True)
        found[key] = found.get(key, Fraction()) + coefficient
    return found


def parse(name: str, formulas: Mapping[str, str], figures: Collection[str]) -> Formula:
    """The formula of an indicator, written out in figures.

    `formulas` maps each derived indicator to its formula; `figures` are the names a
    formula may end in. ValueError for whatever is not one linear sum, or one such
    sum over another.
    """
    top, bottom = _Parser(formulas, figures).quotient(name, ())
    plain = _number(bottom)
    if plain is not None:
        top, bottom = _times(top, 1 / plain), {}
    for part in (top, bottom):
        # A sum over units would count such a number once a unit.
        if part.get(None):
            raise ValueError(f"the formula of {name} adds a number to a figure")
    parts = [{t: c for t, c in part.items() if t is not None and c} for part in (top, bottom)]
    if not parts[0] or (plain is None and not parts[1]):
        raise ValueError(f"the formula of {name} has a part without any figure")
    scale = math.lcm(*(c.denominator for part in parts for c in part.values()))
    numerator, denominator = ({t: int(c * scale) for t, c in part.items()} for part in parts)
    return Formula(numerator, denominator, scale if plain is not None else 1)
