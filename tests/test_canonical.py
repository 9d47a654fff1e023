from __future__ import annotations

import ast
import time

import pytest

from autograder.canonical import canonical


def one(source: str) -> str:
    form = canonical(source)
    assert form is not None
    return form.text.strip()


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        # augmented assignments
        ("x += e", "x = x + e"),
        ("x -= a - b", "x = x + b - a"),
        ("x *= c", "x = x * c"),
        ("v *= beta", "v = beta * v"),
        ("x[i] += e", "x[i] = x[i] + e"),
        ("self.x -= e", "self.x = self.x - e"),
        ("x: float = 1.0", "x = 1"),
        # sums
        ("x = (x + e)", "x = x + e"),
        ("x = alpha * v + x", "x = x + alpha * v"),
        ("x = x + -(lr * g)", "x = x - lr * g"),
        ("x = x + -lr * g", "x = x - lr * g"),
        ("x = -lr * g + x", "x = x - lr * g"),
        ("x = x - (a - b)", "x = x + b - a"),
        ("p = p - a + lr * wd * p", "p = p + lr * wd * p - a"),
        ("y = -(a + b)", "y = -a - b"),
        ("y = -beta + 1.0", "y = 1 - beta"),
        ("s = 'a' + 'b'", "s = 'a' + 'b'"),
        ("s = [1] + s", "s = [1] + s"),
        # products
        ("y = g * lr", "y = lr * g"),
        ("y = lr * (beta * v)", "y = lr * beta * v"),
        ("y = lr / d * g", "y = lr * g / d"),
        ("y = a / b / c", "y = a / (b * c)"),
        ("v = g * g * (1 - b)", "v = (1 - b) * g ** 2"),
        ("l = n * [0]", "l = n * [0]"),
        # one name for what means the same
        ("y = np.square(g)", "y = g ** 2"),
        ("y = g.pow(2)", "y = g ** 2"),
        ("y = np.power(b, t)", "y = b ** t"),
        ("y = v ** 0.5", "y = np.sqrt(v)"),
        ("y = v.sqrt()", "y = np.sqrt(v)"),
        ("y = math.sqrt(v)", "y = np.sqrt(v)"),
        ("y = np.subtract(x, np.multiply(lr, v))", "y = x - lr * v"),
        ("y = torch.relu(t)", "y = np.maximum(t, 0)"),
        ("y = max(0.0, t)", "y = np.maximum(t, 0)"),
        ("y = torch.clamp(r, max=1.0)", "y = np.minimum(r, 1)"),
        ("y = np.clip(x, -lam, lam)", "y = np.clip(x, -lam, lam)"),
        ("y = not a < b", "y = a >= b"),
        ("y = math.pi", "y = np.pi"),
        # torch in place
        ("x.add_(e, alpha=a)", "x = x + a * e"),
        ("m.mul_(b).add_(g, alpha=1 - b)", "m = b * m + (1 - b) * g"),
        ("v.mul_(b).addcmul_(g, g, value=1 - b)", "v = b * v + (1 - b) * g ** 2"),
        ("p.addcdiv_(m, d, value=-lr)", "p = p - lr * m / d"),
        ("m.lerp_(g, 1 - b)", "m = m + (1 - b) * (g - m)"),
        ("np.multiply(m, b, out=m)", "m = b * m"),
        ("seen.add(x)", "seen + x"),
        # statements
        ("x, v = x0, 0.0", "x = x0\nv = 0"),
        ("v, x = b * v + g, x - lr * v", "v, x = (b * v + g, x - lr * v)"),
        ("f = lambda x: x + 1", "def f(x):\n    return x + 1"),
        ("def f(a: int) -> int:\n    'doc'\n    return a, 1", "def f(a):\n    return a, 1"),
        ("if a:\n    b = 1\nelif c:\n    b = 2\nelse:\n    b = 3", "if a:\n    b = 1\nelif c:\n    b = 2\nelse:\n    b = 3"),
    ],
)  # fmt: skip
def test_one_spelling(source: str, expected: str) -> None:
    got = one(source)
    assert got == expected
    ast.parse(got)


