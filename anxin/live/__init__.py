"""The live lane: server-sent events for the duty boards, bare ASGI beside Django, and the safety sweep."""
