"""The page, as Streamlit runs it anew after each choice: what is chosen, then the figures of it, chart and table beside each other."""

from hmac import compare_digest

import streamlit as st

from orchestration.errors import UserError
from orchestration.language import grouped
from orchestration.outputs.dashboard import chart, figures, source, table, texts
from orchestration.outputs.dashboard.figures import Choice
from orchestration.outputs.dashboard.serving import KEY, Served, served
from orchestration.outputs.dashboard.source import Shown

FEW = 2
"""Series whose table is narrow."""
DUTCH = "<script>document.documentElement.lang = 'nl'</script>"
"""For screen readers: the library says English."""

STYLE = """
<style>
.block-container { padding: 2.6rem 2.5rem 3rem; max-width: 86rem }
h1 { font-size: 1.9rem !important; font-weight: 600 !important; padding: 0 !important }
h2 { font-size: 1.25rem !important; font-weight: 500 !important; padding: .1rem 0 .3rem !important }
.stand { color: #5d554d; font-size: .95rem } .stand b { color: #2b2826; font-weight: 600 }
.merk { display: inline-block; padding: .08rem .55rem; border-radius: 3px; font-weight: 600; font-size: .88rem; margin-right: .7rem }
.merk.publiek { background: #dfeae3; color: #1f4f3a } .merk.intern { background: #8f1f1f; color: #fff }
.hint { display: none }
.noten, .hint { color: #5d554d; font-size: .93rem; line-height: 1.45 }
.noten p { margin: 0 0 .45rem } .noten b { color: #2b2826; font-weight: 600 }
*:focus-visible { outline: 3px solid #8f3f26 !important; outline-offset: 1px }
@media (max-width: 640px) { .hint { display: block } h1 { font-size: 1.5rem !important } .block-container { padding: 4.4rem 1rem 2rem } }
</style>
"""


def main() -> None:
    """One view of the page, of one release."""
    st.set_page_config(page_title=texts.TITLE, layout="wide", initial_sidebar_state="auto")
    st.html(STYLE)
    st.html(DUTCH, unsafe_allow_javascript=True)
    now = served()
    if now.intern and not compare_digest(st.query_params.get(KEY, ""), now.key):
        st.warning(texts.LOCKED)
        return
    try:
        shown = _held(now)
        choice = _choose(shown)
        _head(now, shown)
        _show(shown, choice)
    except UserError as error:
        st.error(texts.BROKEN.format(why=error))


def _held(now: Served) -> Shown:
    """The release of this visit: the one that readers saw when it began, until the visitor asks for a newer one."""
    newest = source.newest(now.settings)
    if "source" not in st.session_state:
        st.session_state.source = source.opened(now.settings, newest, now.intern)
    held: Shown = st.session_state.source
    if newest != held.release:
        st.info(texts.NEWER.format(release=newest, old=held.release))
        if st.button(texts.SHOW_NEWER):
            st.session_state.source = source.opened(now.settings, newest, now.intern)
            st.rerun()
    return held


def _pick(what: str, options: dict[str, str]) -> str:
    """One of some, by its name; at first the one that the address of the page has."""
    codes, asked = list(options), st.query_params.get(what)
    picked: str = st.selectbox(
        texts.CONTROLS[what],
        codes,
        index=codes.index(asked) if asked in options else 0,
        format_func=lambda code: options.get(code, code),
        key=what,
    )
    return picked


def _choose(shown: Shown) -> Choice:
    """What the visitor wants to see: each choice leaves for the next what there are figures of.

    The address of the page says it too: a view can be kept, and sent to who may see it.
    """
    con = shown.con
    with st.sidebar:
        subjects = {code: name for code, (name, themes) in texts.SUBJECTS.items() if figures.indicators(con, themes)}
        asked = st.query_params.get("onderwerp", "")
        subject = st.radio(
            texts.CONTROLS["onderwerp"],
            list(subjects),
            index=list(subjects).index(asked) if asked in subjects else 0,
            format_func=subjects.__getitem__,
            key="onderwerp",
        )
        indicator = _pick("cijfer", figures.indicators(con, texts.SUBJECTS[subject][1]))
        chosen = {"indicator": indicator}
        breakdowns = figures.options(con, "categorie_soort", "categorie_soort_naam", **chosen)
        chosen["categorie_soort"] = _pick("uitsplitsing", {c: n if c else texts.TOTAL for c, n in breakdowns.items()})
        kinds = figures.options(con, "gebied_soort", "gebied_soort", **chosen)
        chosen["gebied_soort"] = _pick("soort_gebied", {k: n for k, n in texts.AREA_KINDS.items() if k in kinds})
        picked = _areas(figures.areas(con, indicator, chosen["gebied_soort"]), several=not chosen["categorie_soort"])
        kinds = figures.options(con, "periode_soort", "periode_soort", **chosen)
        kind = _pick("periode", {k: n for k, n in texts.PERIOD_KINDS.items() if k in kinds})
        first, last = _range(figures.periods(con, indicator, kind))
    found = Choice(indicator, chosen["categorie_soort"], chosen["gebied_soort"], picked, kind, first, last)
    view = [subject, indicator, found.breakdown, found.area_kind, list(picked), kind, first, last]
    names = ("onderwerp", "cijfer", "uitsplitsing", "soort_gebied", "gebied", "periode", "van", "tot")
    st.query_params.from_dict(({KEY: served().key} if shown.intern else {}) | dict(zip(names, view, strict=True)))
    return found


