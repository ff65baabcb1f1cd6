"""Integer allocation and exact random choice: how a total is met to the unit while the rest stays free."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from orchestration.demo.errors import DemoFout

Getallen = npt.NDArray[np.int64]
Reeel = npt.NDArray[np.float64]


def verdeel(
    totaal: int,
    gewicht: Sequence[float] | Reeel,
    minimum: Sequence[int] | Getallen | None = None,
    maximum: Sequence[int] | Getallen | None = None,
    *,
    wat: str = "verdeling",
) -> Getallen:
    """Split ``totaal`` over parts in proportion to ``gewicht``, each part within its bounds, exactly.

    Raises ``DemoFout`` (naming ``wat``) when the bounds leave no room for the total.
    """
    w = np.asarray(gewicht, dtype=np.float64)
    laag = np.zeros(len(w), np.int64) if minimum is None else np.asarray(minimum, np.int64)
    hoog = np.full(len(w), max(totaal, 0), np.int64) if maximum is None else np.asarray(maximum, np.int64)
    hoog = np.where(w > 0, hoog, laag)
    if (laag > hoog).any() or not laag.sum() <= totaal <= hoog.sum():
        raise DemoFout(f"{wat}: {totaal} does not fit between {int(laag.sum())} and {int(hoog.sum())}")
    onder, boven = 0.0, (totaal + 1.0) / max(w[w > 0].min(initial=1.0), 1e-12)
    for _ in range(200):
        midden = (onder + boven) / 2
        if np.clip(midden * w, laag, hoog).sum() < totaal:
            onder = midden
        else:
            boven = midden
    deel = np.clip(boven * w, laag, hoog)
    heel = np.floor(deel + 1e-9).astype(np.int64)
    over = totaal - int(heel.sum())
    volgorde = np.argsort(-(deel - heel), kind="stable")
    while over != 0:
        stap = 1 if over > 0 else -1
        ruimte = heel < hoog if over > 0 else heel > laag
        for i in [i for i in volgorde if ruimte[i] and w[i] > 0][: abs(over)]:
            heel[i] += stap
            over -= stap
    return np.asarray(heel)


def kies(rng: np.random.Generator, gewicht: Reeel, aantal: int, *, wat: str = "keuze") -> Getallen:
    """Exactly ``aantal`` positions, without replacement, with odds in proportion to ``gewicht`` (0: never), ascending.

    Raises ``DemoFout`` when fewer positions than ``aantal`` have a weight.
    """
    gewicht = np.asarray(gewicht, dtype=np.float64)
    mogelijk = np.flatnonzero(gewicht > 0)
    if aantal > len(mogelijk) or aantal < 0:
        raise DemoFout(f"{wat}: {aantal} asked for, {len(mogelijk)} possible")
    if aantal == 0:
        return np.zeros(0, np.int64)
    sleutel = np.log(gewicht[mogelijk]) + rng.gumbel(size=len(mogelijk))
    return np.sort(mogelijk[np.argpartition(-sleutel, aantal - 1)[:aantal]])


def uit_tellingen(rng: np.random.Generator, codes: Sequence[str] | npt.NDArray[np.str_], tellingen: Getallen) -> npt.NDArray[np.str_]:
    """Each code as often as its count says, in random order."""
    return np.asarray(rng.permutation(np.repeat(np.asarray(codes), tellingen)))


def trek(rng: np.random.Generator, codes: Sequence[str], kansen: Sequence[float], aantal: int) -> npt.NDArray[np.str_]:
    """``aantal`` independent draws; the chances are scaled to one."""
    p = np.asarray(kansen, dtype=np.float64)
    return np.asarray(np.asarray(codes)[rng.choice(len(p), size=aantal, p=p / p.sum())])
