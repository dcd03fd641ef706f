"""What the system itself knows for the record of processing, room by room."""

from wegmarke.capture.processing import OWN as CAPTURE
from wegmarke.people.processing.own import OWN as PEOPLE

KNOWN = (*PEOPLE, *CAPTURE)
