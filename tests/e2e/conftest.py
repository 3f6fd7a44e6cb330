"""The extra `ai` is tested where there is a wheel of it; where there is none, the tests say so by their name."""

from deploy.bootstrap import has_wheel

collect_ignore = ["test_model_without_a_wheel.py" if has_wheel() else "test_model.py"]
