"""A web application whose one page solves as many equations as the map of a large company does."""

from __future__ import annotations

import numpy as np

from wegmarke.site.threads import in_threads


def page(_environ, start_response):
    many = np.eye(300) * 300 + np.ones((300, 300))
    found = np.linalg.solve(many, np.ones(300))
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{found.sum():.3f}".encode()]


application = in_threads(page)
