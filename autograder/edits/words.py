"""The words of a text of code: what resembles what, and which functions stand for each other."""

from __future__ import annotations

import re
from collections import Counter

PLAIN_NAMES = frozenset(
    "np math torch abs min max sum len range float int bool list tuple zip enumerate round sorted any all pow "
    "map isinstance True False None".split()
)
RATES = ("lr", "alpha", "eta", "learning_rate")
TWINS = {
    "sin": ("cos",), "cos": ("sin",), "max": ("min", "maximum"), "min": ("max", "minimum"),
    "maximum": ("minimum",), "minimum": ("maximum",), "amax": ("maximum",), "amin": ("minimum",),
    "sum": ("mean",), "mean": ("sum",), "any": ("all",), "all": ("any",), "abs": ("square",),
    "square": ("abs",), "add": ("sub", "subtract"), "subtract": ("add",), "sub": ("add",),
    "add_": ("sub_",), "sub_": ("add_",), "multiply": ("divide",), "divide": ("multiply",),
    "mul_": ("div_",), "div_": ("mul_",), "mul": ("div",), "div": ("mul",), "asarray": ("array",),
    "from_numpy": ("tensor",), "as_tensor": ("tensor",), "exp": ("log",), "log": ("exp",),
    "floor": ("float",), "addcmul_": ("addcdiv_",), "addcdiv_": ("addcmul_",), "relu": ("abs",),
    "argmin": ("min",), "argmax": ("max",), "zeros": ("ones",), "ones": ("zeros",),
    "zeros_like": ("ones_like",), "ones_like": ("zeros_like",), "tan": ("cos",), "cosh": ("cos",),
    "sinh": ("sin",), "clamp_min": ("clamp_max",), "clamp_max": ("clamp_min",), "sign": ("abs",),
    "det": ("trace",), "trace": ("det",), "eigvals": ("eigvalsh",), "true_divide": ("multiply",),
}  # fmt: skip
WRAPPERS = frozenset(
    "abs fabs absolute sqrt square sign maximum minimum max min clip int round floor ceil float bool exp log sum "
    "mean norm relu clamp list tuple array asarray astype long clamp_ abs_ sqrt_ neg square_ negative sorted trunc "
    "rint tanh around all any pow power item sign_ int_ int64 reversed isclose detach".split()
)
"""Functions that are often put around an expression which should stand alone."""


def words(text: str) -> list[str]:
    return re.findall(r"\*\*|[A-Za-z_]\w*|\d+\.?\d*(?:e-?\d+)?|[-+*/<>=@]", text)


def distance(a: Counter[str], b: Counter[str]) -> int:
    """How many words stand in one text and not in the other."""
    return (a - b).total() + (b - a).total()


def short(text: str, limit: int = 60) -> str:
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1] + "…"


def kebab(name: str) -> str:
    """A function's name as part of a rule's: `clamp_min` is clamp-min."""
    return name.strip("_").replace("_", "-").lower() or "call"


def alike(a: str, b: str) -> float:
    """1 for names that are easily taken for each other: m and m_hat, x1 and x2."""
    a, b = a.removeprefix("self."), b.removeprefix("self.")
    stem_a, stem_b = re.split(r"[_\d]", a)[0], re.split(r"[_\d]", b)[0]
    if stem_a and stem_a == stem_b:
        return 1.0
    if a[:1] == b[:1] and (len(a) == 1 or len(b) == 1):
        return 0.8
    return 0.4 if len(a) == len(b) else 0.0


def stem(name: str) -> str:
    """The same for b1 and beta1, self.lr and lr, weight_decay and wd: the initials and the number."""
    name = name.removeprefix("self.").lower()
    if name in (*RATES, "step_size"):
        return "lr"
    digits = re.sub(r"\D", "", name)
    parts = [part for part in re.sub(r"\d", "", name).split("_") if part]
    if len(parts) > 1:
        return "".join(part[0] for part in parts) + digits
    return (name if len(name) <= 2 and not digits else name[:1]) + digits


def is_type(text: str) -> bool:
    """Whether it names a type, a shape, or something else of a module that is no number."""
    pattern = r"\.(float|int|complex|dtype|shape|size|ndim|newaxis)\d*$|^(np|math|torch)\.\w+$"
    return re.search(pattern, text) is not None and not text.endswith(".pi")
