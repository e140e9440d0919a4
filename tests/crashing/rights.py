"""Giving up root's right to go past the modes of files, so that they bind as for anyone else.

The user stays the same: another one might not be allowed to run this Python.
"""

import ctypes
import os

_VERSION = 0x20080522
_BOUNDING_DROP = 24
_OVERRIDE, _READ_SEARCH = 1, 2


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Sets(ctypes.Structure):
    _fields_ = (
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    )


def give_up() -> None:
    """For this process and all that it starts; OSError where the system does not let it."""
    if os.geteuid() != 0:
        return
    system = ctypes.CDLL(None, use_errno=True)
    for each in (_OVERRIDE, _READ_SEARCH):  # else a started process would have them again
        _see(system.prctl(_BOUNDING_DROP, each, 0, 0, 0))
    header, sets = _Header(_VERSION, 0), (_Sets * 2)()
    _see(system.capget(ctypes.byref(header), sets))
    for kind in ("effective", "permitted", "inheritable"):
        setattr(sets[0], kind, getattr(sets[0], kind) & ~(1 << _OVERRIDE | 1 << _READ_SEARCH))
    _see(system.capset(ctypes.byref(header), sets))


def _see(code: int) -> None:
    if code:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
