"""Settings of the board alone, from the environment; docs/running.md has them in words."""

from pydantic_settings import BaseSettings, SettingsConfigDict


class BoardSettings(BaseSettings):
    """The words of the pages about the council, and the secret that seals cookies and hidden fields.

    Without a secret each process makes its own: sessions then end with it, and replicas do not share them.
    """

    model_config = SettingsConfigDict(env_prefix="BOARD_", env_ignore_empty=True, hide_input_in_errors=True)

    secret: str = ""
    # the number that people ring, in the footer and wherever a page cannot help
    phone: str = "01708 434343"
    # whom to ring in danger, in the order in which the first page of a report has them
    danger: dict[str, str] = {
        "Fire, or someone is hurt or in danger": "999",
        "A smell of gas": "0800 111 999",
        "A repair that cannot wait, day or night": "0800 151 3444",
    }
    # a page that says nothing of us, for whoever leaves in haste
    neutral_page: str = "https://www.bbc.co.uk/weather"
    # the machine client of role frontend, for pages that need no sign-in
    frontend_id: str = ""
    frontend_secret: str = ""
