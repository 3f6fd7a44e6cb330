"""The demo: an exercise network on bundled data, told as a story whose every step is a true result."""

from workers.demo.run import run

__all__ = ["run"]
