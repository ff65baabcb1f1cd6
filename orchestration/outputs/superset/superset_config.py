"""What Superset is told. Its own Python reads this; what is secret, and where PostgreSQL is, stands in a file of SUPERSET_HOME."""

import json
import os
from pathlib import Path
from typing import Any

from babel.dates import get_day_names, get_month_names

_KEPT = json.loads((Path(os.environ["SUPERSET_HOME"]) / "geheim.json").read_text(encoding="utf-8"))

SECRET_KEY = _KEPT["key"]
SQLALCHEMY_DATABASE_URI = f"postgresql+psycopg2://superset:{_KEPT['superset']}@127.0.0.1:{_KEPT['port']}/superset"


def DB_CONNECTION_MUTATOR(address: Any, options: dict[str, Any], username: str, security_manager: Any, source: Any) -> Any:  # noqa: N802
    """The password and the port of the figures' database: no file and no table of Superset has them."""
    if address.username == "vt_superset" and address.host == "127.0.0.1":
        address = address.set(password=_KEPT["vt_superset"], port=_KEPT["port"])
    return address, options


# nobody gets in without a user, and users are made by the administrator alone
AUTH_USER_REGISTRATION = False
PUBLIC_ROLE_LIKE = None

# the browser asks nobody else, whatever a page would: its beacon of use (scarf.sh) among that
TALISMAN_ENABLED = True
TALISMAN_CONFIG = {
    "content_security_policy": {
        "default-src": ["'self'"],
        "base-uri": ["'self'"],
        "img-src": ["'self'", "blob:", "data:"],
        "font-src": ["'self'", "data:"],
        "worker-src": ["'self'", "blob:"],
        "connect-src": ["'self'"],
        "object-src": "'none'",
        "style-src": ["'self'", "'unsafe-inline'"],
        "script-src": ["'self'", "'strict-dynamic'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    },
    "content_security_policy_nonce_in": ["script-src"],
    "force_https": False,  # loopback
    "session_cookie_secure": False,
}
THEME_FONT_URL_ALLOWED_DOMAINS: list[str] = []

# Dutch
BABEL_DEFAULT_LOCALE = "nl"
LANGUAGES = {"nl": {"flag": "nl", "name": "Nederlands"}}
D3_FORMAT = {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["€ ", ""]}
SUNDAY_FIRST = (6, 0, 1, 2, 3, 4, 5)
D3_TIME_FORMAT = {
    "dateTime": "%a %e %B %Y %X",
    "date": "%d-%m-%Y",
    "time": "%H:%M:%S",
    "periods": ["AM", "PM"],
    "days": [get_day_names("wide", locale="nl")[n] for n in SUNDAY_FIRST],
    "shortDays": [get_day_names("abbreviated", locale="nl")[n] for n in SUNDAY_FIRST],
    "months": list(get_month_names("wide", locale="nl").values()),
    "shortMonths": list(get_month_names("abbreviated", locale="nl").values()),
}

APP_NAME = "Veilig Thuis"
THEME_DARK = None
EXTRA_CATEGORICAL_COLOR_SCHEMES = [
    {
        "id": "veiligThuis",
        "label": "Veilig Thuis",
        "isDefault": True,
        "colors": ["#8f3f26", "#2c6a6b", "#b98122", "#5d4a7a", "#66752f", "#b4637a", "#3f5f8a", "#7a736a"],
    }
]

# counts and shares change with each release: nothing is kept
CACHE_CONFIG = {"CACHE_TYPE": "NullCache"}
DATA_CACHE_CONFIG = {"CACHE_TYPE": "NullCache"}
