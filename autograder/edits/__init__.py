"""Small changes to a student's function, likeliest first: the search space of verified repair.

A change undoes one classic slip at one place of the student's own text. Order is by cost. Cheap are slips that
people make (a flipped sign, a strict comparison, one step too few); dearer are sub-expressions of the reference
put in the place of the student's, and two changes of a kind. Nothing is run here, and no change is believed
here: `diagnose` runs them in the sandbox.

`module` and `reference` are the two texts, `places` and `search` where edits are found and written down,
`messages` what each kind costs and says; then a room for each topic; `space` puts them in order. `likeness` and
`uses` help to choose among edits that all pass: what reads like the reference, and what is left without a use.
"""

from autograder.edits.module import Change, Edit, Module, apply
from autograder.edits.reference import Reference
from autograder.edits.space import Space, candidates
from autograder.edits.uses import Spoiled

__all__ = ["Change", "Edit", "Module", "Reference", "Space", "Spoiled", "apply", "candidates"]
