"""The HTTP API under `/api`: partners, apps, USSD, IVR, care and the operator ask here.

Each call becomes an event like any other, and its answer is what was decided.
To add an endpoint: a module with a `router`, listed in `api.application.ROUTERS`; if it brings an
event of a new type, the type is listed in `api.desk.HEARD`.
"""
