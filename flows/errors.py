"""Trouble that is expected, said in one line, with the exit code it ends the program with."""

DONE = 0
FOUND = 1
USAGE = 2
LOCKED = 3
UNREACHABLE = 4
NOT_THERE = 5
FAULT = 70


class Trouble(Exception):
    """Something the user can put right: the message says what is wrong and what to do."""

    exit_code = FAULT


class Misuse(Trouble):
    """A command or setting that cannot be meant."""

    exit_code = USAGE


class Locked(Trouble):
    """Another run holds the lock."""

    exit_code = LOCKED


class Unreachable(Trouble):
    """A channel, or part of one, could not be reached; what the others brought is loaded."""

    exit_code = UNREACHABLE


class NotThere(Trouble):
    """What was named is not there or cannot be read, or the disk is full or refuses a file."""

    exit_code = NOT_THERE
