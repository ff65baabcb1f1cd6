"""JSON of a public service: in time, of a bounded size, of that service alone; tried again where trying again can help."""

import http.client
import json
import random
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

from orchestration.errors import UserError
from orchestration.language import say

SCHEMES = {"http": 80, "https": 443}
AGAIN = frozenset({408, 429, 500, 502, 503, 504})
"""What a server answers when the same question may be answered later."""
CHUNK = 1 << 16
MOST_PAGES = 2_000
LONGEST_WAIT = 60.0
"""Seconds that a server may ask to wait (Retry-After) before the question is asked again."""


class SourceError(UserError):
    """A source was not read, not whole, or not as its contract says; what was read of it before stands."""


class PassingError(Exception):
    """What may be over when it is tried again; ``wait`` is what the server asks for, in seconds."""

    def __init__(self, told: str, wait: float = 0.0) -> None:
        super().__init__(told)
        self.wait = wait


@dataclass(frozen=True)
class Patience:
    """How long and how much: seconds without a byte, seconds for a whole answer, attempts, seconds before the second, bytes."""

    silence: float = 60.0
    whole: float = 600.0
    attempts: int = 4
    pause: float = 1.0
    most_bytes: int = 100_000_000


@dataclass(frozen=True)
class Answer:
    """One page: its bytes as they came, and what they say."""

    content: bytes
    data: dict[str, Any]


class Service:
    """The service at an address; nothing is asked of any other host, and nothing follows a redirect to one.

    Raises ``SourceError`` for an address that is not http or https.
    """

    def __init__(self, base: str, headers: Mapping[str, str], patience: Patience | None = None) -> None:
        self.base, self.patience = base.rstrip("/"), patience or Patience()
        self._headers = {"User-Agent": "veilig-thuis-warehouse", "Accept": "application/json", **headers}
        self._origin = _origin(urlsplit(self.base))
        self._opener = urllib.request.build_opener(_SameOrigin(self))

    def pages(self, address: str, key: str) -> Iterator[Answer]:
        """The page at ``address`` (whole, or below the service) and those that follow it, by the link under ``key`` (dots part the names).

        Raises ``SourceError`` when one of them cannot be had; what came before is no whole answer then.
        """
        seen = set[str]()
        following: str | None = self.whole(address)
        while following:
            if following in seen or len(seen) == MOST_PAGES:
                raise SourceError(
                    say("{address} names itself as the next page, or has more than {most}", address=following, most=MOST_PAGES)
                )
            seen.add(following)
            answer = self.get(following)
            yield answer
            following = _link(answer.data, key)
            if following:
                following = self.whole(urljoin(self.base + "/", following))

    def get(self, address: str) -> Answer:
        """One answer, a JSON object. Raises ``SourceError``: refused, not JSON, too large, or still failing after the last attempt."""
        whole = self.whole(address)
        for attempt in range(1, self.patience.attempts + 1):
            try:
                return self._once(whole)
            except PassingError as error:
                if attempt == self.patience.attempts:
                    told = say("{address}: {why}, {count} times", address=whole, why=error, count=attempt)
                    raise SourceError(told) from None
                pause = self.patience.pause * 2 ** (attempt - 1)
                time.sleep(max(min(error.wait, LONGEST_WAIT), pause + random.uniform(0, pause / 4)))  # noqa: S311  # no secret
        raise AssertionError

    def whole(self, address: str) -> str:
        """The whole address of ``address``. Raises ``SourceError`` when it is not of this service."""
        found = address if "://" in address else f"{self.base}/{address.lstrip('/')}"
        if _origin(urlsplit(found)) != self._origin:
            raise SourceError(say("{base} leads to another place, {address}; that was not followed", base=self.base, address=found[:200]))
        return found

    def _once(self, address: str) -> Answer:
        request = urllib.request.Request(address, headers=self._headers)  # noqa: S310  # the scheme was looked at
        try:
            with self._opener.open(request, timeout=self.patience.silence) as response:
                content = self._read(response, address)
        except urllib.error.HTTPError as error:
            if error.code in AGAIN:
                raise PassingError(say("the server answered {code}", code=error.code), _seconds(error.headers.get("Retry-After"))) from None
            raise SourceError(
                say("{address}: the server answered {code} ({reason})", address=address, code=error.code, reason=error.reason)
            ) from None
        except TimeoutError:
            raise PassingError(say("no answer within {seconds} seconds", seconds=f"{self.patience.silence:g}")) from None
        except urllib.error.URLError as error:
            if isinstance(error.reason, TimeoutError):
                raise PassingError(say("no answer within {seconds} seconds", seconds=f"{self.patience.silence:g}")) from None
            raise PassingError(say("the server cannot be reached ({reason})", reason=error.reason)) from None
        except (http.client.HTTPException, OSError) as error:
            raise PassingError(say("the answer broke off ({reason})", reason=type(error).__name__)) from None
        return Answer(content, _parsed(content, address))

    def _read(self, response: http.client.HTTPResponse, address: str) -> bytes:
        """All of an answer. A server that says how much comes and sends less raises ``http.client.IncompleteRead``."""
        until, chunks, size = time.monotonic() + self.patience.whole, list[bytes](), 0
        declared = int(response.length or 0)
        while chunk := response.read1(CHUNK):
            chunks.append(chunk)
            size += len(chunk)
            if max(size, declared) > self.patience.most_bytes:
                raise SourceError(
                    say("{address}: the answer is larger than {most} MB", address=address, most=f"{self.patience.most_bytes / 1_000_000:g}")
                )
            if time.monotonic() > until:
                raise PassingError(say("the answer was not whole within {seconds} seconds", seconds=f"{self.patience.whole:g}"))
        if size < declared:
            raise PassingError(say("the answer broke off ({reason})", reason=f"{size} < {declared} bytes"))
        return b"".join(chunks)


class _SameOrigin(urllib.request.HTTPRedirectHandler):
    def __init__(self, service: Service) -> None:
        self._service = service

    def redirect_request(self, *given: Any) -> urllib.request.Request | None:
        request, body, code, reason, headers, address = given
        return super().redirect_request(request, body, code, reason, headers, self._service.whole(address))


def _origin(parts: SplitResult) -> tuple[str, str, int]:
    if parts.scheme not in SCHEMES or not parts.hostname:
        raise SourceError(say("{address} is no address of http or https", address=parts.geturl()[:200]))
    return parts.scheme, parts.hostname, parts.port or SCHEMES[parts.scheme]


def _link(data: dict[str, Any], key: str) -> str | None:
    """The link under ``key``: ``@odata.nextLink`` is one name, ``_links.next.href`` are three."""
    found: Any = data.get(key)
    if found is None and not key.startswith("@"):
        found = data
        for name in key.split("."):
            found = found.get(name) if isinstance(found, dict) else None
    if found is not None and not isinstance(found, str):
        raise SourceError(say("the link to the next page ({key}) is no text", key=key))
    return found or None


def _parsed(content: bytes, address: str) -> dict[str, Any]:
    try:
        data = json.loads(content, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise SourceError(say("{address}: the answer is no JSON", address=address)) from None
    if not isinstance(data, dict):
        raise SourceError(say("{address}: the answer is JSON of another form", address=address))
    return data


def _no_number(name: str) -> None:
    raise ValueError(name)


def _seconds(value: str | None) -> float:
    """Retry-After in seconds; a moment in it is not looked at."""
    return float(value) if value and value.isdigit() else 0.0
