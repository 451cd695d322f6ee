"""The pages of the sign-in: the way to the provider and back, demo persons, and the way out."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from services.board import signin
from services.board.frame import ROOT, page
from services.board.pages.queueing import mark_of
from services.board.signin import SignInFailed
from shared.caller import Role

router = APIRouter(prefix=ROOT)

PROVIDER = f"{ROOT}/sign-in/provider"
SIGNED_OUT = f"{ROOT}/signed-out"
OUTSIDE = frozenset({Role.CONTRACTOR, Role.OFFICER})
MARK, MARK_SECONDS = "mark", 24 * 60 * 60


@router.get("/sign-in")
async def read_sign_in(request: Request, then: str = ROOT, again: bool = False) -> Response:
    """The provider's own page, or where there are demo persons, a page to choose one."""
    if not signin.sign_in_of(request).demo_persons:
        return await begin(request, then, again)
    return choosing(request, then)


@router.get("/sign-in/provider")
async def begin(request: Request, then: str = ROOT, again: bool = False) -> Response:
    """Go to the provider; a page of ours says so where it gives no answer."""
    try:
        return await signin.start(request, then, again=again)
    except SignInFailed as failed:
        return failure(request, failed, then)


@router.get("/sign-in/return")
async def come_back(request: Request) -> Response:
    """Come back from the provider."""
    try:
        return _signed_in(request, await signin.finish(request))
    except SignInFailed as failed:
        return failure(request, failed, ROOT)


@router.post("/sign-in")
async def choose(request: Request) -> Response:
    """Sign in as a demo person."""
    form = await signin.checked_form(request)
    then = signin.own_page(str(form.get("then", ROOT)), ROOT)
    try:
        await signin.choose(request, str(form.get("person", "")))
    except SignInFailed as failed:
        return failure(request, failed, then)
    return _signed_in(request, then)


@router.get("/sign-out")
async def read_sign_out(request: Request) -> Response:
    """Ask whoever came by a link: a form alone may end a session, or any page of another site could."""
    return page(request, "sign_out.html", "Sign out", csrf=signin.form_token(request))


@router.post("/sign-out")
async def sign_out(request: Request) -> Response:
    """End the session here; the page that follows leads on to its end at the provider."""
    try:
        await signin.checked_form(request)
    except signin.SignedOut:  # it has ended by itself
        return RedirectResponse(SIGNED_OUT, 303)
    return signin.leave(request, SIGNED_OUT)


@router.get("/signed-out")
async def read_signed_out(request: Request) -> Response:
    """The page for whoever has left."""
    return page(request, "signed_out.html", "Signed out", provider=await signin.left(request))


@router.get("/session")
async def read_session(request: Request, of: str = "") -> Response:
    """Tell a script if the session still lives in which a page was shown that a browser has kept."""
    if signin.resting(request) is not None and signin.current(request) is None:
        return Response(status_code=503)
    is_another = bool(of) and of != signin.reader_mark(request)
    return Response(status_code=401 if is_another or signin.current(request) is None else 204)


def _signed_in(request: Request, then: str) -> Response:
    """Go on, with a mark of those who work outside: without signal a phone shows nobody else's pages."""
    answer, session = RedirectResponse(then, 303), signin.current(request)
    if session is not None and session.roles & OUTSIDE:
        signin.sign_in_of(request).cookies.tell(answer, MARK, mark_of(session), MARK_SECONDS)
    return answer


def choosing(request: Request, then: str) -> Response:
    """The demo persons, and the council's sign-in where there is one."""
    sign_in = signin.sign_in_of(request)
    return page(
        request,
        "sign_in.html",
        "Sign in",
        persons=sign_in.demo_persons,
        provider=PROVIDER if sign_in.provider.is_known else "",
        then=signin.own_page(then, ROOT),
        csrf=signin.form_token(request),
    )


def failure(request: Request, failed: SignInFailed, then: str, again: str = "") -> Response:
    """Say in words that a sign-in came to nothing, and since when if the provider gives no answer.

    The way on is the sign-in once more, or the page `again`.
    """
    return page(
        request,
        "sign_in_failed.html",
        "Sign in",
        status=503 if isinstance(failed, signin.Away) else 400,
        words=str(failed),
        since=failed.since_words if isinstance(failed, signin.ProviderAway) else "",
        again=again or signin.sign_in_at(signin.own_page(then, ROOT).partition("?")[0]),
    )
