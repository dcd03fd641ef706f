"""Any selection of journeys as an XES event log, for the tools of process mining."""
