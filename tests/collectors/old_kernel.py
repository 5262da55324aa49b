"""What an older kernel answers on the wire, the rest asked of the real one."""

from __future__ import annotations

import errno
import os

from ocnetview.collectors.netlink import NETLINK_GET_STRICT_CHK, RTM_GETSTATS, Netlink


class OldKernel(Netlink):
    """A socket of a kernel before 4.7: no RTM_GETSTATS, no strict checking."""

    error = errno.EOPNOTSUPP
    """How it refuses a request that it does not know."""

    def __init__(self) -> None:
        self.refused = 0
        super().__init__()

    def _enable(self, option: int) -> bool:
        return option != NETLINK_GET_STRICT_CHK and super()._enable(option)

    def dump(
        self,
        request: int,
        family: bytes,
        answer: int,
        attributes: bytes = b"",
        *,
        torn: bool = False,
    ) -> list[bytes]:
        """Refuse what came with 4.7."""
        if request == RTM_GETSTATS:
            self.refused += 1
            raise OSError(self.error, os.strerror(self.error))
        return super().dump(request, family, answer, attributes, torn=torn)