def _areas(areas: dict[str, str], several: bool) -> tuple[str, ...]:
    """One area, or some beside each other; at first all where they are few."""
    if not several or len(areas) == 1:
        return (_pick("gebied", areas),)
    asked = [area for area in st.query_params.get_all("gebied") if area in areas]
    picked = st.multiselect(
        texts.CONTROLS["gebieden"],
        list(areas),
        default=asked[: chart.most()] or (list(areas) if len(areas) <= chart.most() else list(areas)[:1]),
        format_func=lambda code: areas.get(code, code),
        max_selections=chart.most(),
        placeholder=texts.CHOOSE,
        select_all=False,
        key="gebieden",
    )
    return tuple(picked)


def _range(periods: dict[str, str]) -> tuple[str, str]:
    """The first and the last of the periods; at first all of them."""
    codes = list(periods)
    first, last = (st.query_params.get(name, "") for name in ("van", "tot"))
    asked = first if first in periods else codes[0], last if last in periods else codes[-1]
    if len(codes) == 1:
        return asked
    picked: tuple[str, str] = st.select_slider(
        texts.CONTROLS["bereik"], codes, asked, format_func=lambda code: periods.get(code, code), key="bereik"
    )
    return picked


def _head(now: Served, shown: Shown) -> None:
    """Subject; and beside it, wherever it goes, of which release and day the figures are and who may see them."""
    st.title(f"{texts.TITLE}: {texts.SUBJECTS[st.session_state['onderwerp']][0].lower()}", anchor=False)
    kind, mark = ("intern", texts.INTERN) if now.intern else ("publiek", texts.PUBLIC)
    day = f"{shown.peildatum.day} {figures.MONTHS[shown.peildatum.month - 1]} {shown.peildatum.year}" if shown.peildatum else None
    stand = texts.STAND.format(peildatum=f"<b>{day or texts.STAND_UNKNOWN}</b>")
    st.html(f'<div class="stand"><span class="merk {kind}">{mark}</span>{stand} · {texts.RELEASE.format(release=shown.release)}</div>')
    if now.intern:
        st.html(f'<div class="noten">{texts.INTERN_WHY}</div>')
    st.html(f'<div class="hint">{texts.CONTROLS_HINT}</div>')


def _show(shown: Shown, choice: Choice) -> None:
    """Chart and table of a choice, and what has to be known beside them."""
    if not choice.areas:
        st.info(texts.CHOOSE_AREA)
        return
    found = figures.chosen(shown.con, choice)
    about = figures.about(shown.con, choice)
    st.header(about.title, anchor=False)
    left, right = st.columns([3, 2] if found["reeks"].nunique() <= FEW else [1, 1], gap="medium")
    with left:
        st.altair_chart(chart.draw(found, about.title, texts.PERIOD_KINDS[choice.period_kind].lower()), theme=None)
        if (total := found["reeks"].nunique()) > chart.most():
            st.html(f'<div class="noten">{texts.MOST.format(shown=chart.most(), total=total)}</div>')
    with right:
        st.html(table.render(found, about.title))
    told = texts.STANDING[about.kwaliteit].format(reason=about.reason)
    lines = [told, *figures.legend(found), texts.DEFINITION.format(definition=about.definition)]
    lines += [*figures.differs(choice.indicator), _quality(shown)]
    st.html(f'<div class="noten">{"".join(f"<p>{line}</p>" for line in lines)}</div>')


def _quality(shown: Shown) -> str:
    """What was checked of these figures."""
    if not shown.outcomes:
        return texts.PROTECTED.format(note=shown.note)
    outcomes = ", ".join(f"{grouped(shown.outcomes[k])} {name}" for k, name in texts.OUTCOMES.items() if k in shown.outcomes)
    return texts.CHECKED.format(total=grouped(sum(shown.outcomes.values())), outcomes=outcomes)


if __name__ == "__main__":
    main()
