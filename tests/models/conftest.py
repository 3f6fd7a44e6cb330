"""How long the properties search: quick by default, long with EWN_TEST_PROFILE=deep."""

import os

from hypothesis import HealthCheck, settings

_SLOW_START = [HealthCheck.too_slow]  # two shared cores: a slow first draw says nothing about the property

settings.register_profile(
    "quick", max_examples=60, stateful_step_count=25, deadline=None, suppress_health_check=_SLOW_START
)
settings.register_profile(
    "deep", max_examples=1000, stateful_step_count=60, deadline=None, suppress_health_check=_SLOW_START
)
settings.load_profile("deep" if os.environ.get("EWN_TEST_PROFILE") == "deep" else "quick")
