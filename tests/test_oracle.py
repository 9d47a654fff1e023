"""Hidden inputs are the same everywhere, and shrink."""

import importlib
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import strategies as st

from autograder.oracle import draw_inputs, smallest_failing
from autograder.strategies import decimals, vectors


def test_the_same_seed_draws_the_same_inputs() -> None:
    strategy = st.tuples(st.integers(-3000, 3000))
    assert draw_inputs(strategy, 50, 1) == draw_inputs(strategy, 50, 1)
    assert draw_inputs(strategy, 50, 1) != draw_inputs(strategy, 50, 2)


def test_inputs_do_not_depend_on_the_modules_that_are_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    strategy = st.tuples(st.integers(-3000, 3000))
    before = draw_inputs(strategy, 300, 1)
    # Hypothesis collects such constants from the source of modules outside site-packages.
    (tmp_path / "full_of_constants.py").write_text(f"NUMBERS = {list(range(101, 400))}\n")
    monkeypatch.syspath_prepend(tmp_path)
    importlib.import_module("full_of_constants")
    try:
        assert draw_inputs(strategy, 300, 1) == before
    finally:
        del sys.modules["full_of_constants"]


def test_a_failing_input_shrinks_to_round_numbers() -> None:
    strategy = st.tuples(vectors(max_size=5), decimals(0.1, 3.0))
    found = smallest_failing(strategy, lambda inputs: bool(np.any(inputs[0] > 1.0)))
    assert found is not None
    assert found[0].tolist() == [1.1]
    assert found[1] == 0.1


def test_nothing_fails_where_all_inputs_pass() -> None:
    assert smallest_failing(st.tuples(decimals(0.0, 1.0)), lambda inputs: False) is None
