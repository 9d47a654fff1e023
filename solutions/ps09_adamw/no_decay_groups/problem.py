"""Parameter groups for AdamW: matrices decay, biases and norm scales do not.

no_decay_groups(named_parameters, wd) -> [{"params": [...], "weight_decay": wd},
{"params": [...], "weight_decay": 0.0}], the list that torch.optim.AdamW takes. named_parameters is
a list of (name, torch.nn.Parameter). What has two or more dimensions decays. A parameter with
requires_grad False is in no group; one listed under two names (tied weights) is in a group once.
The driver builds the parameters and tells which decay each got, so the order in a group is free.
"""

from autograder.model import Case, Group, Problem
from autograder.strategies import decimals, st


def no_decay_groups(named_parameters, wd):
    decayed, exempt, seen = [], [], set()
    for _, parameter in named_parameters:
        if parameter.requires_grad and id(parameter) not in seen:
            seen.add(id(parameter))
            (decayed if parameter.ndim >= 2 else exempt).append(parameter)
    return [
        {"params": decayed, "weight_decay": wd},
        {"params": exempt, "weight_decay": 0.0},
    ]


def decays_received(no_decay_groups, layers, wd):
    """For each parameter's name the decays of the groups that it was put in.

    layers holds (name, shape, trainable, tied_to); tied_to is the name of an earlier parameter that
    is listed here a second time, or "".
    """
    import torch

    parameters, names = {}, {}
    for name, shape, trainable, tied_to in layers:
        if tied_to:
            parameters[name] = parameters[tied_to]
        else:
            parameter = torch.nn.Parameter(torch.zeros(tuple(shape)), requires_grad=trainable)
            parameters[name] = parameter
            names[id(parameter)] = name
    received = {}
    for group in no_decay_groups(list(parameters.items()), wd):
        for parameter in group["params"]:
            name = names.get(id(parameter), "something that is none of the parameters")
            received.setdefault(name, []).append(float(group["weight_decay"]))
    return received


def _linear(name, rows, columns, trainable=True):
    return [
        (name + ".weight", (rows, columns), trainable, ""),
        (name + ".bias", (rows,), trainable, ""),
    ]


def _norm(name, size, trainable=True):
    return [(name + part, (size,), trainable, "") for part in (".weight", ".bias")]


@st.composite
def _models(draw):
    layers = []
    for i in range(draw(st.integers(1, 5))):
        kind = draw(st.sampled_from(["linear", "norm", "conv", "tied embedding", "scale"]))
        trainable = draw(st.sampled_from([True, True, False]))
        if kind == "linear":
            layers += _linear(f"{i}.proj", draw(st.integers(1, 3)), 2, trainable)
        elif kind == "norm":
            layers += _norm(f"{i}.ln", draw(st.integers(1, 4)), trainable)
        elif kind == "conv":
            layers.append((f"{i}.conv.weight", (2, 1, 3, 3), trainable, ""))
        elif kind == "tied embedding":
            layers.append((f"{i}.embed.weight", (4, 2), trainable, ""))
            layers.append((f"{i}.head.weight", (4, 2), trainable, f"{i}.embed.weight"))
        else:
            layers.append((f"{i}.gain", draw(st.sampled_from([(), (1,), (3,)])), trainable, ""))
    return layers


problem = Problem(
    reference=no_decay_groups,
    source="the per-parameter options of torch.optim.AdamW, with the usual exemption of biases and "
    "norm scales",
    rtol=1e-6,
    atol=1e-9,
    examples=[
        Case(
            "a linear layer and a layer norm",
            (_linear("fc", 3, 2) + _norm("ln", 3), 0.1),
        ),
        Case(
            "a frozen layer and a tied head",
            (
                [
                    ("embed.weight", (5, 2), True, ""),
                    *_linear("old", 2, 2, trainable=False),
                    ("head.weight", (5, 2), True, "embed.weight"),
                ],
                0.05,
            ),
        ),
    ],
    groups=[
        Group(
            "which parameters decay",
            points=2,
            cases=(
                Case("a small perceptron", (_linear("a", 4, 3) + _linear("b", 2, 4), 0.3)),
                Case(
                    "norms whose scale is named weight",
                    (_linear("fc", 2, 2) + _norm("bn1", 2) + _norm("final", 2), 0.1),
                ),
                Case(
                    "convolutions and single numbers",
                    (
                        [
                            ("conv.weight", (4, 3, 3, 3), True, ""),
                            ("conv.bias", (4,), True, ""),
                            ("temperature", (), True, ""),
                            ("attention.in_proj", (6, 2), True, ""),
                        ],
                        0.01,
                    ),
                ),
                Case(
                    "a row, a column and a single weight are matrices too",
                    (_linear("up", 3, 1) + _linear("down", 1, 3) + _linear("one", 1, 1), 0.2),
                ),
            ),
        ),
        Group(
            "frozen and tied parameters",
            points=1,
            cases=(
                Case(
                    "a frozen body under a new head",
                    (
                        _linear("body", 3, 3, trainable=False)
                        + _norm("ln", 3, trainable=False)
                        + _linear("head", 2, 3),
                        0.1,
                    ),
                ),
                Case(
                    "a head tied to the embedding",
                    (
                        [
                            ("wte.weight", (6, 2), True, ""),
                            *_linear("fc", 2, 2),
                            ("lm_head.weight", (6, 2), True, "wte.weight"),
                        ],
                        0.1,
                    ),
                ),
                Case(
                    "two equal matrices that are not tied",
                    (_linear("left", 2, 2) + _linear("right", 2, 2), 0.1),
                ),
                Case(
                    "a tied and frozen embedding",
                    (
                        [
                            ("wte.weight", (6, 2), False, ""),
                            *_norm("ln", 2),
                            ("lm_head.weight", (6, 2), True, "wte.weight"),
                        ],
                        0.1,
                    ),
                ),
            ),
        ),
        Group(
            "models of all sorts",
            points=1,
            strategy=st.tuples(_models(), decimals(0.01, 0.5, places=2)),
            count=25,
        ),
    ],
    public=(decays_received,),
    driver=decays_received,
    imports=("numpy", "torch"),
)
