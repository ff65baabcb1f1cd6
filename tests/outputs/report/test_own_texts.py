"""What the organisation itself writes: where it goes, what is let through, and what is refused with its line."""

from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from orchestration.outputs.report import own_texts
from orchestration.outputs.report.own_texts import MOST_BYTES, OwnTextError

PLACES = {"voorwoord": "Voorwoord", "instroom_gemeente": "Meldingen per gemeente"}
ALLOWED = {
    **{tag: set[str]() for tag in ("p", "h4", "h5", "h6", "ul", "li", "em", "strong", "br", "hr", "pre", "blockquote")},
    **{tag: set[str]() for tag in ("table", "thead", "tbody", "tr")},
    **{"a": {"href", "title", "rel"}, "ol": {"start"}, "code": {"class"}, "td": {"style"}, "th": {"style"}},
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "teksten.md"


def read(file: Path, text: str | bytes) -> dict[str, str]:
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return own_texts.read(file, PLACES)


def refused(file: Path, text: str | bytes) -> str:
    """What is said of a file, without its name."""
    with pytest.raises(OwnTextError) as caught:
        read(file, text)
    told = str(caught.value)
    assert told.startswith(str(file))
    return told.removeprefix(str(file)).removeprefix(", ")


def test_a_text_goes_where_its_heading_says(file: Path) -> None:
    written = "\ufeff# VOORWOORD\r\n\r\nEen *woord*.\r\n\r\n## Instroom_gemeente\r\n\r\n- een\r\n- twee\r\n"
    assert read(file, written) == {
        "voorwoord": "<p>Een <em>woord</em>.</p>\n",
        "instroom_gemeente": "<ul>\n<li>een</li>\n<li>twee</li>\n</ul>\n",
    }
    assert read(file, "meldingen per  gemeente\n---\n\nwoord") == {"instroom_gemeente": "<p>woord</p>\n"}
    assert read(file, "") == {}


def test_headings_within_a_text_stand_below_those_of_the_report(file: Path) -> None:
    text = read(file, "# Voorwoord\n### drie\n#### vier\n##### vijf\n###### zes\n> # een\n>\n> ## Instroom\n")["voorwoord"]
    for heading in ("<h4>drie</h4>", "<h5>vier</h5>", "<h6>vijf</h6>", "<h6>zes</h6>", "<h4>een</h4>", "<h4>Instroom</h4>"):
        assert heading in text


def test_links_that_leave_the_report_say_so(file: Path) -> None:
    text = read(file, "# Voorwoord\n[a](HTTPS://a.nl 'b') <mailto:a@b.nl> <c@d.nl> [d][e] [hier](#f)\n\n[e]: http://e.nl")["voorwoord"]
    assert '<a href="HTTPS://a.nl" title="b" rel="external">a</a>' in text
    assert '<a href="mailto:a@b.nl" rel="external">' in text
    assert '<a href="mailto:c@d.nl" rel="external">' in text
    assert '<a href="http://e.nl" rel="external">' in text
    assert '<a href="#f">hier</a>' in text


def test_a_table_is_one_and_elements_as_code_are_text(file: Path) -> None:
    text = read(file, "# Voorwoord\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n`<b>` \\<i> a < b <18\n\n```html\n<!-- c -->\n```\n\n    <p>\n")
    for part in (
        "<td>1</td>",
        "<code>&lt;b&gt;</code> &lt;i&gt; a &lt; b &lt;18",
        "&lt;!-- c --&gt;",
        "<pre><code>&lt;p&gt;\n</code></pre>",
    ):
        assert part in text["voorwoord"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("# Voorwoord\n\nwoord\n\n<div>\nwoord\n</div>", 5),
        ("# Voorwoord\n\n<!-- woord -->", 3),
        ("# Voorwoord\n\nwoord\nwoord <!-- woord --> woord", 4),
        ("# Voorwoord\n\nwoord\n**woord _woord <b>woord</b>_**", 4),
        ("# Voorwoord\n\n`code\ncode` [woord\n<b>woord</b>](https://a.nl)", 5),
        ("# Voorwoord\n\n> - woord\n> - woord\n>   <br>", 5),
        ("# Voorwoord\n\n| a | b |\n|---|---|\n| 1 | <i>2</i> |", 5),
        ("# Voorwoord\n\nwoord\n### kop <br>", 4),
        ("# <b>Voorwoord</b>", 1),
        ("# Voorwoord\n\n<script>alert(1)</script>", 3),
        ("# Voorwoord\n\n<div onclick=", 3),
        ("# Voorwoord\n\n<?php ?>", 3),
        ("# Voorwoord\n\n[woord]: https://a.nl\n<jaar>", 4),
    ],
)
def test_elements_are_refused_and_not_shown_as_text(file: Path, text: str, line: int) -> None:
    assert refused(file, text) == f"line {line}: HTML is not let through; as text, write \\< for <"


