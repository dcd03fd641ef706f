"""How strong an unmeasured cause would have to be."""

from __future__ import annotations

import math


def e_value(treated: float, control: float) -> float | None:
    """Return the E-value of a risk ratio treated/control, at least 1; None where it is not defined.

    An unmeasured cause would have to raise both the exposure and the outcome by at least this factor to
    explain the whole difference away. Source: VanderWeele & Ding (2017), Annals of Internal Medicine 167.
    """
    if treated <= 0 or control <= 0:
        return None
    ratio = max(treated, control) / min(treated, control)
    return ratio + math.sqrt(ratio * (ratio - 1))
