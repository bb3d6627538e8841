"""What is refused about a change of the directory."""

from __future__ import annotations

from workorders.errors import Refused


class CannotChange(Refused):
    """A change of the directory that cannot be made.

    Args:
        why: who asks is not of the ``desk``, or no ``supervisor``; it was not said ``in_group``; there is
            ``no_partner`` or ``no_group`` of that name, or ``nobody``; the group is one of ``ours``,
            ``bound`` so already, ``bound_other``, or ``unbound``; a ``key`` is another group's; an absence
            says no ``when``, is ``reversed``, ``past``, or there is ``no_absence``; a stand-in is wrong
            as in :data:`workorders.directory.away.Wrong`; or a row of the rota is somebody's who is
            ``turn_nobody`` of ours or ``turn_idle``, stands there ``turn_twice``, or is ``no_turn`` there.
        name: what or whom it is about.
    """

    def __init__(self, why: str, *, name: str | None = None) -> None:
        self.why, self.name = why, name
        super().__init__(f"the directory was not changed: {why}" + (f" ({name})" if name else ""))
