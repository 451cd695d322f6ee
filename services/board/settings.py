"""Settings of the board alone, from the environment; docs/running.md has them in words."""

from pydantic_settings import BaseSettings, SettingsConfigDict


class BoardSettings(BaseSettings):
    """What the pages say of the council, and the secret that seals cookies and hidden fields.

    Without a secret each process makes its own: sessions then end with it, and replicas do not share them.
    """

    model_config = SettingsConfigDict(env_prefix="BOARD_", env_ignore_empty=True, hide_input_in_errors=True)

    secret: str = ""
    # the number that people ring, in the footer and wherever a page cannot help
    phone: str = "01708 434343"
