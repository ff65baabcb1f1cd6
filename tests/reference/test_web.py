"""What a service can do to whoever asks it: each ends in the whole answer, or in a sentence within a bounded time and size."""

import time
from collections.abc import Callable

import pytest

from orchestration.reference.web import Patience, Service, SourceError
from tests.lib import statline
from tests.lib.statline import Cube, Handler, Server, cell
from tests.reference.conftest import QUICK, World

TABLE = "1NED"


@pytest.fixture
def server(world: World) -> Server:
    """One small table, its measures on three pages."""
    measures = {f"M{n}": (f"Maat {n}", None) for n in range(7)}
    world.cbs.cubes = {TABLE: Cube({"D": "Dimensie"}, {"D": {"a": "A"}}, measures, [cell("M1", 1.0, D="a")], page=3)}
    return world.cbs


def codes(server: Server, patience: Patience = QUICK) -> list[str]:
    service = Service(f"{server.address}/{TABLE}", {}, patience)
    return [item["Identifier"] for page in service.pages("MeasureCodes", "@odata.nextLink") for item in page.data["value"]]


def test_pages_follow_each_other(server: Server) -> None:
    assert codes(server) == [f"M{n}" for n in range(7)]
    assert len(server.asked) == 3


@pytest.mark.parametrize("fault", [statline.status(500), statline.status(503), statline.status(429), statline.cut_off, statline.silent(1)])
def test_what_passes_is_tried_again(server: Server, fault: Callable[[Handler], None]) -> None:
    server.fault = statline.first(2, fault, "MeasureCodes")
    assert codes(server) == [f"M{n}" for n in range(7)]
    assert len(server.asked) == 5


@pytest.mark.parametrize(
    ("fault", "sentence", "attempts"),
    [
        (statline.status(500), "the server answered 500, 3 times", 3),
        (statline.silent(1), "no answer within 0.5 seconds, 3 times", 3),
        (statline.cut_off, "the answer broke off .*, 3 times", 3),
        (statline.status(404), r"the server answered 404 \(Not Found\)", 1),
        (statline.status(406), r"the server answered 406 \(Not Acceptable\)", 1),
        (statline.no_json, "the answer is no JSON", 1),
        (lambda handler: handler.send(b"[1, 2]"), "JSON of another form", 1),
        (lambda handler: handler.send(b'{"value": NaN}'), "the answer is no JSON", 1),
        (lambda handler: handler.send(b'{"value": ' + b"[" * 100_000), "the answer is no JSON", 1),
        (statline.huge, "the answer is larger than 2 MB", 1),
        (statline.moved_to("http://127.0.0.2:1/elsewhere"), "leads to another place, http://127.0.0.2:1/elsewhere", 1),
        (statline.moved_to("file:///etc/passwd"), "the server answered 302", 1),
    ],
)
def test_what_does_not_pass_is_told(server: Server, fault: Callable[[Handler], None], sentence: str, attempts: int) -> None:
    server.fault = statline.always(fault, "MeasureCodes")
    with pytest.raises(SourceError, match=sentence):
        codes(server)
    assert len(server.asked) == attempts


def test_an_answer_that_drips_is_given_up(server: Server) -> None:
    def drip(handler: Handler) -> None:
        handler.send(b"{", length=1000)
        for _ in range(1000):
            time.sleep(0.1)
            handler.wfile.write(b" ")
            handler.wfile.flush()

    server.fault = statline.always(drip, "MeasureCodes")
    began = time.monotonic()
    with pytest.raises(SourceError, match="not whole within 1 seconds, 2 times"):
        codes(server, Patience(silence=0.5, whole=1, attempts=2, pause=0.01))
    assert time.monotonic() - began < 10


def test_a_size_that_is_announced_is_not_waited_for(server: Server) -> None:
    server.fault = statline.always(lambda handler: handler.send(b"{", length=10**12), "MeasureCodes")
    with pytest.raises(SourceError, match="larger than 2 MB"):
        codes(server)


@pytest.mark.parametrize(
    ("link", "sentence"),
    [
        ("https://elders.example/odata/v1/CBS/1NED/MeasureCodes?$skip=3", "leads to another place"),
        ("//elders.example/x", "leads to another place"),
        ("file:///etc/passwd", "is no address of http or https"),
        ("MeasureCodes", "names itself as the next page"),
        (7, "is no text"),
    ],
)
def test_a_next_page_elsewhere_is_not_asked_for(server: Server, link: object, sentence: str) -> None:
    server.fault = statline.always(statline.changed(lambda page: page.update({"@odata.nextLink": link})), "MeasureCodes")
    with pytest.raises(SourceError, match=sentence):
        codes(server)
    assert len(server.asked) == 1


def test_half_an_answer_is_none(server: Server) -> None:
    server.fault = statline.always(statline.status(500), "$skip=3")
    with pytest.raises(SourceError, match=r"skip=3: the server answered 500"):
        codes(server)


def test_a_server_that_asks_for_patience_gets_some(server: Server) -> None:
    server.fault = statline.first(1, lambda handler: handler.send(b"{}", 503, Retry_After="1"), "MeasureCodes")
    began = time.monotonic()
    assert len(codes(server)) == 7
    assert 1 <= time.monotonic() - began < 5


def test_nobody_there(server: Server) -> None:
    with pytest.raises(SourceError, match=r"the server cannot be reached .*, 3 times"):
        Service("http://127.0.0.1:1/x", {}, QUICK).get("y")


@pytest.mark.parametrize("address", ["ftp://datasets.cbs.nl", "file:///etc/passwd", "datasets.cbs.nl", "http://"])
def test_an_address_that_is_none(address: str) -> None:
    with pytest.raises(SourceError, match="is no address of http or https"):
        Service(address, {}, QUICK)
