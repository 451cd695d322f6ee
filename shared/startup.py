"""Start-up of a process that serves: settings from the environment, logs and memory as they say."""

from shared.runtime import tune_garbage_collector
from shared.settings import Settings
from shared.telemetry import configure_logging


def configured_settings() -> Settings:
    """Read the settings, and configure logs to standard error; raises ValidationError."""
    settings = Settings()
    configure_logging(settings.log_level)
    tune_garbage_collector()
    return settings
