"""A learning rate that climbs in a straight line and then falls along a cosine.

warmup_cosine(step, total, warmup, peak, final) -> lr: a float. Steps are whole numbers from 0.
Before warmup the rate is peak * step / warmup; from there half a cosine leads from peak to final,
which is reached at step = total; beyond total the rate stays final. warmup may be 0, and may equal
total.
"""

import math

from autograder.model import Case, Group, Problem
from autograder.strategies import decimals, st


def warmup_cosine(step, total, warmup, peak, final):
    if step < warmup:
        return peak * step / warmup
    if step >= total:
        return final
    progress = (step - warmup) / (total - warmup)
    return final + (peak - final) * (1 + math.cos(math.pi * progress)) / 2


@st.composite
def _steps(draw, part):
    total = draw(st.integers(4, 200))
    warmup = draw(st.integers(2, total - 2))
    step = draw(st.integers(1, warmup - 1) if part == "ramp" else st.integers(warmup, total))
    return (
        step,
        total,
        warmup,
        draw(decimals(0.2, 2.0, places=2)),
        draw(decimals(0.01, 0.1, places=2)),
    )


problem = Problem(
    reference=warmup_cosine,
    source="Loshchilov and Hutter (2017), SGDR: Stochastic Gradient Descent with Warm Restarts, "
    "equation 5 without restarts, after a linear warm-up",
    rtol=1e-6,
    atol=1e-9,
    examples=[
        Case("half-way up the ramp", (5, 100, 10, 0.1, 0.01)),
        Case("half-way down the cosine", (55, 100, 10, 0.1, 0.01)),
        Case("past the end", (120, 100, 10, 0.1, 0.01)),
    ],
    groups=[
        Group(
            "the ramp",
            points=1,
            cases=(
                Case("the first step has rate zero", (0, 50, 10, 0.4, 0.1)),
                Case("the last step of the ramp", (9, 50, 10, 0.4, 0.1)),
                Case("a ramp of one step", (0, 8, 1, 0.4, 0.1)),
            ),
            strategy=_steps("ramp"),
            count=20,
        ),
        Group(
            "the cosine",
            points=2,
            cases=(
                Case("the first step after the ramp", (10, 50, 10, 0.4, 0.1)),
                Case("the step after that", (11, 50, 10, 0.4, 0.1)),
                Case("down to zero", (35, 50, 5, 0.8, 0.0)),
                Case("the last step before the end", (49, 50, 10, 0.4, 0.1)),
            ),
            strategy=_steps("cosine"),
            count=25,
        ),
        Group(
            "the ends",
            points=1,
            cases=(
                Case("no ramp, first step", (0, 20, 0, 0.4, 0.1)),
                Case("no ramp, later step", (7, 20, 0, 0.4, 0.1)),
                Case("the end itself", (20, 20, 5, 0.4, 0.1)),
                Case("one step past the end", (21, 20, 5, 0.4, 0.1)),
                Case("far past the end, where a cosine climbs again", (35, 20, 5, 0.4, 0.1)),
                Case("just after a ramp of one step", (1, 8, 1, 0.4, 0.1)),
                Case("a cosine of one step", (4, 5, 4, 0.4, 0.1)),
                Case("a cosine of one step, at its end", (5, 5, 4, 0.4, 0.1)),
                Case("a ramp as long as the run, on the ramp", (3, 6, 6, 0.4, 0.1)),
                Case("a ramp as long as the run, past its end", (8, 6, 6, 0.4, 0.1)),
            ),
        ),
    ],
    unseen_bugs={
        "step >= total -> step > total": "they differ only where total = warmup = step, "
        "and there the text leaves the choice between peak and final open",
        "step >= total and step >= warmup -> step >= total": "they differ only where the ramp is longer "
        "than the run, which the text rules out",
        "step >= warmup -> step >= step": "the same",
        "max(self.total, self.warmup) -> self.total": "the same",
    },
)
