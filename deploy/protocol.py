"""HTTP/1.1 as our processes speak it: trailer fields are dropped (RFC 9110 section 6.5.1)."""

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class TrailerlessProtocol(HttpToolsProtocol):
    """uvicorn's protocol, whose parser reports trailers as it does headers.

    It would add them to the headers that the application was given: an Authorization, or a Content-Length to
    pass on, that nobody who judged the headers has seen. uvicorn's other protocol, on h11, drops them.
    """

    _headers_are_complete = False

    def on_message_begin(self) -> None:
        """Begin another request, whose headers may come."""
        self._headers_are_complete = False
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header in; what comes after the body is none."""
        if not self._headers_are_complete:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Hand the request on to the application."""
        self._headers_are_complete = True
        super().on_headers_complete()
