"""The page's few icons, drawn here: strokes in the colour of the text around them, hidden from screen readers."""

from __future__ import annotations

from typing import Literal

IconName = Literal[
    "stated", "omitted", "not_found", "passage", "sources", "new", "export", "theme", "language", "report", "close",
    "open", "copy", "send", "add", "rebuild",
]  # fmt: skip

#: Paths on a square of 24 units.
_PATHS: dict[IconName, str] = {
    "stated": '<circle cx="12" cy="12" r="9"/><path d="m8 12.4 2.7 2.7L16 9.4"/>',
    "omitted": '<rect x="3.5" y="6.5" width="17" height="11" rx="2" stroke-dasharray="3.2 2.6"/>',
    "not_found": '<circle cx="12" cy="12" r="9"/><path d="M8 12h8"/>',
    "passage": '<path d="M10 7H6.5A1.5 1.5 0 0 0 5 8.5V12h4.5v1.5A3.5 3.5 0 0 1 6 17M19.5 7H16'
    'a1.5 1.5 0 0 0-1.5 1.5V12H19v1.5a3.5 3.5 0 0 1-3.5 3.5"/>',
    "sources": '<path d="M12 3 3 7.5l9 4.5 9-4.5zM3 12l9 4.5 9-4.5M3 16.5 12 21l9-4.5"/>',
    "new": '<path d="M20 11.5a8 8 0 1 1-3.5-6.6M12 8.5v6M9 11.500h6"/>',
    "export": '<path d="M12 4v11m-4.5-4L12 15.5 16.5 11M5 19.500h14"/>',
    "theme": '<circle cx="12" cy="12" r="8.5"/><path d="M12 3.500a8.5 8.5 0 0 1 0 17z" fill="currentColor"/>',
    "language": '<circle cx="12" cy="12" r="9"/><path d="M3 12h18M12 3c3.2 3 3.2 15 0 18M12 3c-3.2 3-3.2 15 0 18"/>',
    "report": '<path d="M6 3.500h9L19 7.500V20.500H6zM9 11h7M9 14.500h7M9 7.500h3"/>',
    "close": '<path d="m6 6 12 12M18 6 6 18"/>',
    "open": '<path d="M5 12h13m-5-5 5 5-5 5"/>',
    "copy": '<rect x="8.5" y="8.5" width="11" height="11" rx="2"/><path d="M15.5 5.500v-.500a1.5 1.5 0 0 0-1.5-1.500H6'
    'a1.5 1.5 0 0 0-1.5 1.500v8A1.5 1.5 0 0 0 6 14.5"/>',
    "send": '<path d="M12 19V5m-6 6 6-6 6 6"/>',
    "add": '<path d="M12 5v14M5 12h14"/>',
    "rebuild": '<path d="M4.5 12a7.5 7.5 0 0 1 13-5.100M19.5 12a7.5 7.5 0 0 1-13 5.100M17.8 3v4.200h-4.200M6.2 21v-4.2'
    'h4.2"/>',
}


def icon(name: IconName) -> str:
    """Return an icon as inline SVG, as large as the text it stands in."""
    return f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{_PATHS[name]}</svg>'