def test_is_stable() -> None:
    for source in ("x = x - lr * (m / (1 - b ** t)) / (np.sqrt(v) + eps)", "y = -(a * b) * c / -d"):
        assert one(one(source)) == one(source)


def test_lines_lead_back() -> None:
    source = "def f(x):\n    '''doc'''\n\n    y, z = (1,\n            2)\n    if (y\n        > z):\n        x += (y\n              + z)\n    return x\n"
    form = canonical(source)
    assert form is not None
    lines = form.text.splitlines()
    back = {line.strip(): form.lines_of(i) for i, line in enumerate(lines, start=1)}
    assert back["z = 2"] == (4, 5)
    assert back["if y > z:"] == (6, 6)
    assert back["x = x + y + z"] == (8, 9)
    assert back["return x"] == (10, 10)


def test_expressions_lead_back() -> None:
    source = "k = np.array([\n    [2 * a, 0.0],\n    [0.0, b * 2],\n])\n"
    form = canonical(source)
    assert form is not None
    start = form.text.index("2 * b")
    place = form.place(1, start, start + 5)
    assert (place.line, place.exact, source[place.start : place.end]) == (3, True, "b * 2")


def test_a_part_of_a_sum_is_not_exact() -> None:
    form = canonical("x = b - a + c\n")
    assert form is not None
    assert form.text == "x = b + c - a\n"
    assert not form.place(1, 4, 9).exact


@pytest.mark.parametrize(
    "source",
    ["def f(:", "x = 1\0", "x = " + "(" * 2000 + "1" + ")" * 2000, "x = " + "-" * 5000 + "1"],
)
def test_none_where_it_does_not_parse(source: str) -> None:
    assert canonical(source) is None


@pytest.mark.parametrize(
    "source",
    [
        "x = " + " + ".join(["a"] * 900),
        "x = " + " * ".join(f"a{i}" for i in range(900)),
        "x = " + "f(" * 90 + "1" + ")" * 90,
        "if a == 0:\n    b = 0\n" + "".join(f"elif a == {i}:\n    b = {i}\n" for i in range(900)),
        "".join(f"x = x * {i} + (x - {i}) / (1 + x)\n" for i in range(5000)),
        "".join(" " * i + "if a:\n" for i in range(90)) + " " * 90 + "b = 1\n",
    ],
    ids=["sum", "product", "calls", "elif", "lines", "blocks"],
)
def test_bounded(source: str) -> None:
    start = time.perf_counter()
    canonical(source)
    assert time.perf_counter() - start < 30


@pytest.mark.parametrize(
    "source",
    [
        "match a:\n    case [1, *r] if r:\n        x += 1\n    case _:\n        pass\n",
        "try:\n    x += 1\nexcept* ValueError as e:\n    pass\nelse:\n    y = 1\nfinally:\n    z = 1\n",
        "async def f():\n    async for i in x:\n        await g()\n    async with a as b, c:\n        pass\n",
        "@a.b(1)\nclass A(B):\n    x: int\n    def f(self, /, a: int = 1, *b, c=2, **d) -> int:\n        return self.x\n",
        "x = f'{a + b:>{w}} {c!r}'\nif (n := len(a)) > 3:\n\tx[i] += 1\n",
        "for i, (a, b) in enumerate(z):\n    pass\nelse:\n    del a\nwhile True:\n    break\n",
        "%matplotlib inline\n!ls\nη = ü + 1\n",
        "x = [a for a in b if a] + {**c}\r\ny = lambda *a, **k: (yield)\r\n",
    ],
)  # fmt: skip
def test_every_statement_comes_back_as_python(source: str) -> None:
    text = one(source)
    ast.parse(text)
    form = canonical(source)
    assert form is not None
    for i, line in enumerate(form.text.splitlines(), start=1):
        form.place(i, len(line) - len(line.lstrip()), len(line))
