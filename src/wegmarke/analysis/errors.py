"""What analysis refuses."""


class AnalysisError(ValueError):
    """A question or data that cannot be analysed; the message says why."""


class InvalidJourneysError(AnalysisError):
    """Arrays that break a guarantee of `Journeys`."""


class InvalidQuestionError(AnalysisError):
    """A question whose parameters contradict each other or name what does not exist."""
