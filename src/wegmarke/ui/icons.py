"""The icons of the shell, drawn for Wegmarke on a 24-by-24 grid with round strokes.

Kept as path data and put into the page: no request, no flash, and they take the colour of their text.
"""

from __future__ import annotations

ICONS: dict[str, str] = {
    "overview": "M4 13a8 8 0 0 1 16 0M12 13l4-4M4 13v2a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2v-2",
    "map": "M12 3v18M12 5h6l2 2-2 2h-6zM12 11H6l-2 2 2 2h6M9 21h6",
    "plan": "M5 6a1 1 0 0 1 1-1h12a1 1 0 0 1 1 1v13a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1zM5 10h14M9 3v4M15 3v4",
    "ask": "M5 5h14a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1h-7l-5 4v-4H5a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1zM8 10h8",
    "understand": "M15.5 15.5 20 20M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM8 12v-1M10.5 12V8M13 12v-2",
    "act": "M4 12l5 5L20 6M4 18h3",
    "people": "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM5 20c0-4 3-5 7-5s7 1 7 5",
    "settings": "M4 7h9M17 7h3M4 17h3M11 17h9M13 7a2 2 0 1 0 4 0 2 2 0 0 0-4 0"
    "M7 17a2 2 0 1 0 4 0 2 2 0 0 0-4 0",
    "sun": "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 3v1M12 20v1M3 12h1M20 12h1M5.6 5.6l.7.7M17.7 17.7l.7.7"
    "M18.4 5.6l-.7.7M6.3 17.7l-.7.7",
    "moon": "M19 14.5A7.5 7.5 0 0 1 9.5 5 7.5 7.5 0 1 0 19 14.5z",
    "screen": "M4 5h16v11H4zM9 20h6M12 16v4",
    "language": "M4 6h9M8.5 4v2M11 6c-.6 3.5-3 6-6.5 7.5M6 9c1 2 3 4 6 4.5M12.5 20l4-9 4 9M14 17h5",
    "user": "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM5 20c0-4 3-5 7-5s7 1 7 5",
    "key": "M14.5 4a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM10.5 13.5 4 20M6 18l2 2M16 8v.01",
    "leave": "M14 5H6a1 1 0 0 0-1 1v12a1 1 0 0 0 1 1h8M10 12h10M17 9l3 3-3 3",
    "import": "M12 4v10M8 10l4 4 4-4M4 16v3a1 1 0 0 0 1 1h14a1 1 0 0 0 1-1v-3",
    "export": "M12 14V4M8 8l4-4 4 4M4 16v3a1 1 0 0 0 1 1h14a1 1 0 0 0 1-1v-3",
    "info": "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 11v5M12 8v.01",
    "warning": "M12 4 3 19h18zM12 10v4M12 16.5v.01",
    "check": "M5 12.5 10 17 19 7",
    "cross": "M6 6l12 12M18 6 6 18",
    "up": "M12 19V6M7 11l5-5 5 5",
    "down": "M12 5v13M7 13l5 5 5-5",
    "flat": "M5 12h14",
    "unknown": "M9 9a3 3 0 1 1 4.5 2.600c-1 .6-1.5 1.200-1.5 2.400M12 17.5v.01",
    "next": "M9 6l6 6-6 6",
    "sort": "M8 10l4-4 4 4M8 14l4 4 4-4",
    "edit": "M4 20h4L19 9l-4-4L4 16zM13 7l4 4",
    "plus": "M12 5v14M5 12h14",
    "menu": "M4 7h16M4 12h16M4 17h16",
    "empty": "M4 13l3-8h10l3 8v5a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1zM4 13h5a3 3 0 0 0 6 0h5",
}
