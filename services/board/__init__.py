"""Board: the screens at `/board`, a front end like any other.

It has no database and no privilege: it asks the public API, through the gateway, with the token of whoever
signed in, and so proves that the API is enough. It answers for no standard and publishes nothing.

Everything works without script; what script there is refreshes parts of a page in place.
"""
