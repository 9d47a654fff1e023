"""Which server has which GPU, where no engine keeps count: Docker gives everybody the same card if asked for one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from hub_config.classroom.settings import Gpus

# A person's name and the name of their server ("" for the usual one).
Holder = tuple[str, str]


@dataclass
class Leases:
    """The leases of a running hub. A hub that starts again restores them from its servers' states."""

    gpus: Gpus
    _held: dict[Holder, str] = field(default_factory=dict)

    def __deepcopy__(self, memo: object) -> Leases:
        # traitlets copies its configuration for each spawner, and all must lend from one stock.
        return self

    @property
    def has_cards(self) -> bool:
        return bool(self.gpus.whole or self.gpus.slices or self.gpus.shared)

    def places(self, kind: str) -> Counter[str]:
        """Cards by how many servers each may have at once."""
        if kind == "shared":
            return Counter(self.gpus.shared)
        return Counter(self.gpus.whole if kind == "whole" else self.gpus.slices)

    def free(self, kind: str, running: Mapping[Holder, str] | None = None) -> Counter[str]:
        """Cards by how many servers each could take now.

        Args:
            kind: "whole", "slice" or "shared".
            running: cards of servers that an engine knows to be running, whatever this hub remembers.
        """
        used = Counter(({**(running or {}), **self._held}).values())
        return self.places(kind) - used

    def take(
        self, holder: Holder, kind: str, running: Mapping[Holder, str] | None = None
    ) -> str | None:
        """Lend a card, the emptiest first; None if none is free. What the holder had is given back."""
        self.give_back(holder)
        others = {other: card for other, card in (running or {}).items() if other != holder}
        free = self.free(kind, others)
        if not free:
            return None
        # In the file's order among equals, so that it is plain which card comes next.
        card = max(self.places(kind), key=lambda each: free[each])
        self._held[holder] = card
        return card

    def restore(self, holder: Holder, card: str) -> None:
        """Note a card that a server has had since before this hub started."""
        self._held[holder] = card

    def give_back(self, holder: Holder) -> None:
        self._held.pop(holder, None)