@pytest.mark.parametrize(
    "text", ["![a](b.png)", "![a](https://b.nl/c.png)", "[![a](b.png)](https://a.nl)", "![a][b]\n\n[b]: c.png", "![<b>](c)"]
)
def test_images_are_refused(file: Path, text: str) -> None:
    assert refused(file, f"# Voorwoord\nwoord\n{text}").startswith("line 3: images are not let through")


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("[a](javascript:alert(1))", "javascript:alert(1)"),
        ("[a](JavaScript&colon;alert(1))", "JavaScript:alert(1)"),
        ("<javascript:alert(1)>", "javascript:alert(1)"),
        ("[a](data:text/html,b)", "data:text/html,b"),
        ("[a](file:///etc/passwd)", "file:///etc/passwd"),
        ("[a](//b.nl)", "//b.nl"),
        ("[a](b.html)", "b.html"),
        ("[a]()", ""),
        ("[a](#)", "#"),
        ("[a](https://)", "https://"),
        ("[a][b]\n\n[b]: javascript:alert(1)", "javascript:alert(1)"),
    ],
)
def test_links_to_anything_else_are_refused(file: Path, text: str, target: str) -> None:
    told = refused(file, f"# Voorwoord\nwoord\n{text}")
    assert told == f"line 3: a link begins with https://, http://, mailto: or #; this one goes to: {target}"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("# Voorwoord\nwoord\n\n# Vorwoord\nwoord", "line 4: there is no chapter or figure Vorwoord. Did you mean voorwoord?"),
        ("# Anders", "line 1: there is no chapter or figure Anders. There are: voorwoord, instroom_gemeente"),
        ("# Voorwoord\nwoord\n\nlopende tekst\n---", "line 4: there is no chapter or figure lopende tekst."),
        ("#\nwoord", "line 1: there is no chapter or figure ."),
        ("# Voorwoord\nwoord\n\n## voorwoord\nwoord", "line 4: Voorwoord has a text already, on line 1"),
        ("# Meldingen per gemeente\nwoord\n# instroom_gemeente\nwoord", "line 3: Meldingen per gemeente has a text already, on line 1"),
        ("\n\nwoord\n# Voorwoord\nwoord", "line 3: this stands above the first heading"),
        ("### Voorwoord\nwoord", "line 1: this stands above the first heading"),
        ("\n# Voorwoord\n\n# Anders\nwoord", "line 2: there is no text under Voorwoord"),
        ("# Voorwoord\n\n---\n\n- \n\n&nbsp;\n\n[a]: https://b.nl", "line 1: there is no text under Voorwoord"),
        (b"# Voorwoord\n\nge\xefnd", "line 3: this is not UTF-8"),
        ("# Voorwoord\n".encode("utf-16"), "line 1: this is not UTF-8"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(file: Path, text: str | bytes, told: str) -> None:
    assert refused(file, text).startswith(told)


def test_of_several_errors_the_first_is_told(file: Path) -> None:
    assert refused(file, "# Voorwoord\n<b>woord</b>\n# Anders\n").startswith("line 2: HTML")


def test_a_file_that_cannot_be_read(tmp_path: Path, file: Path) -> None:
    assert read(file, b"# Voorwoord\n" + b"a" * (MOST_BYTES - 12))
    assert refused(file, b"# Voorwoord\n" + b"a" * (MOST_BYTES - 11)) == " is larger than 1 MB"
    for path, why in ((tmp_path / "weg.md", "No such file or directory"), (tmp_path, "Is a directory")):
        with pytest.raises(OwnTextError, match=f"{path} cannot be read: {why}"):
            own_texts.read(path, PLACES)


class Elements(HTMLParser):
    """Holds what it is fed to what is allowed."""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        assert tag in ALLOWED
        assert {name for name, _ in attributes} <= ALLOWED[tag]
        for name, value in attributes:
            if name == "href":
                assert str(value).lower().startswith(("http://", "https://", "mailto:", "#"))
            if name == "style":
                assert str(value).removeprefix("text-align:") in ("left", "right", "center")


PIECES = [
    *("<b>", "</b>", "<!--", "-->", "<script>", "<a href='javascript:x'>", "<", ">", "&lt;", "&#60;b&#62;", '"', "'", "\\", "\x00", "\xa0"),
    *("[", "]", "(", ")", "![", "](", "](javascript:x)", "](https://a.nl", '<https://a.nl/?">', "](#x)", "]: ", "[a]", "&quot; onclick=x"),
    *(
        "*",
        "_",
        "**",
        "`",
        "```",
        "\n",
        "\n\n",
        "\n### ",
        "\n> ",
        "\n- ",
        "\n1. ",
        "\n    ",
        "\n|a|b|\n|-|:-:|\n|",
        "|",
        "a",
        "woord ",
        "---",
    ),
]


@settings(deadline=None, database=None, max_examples=300)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=4)).map("".join))
@example("woord [a](https://a.nl/\"onclick='x' 'b\" onclick=\"c')")
@example('```"><b>\nx\n```')
def test_whatever_is_written_has_allowed_elements_alone(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    file = tmp_path_factory.getbasetemp() / "teksten.md"
    try:
        texts = read(file, f"# Voorwoord\n{text}".encode(errors="replace"))
    except OwnTextError:
        return
    reader = Elements()
    reader.feed(texts["voorwoord"])
    reader.close()
    assert "<!" not in texts["voorwoord"]
    assert "<?" not in texts["voorwoord"]
