"""In place of test_model.py, on a platform for which the extra `ai` has no wheel (`WHEELS` in deploy/bootstrap.py)."""

import pytest

from deploy.bootstrap import machine
from services import search


@pytest.mark.parametrize("platform", ["-".join(machine())])
def test_no_wheel_of_the_model_for_this_platform_where_the_service_is_tested_without(platform: str) -> None:
    assert not search.installed()
