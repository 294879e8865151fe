"""Facts about providers."""

from services.core.errors import AppError


class OptionsInvalid(AppError):
    """A destination's options, or an address, cannot be used with its provider."""

    code = "provider-options-invalid"
