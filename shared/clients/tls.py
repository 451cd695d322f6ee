"""TLS towards others: one context for all clients of a process.

Each that httpx makes by itself reads all certificate authorities anew, in 20 ms and for a megabyte.
"""

import ssl
from functools import cache

import httpx


@cache
def tls() -> ssl.SSLContext:
    """The certificate authorities that httpx trusts, or those of SSL_CERT_FILE or SSL_CERT_DIR."""
    return httpx.create_ssl_context()
