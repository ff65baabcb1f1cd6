"""The one error that the generator raises for what a user can put right."""

from orchestration.errors import UserError


class DemoError(UserError):
    """The published figures cannot be met, contradict each other, or hold a figure that the generator has no rule for."""
