#!/usr/bin/env python3
"""Makes derivatives.csv: values, first and second derivatives of formulas at ordinary, zero, overflowing and singular points.

Needs python3-mpmath; run once, when the list changes. Every number is a difference quotient of the formula's value at 560
digits, so that nothing here knows a rule of differentiation. A derivative that differs on either side, or that is not there,
is written as "-".

usage: tests/model/derivatives.py > tests/model/derivatives.csv
"""
import random

from mpmath import mp, mpf

mp.dps = 560
NAN = mpf("nan")
HUGE = 1e5


class Number:
    """A real number, or nan where a formula leaves the real numbers."""

    def __init__(self, value):
        self.value = value if isinstance(value, mpf) else NAN

    def _with(self, other, work):
        other = other.value if isinstance(other, Number) else mpf(other)
        try:
            return Number(work(self.value, other))
        except (ZeroDivisionError, ValueError, OverflowError):
            return Number(NAN)

    def __add__(self, other): return self._with(other, lambda a, b: a + b)
    def __radd__(self, other): return self._with(other, lambda a, b: a + b)
    def __sub__(self, other): return self._with(other, lambda a, b: a - b)
    def __rsub__(self, other): return self._with(other, lambda a, b: b - a)
    def __mul__(self, other): return self._with(other, lambda a, b: a * b)
    def __rmul__(self, other): return self._with(other, lambda a, b: a * b)
    def __truediv__(self, other): return self._with(other, lambda a, b: a / b)
    def __rtruediv__(self, other): return self._with(other, lambda a, b: b / a)
    def __neg__(self): return Number(-self.value)
    def __pow__(self, other): return self._with(other, power)
    def __rpow__(self, other): return self._with(other, lambda a, b: power(b, a))


def exponential(v):
    """0 instead of the unwieldy numbers beyond what any double holds; those on the other side are left out."""
    return mp.exp(v) if abs(v) < HUGE else mpf(0) if v < 0 else NAN


def power(a, b):
    if b == 0:
        return mpf(1)
    if a == 0:
        return mpf(0) if b > 0 else NAN
    if a < 0 and b != mp.floor(b):
        return NAN
    if abs(mp.log(abs(a)) * b) > HUGE:
        return NAN if mp.log(abs(a)) * b > 0 else mpf(0)
    return a ** int(b) if b == mp.floor(b) and abs(b) < 1000 else mp.power(a, b)


def unary(work, low=None, high=None):
    def call(x):
        v = x.value if isinstance(x, Number) else mpf(x)
        if mp.isnan(v) or (low is not None and v < low) or (high is not None and v > high):
            return Number(NAN)
        try:
            return Number(work(v))
        except (ZeroDivisionError, ValueError, OverflowError):
            return Number(NAN)
    return call


def binary(work):
    def call(x, y):
        x = x if isinstance(x, Number) else Number(mpf(x))
        return x._with(y, work)
    return call


def hypot(a, b):
    return mp.sqrt(a * a + b * b)


