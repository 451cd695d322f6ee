"""Sign-in of the board: who is here, forms that only they can send, and the ways in and out.

People sign in at the council's own OpenID provider (`OIDC_ISSUER`), by the authorization code flow with PKCE;
where `make run` has demo clients, by choosing one. The session is in the browser alone, sealed into cookies.

For pages, which need nothing else:

- `current(request)`: the session of whoever is here, or None. It has `token` for the API, `name`, `roles`,
  `departments`, `scopes`, and `proved_within(seconds, now)` for what is shown after a fresh sign-in alone.
- `shorten(request)`: from now on this session ends after ten minutes untouched.
- `resting(request)`: the silence of the provider or the API for which a session rests; its cookies stay.
- `reader_mark(request)`: a mark of whoever a page is shown to, by which a kept page finds them gone.
- `reveal(request, now)`: notes in the session that its person asked to see what is on no list.
- `form_token(request)`: the value of the hidden field `csrf` of every form, `checked_form(request)` what such
  a form brought; it raises `FormRefused` for one that was made for somebody else, or by another site.
- `sign_in_at(then, again=False)`: the address that leads through the sign-in to a page of ours; `again`
  has people prove once more who they are (`max_age=0`).

For the pages of the sign-in itself:

- `start(request, then, again=…)`: the provider's page; raises `SignInFailed`.
- `finish(request)`: takes in whom the provider sends back; answers where they wanted to go. Raises it too.
- `choose(request, person)`: a demo person, in the place of both.
- `leave(request)`, `left(request)`: ends the session; the provider's address at which it is ended there too.

`Sessions` stands around all pages: it opens the cookies, ends what was idle for too long, has a token renewed
before it ends, and puts back what changed. A refresh that a script asks for is no sign of a person.
"""

from services.board.signin.forms import (
    FIELD,
    FormRefused,
    SignedOut,
    checked_form,
    form_token,
    own_page,
    reader_mark,
)
from services.board.signin.people import Session
from services.board.signin.provider import Away, ProviderAway, SignInFailed
from services.board.signin.sessions import Sessions, current, resting, reveal, shorten
from services.board.signin.settings import SignInSettings
from services.board.signin.ways import SignIn, choose, finish, leave, left, sign_in_at, sign_in_of, start

__all__ = [
    "FIELD",
    "Away",
    "FormRefused",
    "ProviderAway",
    "Session",
    "Sessions",
    "SignIn",
    "SignInFailed",
    "SignInSettings",
    "SignedOut",
    "checked_form",
    "choose",
    "current",
    "finish",
    "form_token",
    "leave",
    "left",
    "own_page",
    "reader_mark",
    "resting",
    "reveal",
    "shorten",
    "sign_in_at",
    "sign_in_of",
    "start",
]
