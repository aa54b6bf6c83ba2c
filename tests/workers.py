"""How tests are shared among workers (`pytest -n 2`): file by file, from both ends.

The first worker begins with the browser's tests, every other with the last of the rest. A browser that draws without a
graphics card takes a core and more: two of them at a time would only wait for one another. What stands before the
browser's tests can be done while the atlas is being built (`--beside-build`): all workers begin with that.
"""

from __future__ import annotations

from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController


class FromBothEnds(LoadFileScheduling):  # type: ignore[misc]
    """Files in the order of collection; from the browser's on, only the first worker takes them from the front."""

    def _assign_work_unit(self, node: WorkerController) -> None:
        if node is not self.nodes[0] and not self._before_the_browser():
            self.workqueue.move_to_end(next(reversed(self.workqueue)), last=False)
        super()._assign_work_unit(node)

    def _before_the_browser(self) -> bool:
        first, *others = ("browser/" in file for file in self.workqueue)
        return not first and any(others)