FUNCTIONS = {
    "sin": unary(mp.sin), "cos": unary(mp.cos), "tan": unary(mp.tan), "asin": unary(mp.asin, -1, 1), "acos": unary(mp.acos, -1, 1),
    "atan": unary(mp.atan), "sinh": unary(mp.sinh, -HUGE, HUGE), "cosh": unary(mp.cosh, -HUGE, HUGE),
    "tanh": unary(lambda v: mp.tanh(v) if abs(v) < HUGE else mp.sign(v)), "exp": unary(exponential),
    "log": unary(mp.log, 0), "log10": unary(mp.log10, 0), "log2": unary(lambda v: mp.log(v) / mp.log(2), 0), "log1p": unary(lambda v: mp.log(1 + v), -1),
    "expm1": unary(lambda v: exponential(v) - 1), "sqrt": unary(mp.sqrt, 0), "cbrt": unary(lambda v: mp.sign(v) * mp.cbrt(abs(v))), "abs": unary(abs),
    "sign": unary(lambda v: mpf(mp.sign(v))), "erf": unary(lambda v: mp.erf(v) if abs(v) < 100 else mpf(mp.sign(v))), "floor": unary(mp.floor), "relu": unary(lambda v: v if v > 0 else mpf(0)),
    "sigmoid": unary(lambda v: exponential(v) / (1 + exponential(v)) if v < 0 else 1 / (1 + exponential(-v))), "softplus": unary(lambda v: mp.log(1 + exponential(v)) if v < 0 else v + mp.log(1 + exponential(-v))),
    "heaviside": unary(lambda v: mpf(1) if v > 0 else mpf(0) if v < 0 else mpf("0.5")),
    "min": binary(min), "max": binary(max), "pow": binary(power), "atan2": binary(mp.atan2), "hypot": binary(hypot),
}
UNARY = [n for n in FUNCTIONS if n not in ("min", "max", "pow", "atan2", "hypot")]
SHORT = ("sin", "cos", "tan")  # of an argument of size 1e160 the sine of a rounded product is another number
NEAR = ("floor", "a/x^b")  # far out these overflow on the way, or round to themselves
MODELS = """a*exp(-(x/b)^0.7)  exp(-(x/a)^b)  1-exp(-(x/a)^b)  a/(1+exp(-b*(x-400)))  a*sigmoid(b*(x-400))  a*x^b  x^a/(b^a+x^a)
a/(1+(b/x)^2.5)  a/(1+(x/b)^1.5)  1/(1+(x/a)^b)  a*sqrt(b*x)  sqrt(a*x+b*x)  sqrt(a*x^2+b*x^2)  a+b*relu(x-2)^1.5  a*relu(x-b)^2  a*tanh(b*x)
a*hypot(x,b)  hypot(a*x,b*x)  a*x/(b+x)  a*x*exp(-b*x)  a*exp(-exp(b-x))  a*log(1+b*x)  a*log1p(b*x)  a*cbrt(b*x)  a*(b*x)^(1/3)
a*x^3/(exp(b*x)-1+heaviside(-x))  a*erf(b*x)  a*abs(b*x)  exp(-a/x)*b  exp(-1/(a*x)^2)*b  a*max(b*x,0)  min(a*x,b*x)  a*exp(-0.5*((x-b)/3)^2)
a^2*x+b^3  a^(-2)+b*x  a^4*b^5*x  a*b^x  (a*x)^(b*x)  a/x^b  a*x^(-b)  log(a)+b*log(b)  1/(1+exp(a*x)^2)+b  a*exp(-(b*x)^4)  a*atan2(b*x,x)
sqrt(a)*sqrt(b)*x  a*floor(x)+b*sign(x)  a*sin(b*x)/(1+x)  a-b*exp(-x^a)  pow(a,b)*x  softplus(a*x)-b  (a+b*x)/(1+a*x)  a*atan(b/x)
b*atan2(a,1/x)  b*atan2(1/x,a)  b/hypot(1/x,a)  a*atan(exp(b*x))  atan2(a,sinh(b*x))  a*erf(b/x)  a*tanh(b/x)  a*sigmoid(b/x)""".split()


def formulas():
    """Formulas, and at how many points each is looked at."""
    for name in UNARY:
        yield f"{name}(a*x+b)", 14
        yield f"a*{name}(b*x)", 22
    for name in ("min", "max", "pow", "atan2", "hypot"):
        yield f"{name}(a*x,b)", 20
        yield f"{name}(a,b*x)", 20
    for operator in "+-*/^":
        yield f"(a{operator}b)*x", 16
        yield f"(a*x){operator}b", 16
    for model in MODELS:
        yield model, 22


ORDINARY = [0.3, -0.7, 1.25, 2.5, 3.0, -1.0, 1.0, 0.9999999, 7.0]
EXTREME = [0.0, 1e-8, 1e-150, 40.0, -40.0, 350.0, 709.0, 800.0, 1e4, 1e160, -1e5]


