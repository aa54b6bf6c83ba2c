"""How tests are shared among workers (`pytest -n 2`): file by file, from both ends.

The first worker begins with the browser's tests, every other with the last of the rest. A browser that draws without a
graphics card takes a core and more: two of them at a time would only wait for one another.
"""

from __future__ import annotations

from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController


class FromBothEnds(LoadFileScheduling):  # type: ignore[misc]
    """Files in the order of collection, the browser's before all others; taken from the front by the first worker."""

    def _assign_work_unit(self, node: WorkerController) -> None:
        if node is not self.nodes[0]:
            self.workqueue.move_to_end(next(reversed(self.workqueue)), last=False)
        super()._assign_work_unit(node)
