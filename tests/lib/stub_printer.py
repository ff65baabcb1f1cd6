"""A printer for tests that are about something else than paper: it keeps the pages it is given."""

from types import TracebackType

from orchestration.outputs.report.printed import PrintError


class StubPrinter:
    """Prints nothing, at once; with ``broken`` it says so."""

    pages: list[str] = []  # noqa: RUF012 # of all of them: each report has a printer of its own
    broken = ""

    def __enter__(self) -> "StubPrinter":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        return

    def printed(self, page: str) -> bytes:
        if self.broken:
            raise PrintError(self.broken)
        self.pages.append(page)
        return b"%PDF"