def points(seed, count):
    """Triples (a, b, x): ordinary ones, and ones with an extreme number in each place."""
    generator = random.Random(seed)
    made = [(1.0, 1.5, 0.0), (2.0, 0.5, 0.0), (1.25, 2.5, 1.0), (0.0, 2.5, 3.0), (2.5, 0.0, 3.0), (1.0, 1.0, 800.0)]
    while len(made) < count:
        p = [generator.choice(ORDINARY) for _ in range(3)]
        for i in range(3):
            if generator.random() < 0.3:
                p[i] = generator.choice(EXTREME)
        if tuple(p) not in made:
            made.append(tuple(p))
    return made[:count]


def evaluate(code, a, b, x):
    return eval(code, dict(FUNCTIONS), {"a": Number(a), "b": Number(b), "x": Number(x)}).value


def agreed(first, second):
    """The number that both quotients tell, or None."""
    if mp.isnan(first) or mp.isnan(second):
        return None
    return first if abs(first - second) <= abs(first) * mpf(10) ** -30 + mpf(10) ** -340 else None


def derivatives(code, a, b, x):
    """Value, d/da, d/db, d2/da2, d2/da db, d2/db2."""
    p = [mpf(a), mpf(b)]
    step = [abs(v) * mpf(10) ** -60 if v else mpf(10) ** -200 for v in p]

    def at(i, j):
        return evaluate(code, p[0] + i * step[0], p[1] + j * step[1], mpf(x))

    found = [at(0, 0)]
    for u in ((1, 0), (0, 1)):
        h = step[u[1]]
        ahead, behind, wide = (at(*u) - found[0]) / h, (found[0] - at(-u[0], -u[1])) / h, (at(2 * u[0], 2 * u[1]) - found[0]) / (2 * h)
        found.append(agreed(ahead, behind) if agreed(ahead, wide) is not None else None)
    second = {}
    for u in ((1, 0), (0, 1)):
        h = step[u[1]]
        ahead = (at(2 * u[0], 2 * u[1]) - 2 * at(*u) + found[0]) / h ** 2
        behind = (at(-2 * u[0], -2 * u[1]) - 2 * at(-u[0], -u[1]) + found[0]) / h ** 2
        wide = (at(4 * u[0], 4 * u[1]) - 2 * at(2 * u[0], 2 * u[1]) + found[0]) / (4 * h ** 2)
        second[u] = agreed(ahead, behind) if agreed(ahead, wide) is not None else None
    mixed = [(at(i, j) - at(i, 0) - at(0, j) + found[0]) / (i * j * step[0] * step[1]) for i, j in ((1, 1), (-1, -1), (1, -1), (-1, 1))]
    cross = agreed(mixed[0], mixed[1])
    wide = (at(2, 2) - at(2, 0) - at(0, 2) + found[0]) / (4 * step[0] * step[1])
    cross = cross if agreed(mixed[0], wide) is not None and agreed(mixed[0], mixed[2]) is not None and agreed(mixed[0], mixed[3]) is not None else None
    return found + [second[(1, 0)], cross, second[(0, 1)]]


def shown(number):
    if number is None:
        return "-"
    value = float(number)
    return "0" if value == 0 or abs(value) < 1e-130 else f"{value:.14g}" if abs(value) <= 1e300 else "-"


def main():
    print("formula;a;b;x;value;d/da;d/db;d2/da2;d2/dadb;d2/db2")
    for number, (formula, count) in enumerate(formulas()):
        code = compile(formula.replace("^", "**"), formula, "eval")
        for a, b, x in points(number, count):
            if any(name in formula for name in SHORT) and "sinh" not in formula and max(abs(a * x), abs(b * x), abs(b)) > 1e3:
                continue
            if any(name in formula for name in NEAR) and max(abs(a), abs(b), abs(x)) > 1e100:
                continue
            found = derivatives(code, a, b, x)
            if mp.isnan(found[0]) or abs(found[0]) > mpf(10) ** 300:
                continue
            print(";".join([formula, *(f"{v:.17g}" for v in (a, b, x)), *map(shown, found)]), flush=True)


main()
