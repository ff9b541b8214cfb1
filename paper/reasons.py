"""Names of the reasons, apart from their words: what opens files in a process of its own needs no more."""

from enum import StrEnum


class Reason(StrEnum):
    """What stands in `scanned_sheet.reason` and `scanned_page.reason`."""

    # a sheet waits
    DOUBTS = "doubts"
    MISSING_SIDE = "missing_side"
    COPY = "copy"
    NO_NUMBER = "no_number"
    NO_PLACES = "no_places"
    TWO_SHEETS = "two_sheets"
    ORIGINAL_UNDONE = "original_undone"
    MORE = "more"
    DESTROYED = "destroyed"
    UNREAD_AGAIN = "unread_again"
    CLOSED = "closed"
    # a sheet is spoiled
    FOREIGN = "foreign"
    OTHER_CAMPAIGN = "other_campaign"
    UNKNOWN_NUMBER = "unknown_number"
    EMPTY = "empty"
    UNREADABLE = "unreadable"
    BY_HAND = "by_hand"
    # a page that could not be had out of its file
    DAMAGED = "damaged"
    TOO_LARGE = "too_large"
    BOMB = "bomb"
    TOO_MANY = "too_many"
    REST = "rest"
    # a whole file
    NOT_A_PICTURE = "not_a_picture"
    HEIC = "heic"
    ENCRYPTED = "encrypted"
    FILE_TOO_LARGE = "file_too_large"
    EMPTY_FILE = "empty_file"
    NESTED = "nested"
    # a page without a sheet
    BLANK = "blank"
    COVER = "cover"
