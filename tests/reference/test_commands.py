"""``vt reference`` as a user meets it: each command in a process of its own."""

import subprocess

from orchestration.register.register import Register
from tests.lib import statline
from tests.lib.vt import run
from tests.reference.conftest import World

WHO = ("--door", "A. Analist", "--reden", "Aalsmeer ontbrak")


def vt(*arguments: str) -> subprocess.CompletedProcess[str]:
    return run("reference", *arguments, VT_TAAL="en")


def test_from_reading_to_counting(world: World) -> None:
    shown = vt("show")
    assert shown.returncode == 0, shown.stderr
    assert "the division in buurten of 2022-03-24" in shown.stdout
    assert "Without households: Aalsmeer 2018, 2019, 2022, 2023, 2025; Uithoorn" in shown.stdout
    assert "Nothing was accepted yet" in shown.stdout and "No source was read yet" in shown.stdout

    read = vt("refresh", "--bron", "kwb_2018", "--bron", "samenstelling")
    assert read.returncode == 0, read.stderr
    assert "reading CBS 84286NED, Kerncijfers wijken en buurten 2018" in read.stderr
    assert "huishoudens-2018" in read.stdout and "2018-11-28T02:00:00+01:00" in read.stdout

    one = vt("show", "huishoudens-2018", "--limit", "2")
    assert "The first 2; --limit for more." in one.stdout and "GM0358" in one.stdout and "nieuw" in one.stdout

    done = vt("accept", "huishoudens-2018", "--zonder-gewijzigd", *WHO)
    assert done.returncode == 0, done.stderr
    assert "huishoudens-2018 is accepted (10 rows; number 1 in the register)" in done.stdout
    (event,) = Register(world.settings).events()
    assert (event.inhoud["door"], event.inhoud["reden"]) == ("A. Analist", "Aalsmeer ontbrak")

    shown = vt("show")
    assert "Aalsmeer 2019, 2022, 2023, 2025" in shown.stdout and "A. Analist" in shown.stdout
    assert vt("withdraw", "1", "--door", "B", "--reden", "toch niet").returncode == 0
    assert "Aalsmeer 2018, 2019" in vt("show").stdout


def test_a_source_that_fails_is_told_and_the_others_are_read(world: World) -> None:
    world.cbs.fault = statline.always(statline.status(404), "84583NED")
    read = vt("refresh", "--bron", "kwb_2018", "--bron", "kwb_2019")
    assert read.returncode == 1
    assert "1 of 2 sources were not read" in read.stderr
    assert "· kwb_2019: " in read.stderr and "the server answered 404 (Not Found)" in read.stderr
    assert "huishoudens-2018" in read.stdout and "huishoudens-2019" not in read.stdout
    assert "404 (Not Found)" in vt("show").stdout


def test_mistakes_are_answered_with_a_sentence(world: World) -> None:
    for arguments, sentence in (
        (("accept", "huishoudens-2018", *WHO), "There is no proposal huishoudens-2018. See vt reference show."),
        (("refresh", "--bron", "kwb2018"), "There is no source kwb2018. Did you mean kwb_2018"),
        (("withdraw", "7", *WHO), "There is no acceptance 7 that stands; there are: –."),
        (("accept", "x", "--door", " ", "--reden", "y"), "This needs the name of the person who decides"),
        (("compare",), "release"),
    ):
        done = vt(*arguments)
        assert done.returncode == 2 and sentence in done.stderr, done.stderr
        assert "Traceback" not in done.stderr
