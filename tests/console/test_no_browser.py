"""In place of test_desk_keys.py, on a machine without a Chromium."""

from tests.chromium import program


def test_no_chromium_on_this_machine_so_that_the_keys_of_the_desk_are_not_tried() -> None:
    assert program() is None
