#!/usr/bin/env bash
# lifelines 0.30.3 and statsmodels 0.15.0: the median of a Kaplan-Meier curve at a time after which exactly a half is left. statsmodels takes
# the first time after which less than a half is left: the event after it. lifelines takes the first after which no more than a half is, but
# compares the product as it comes, and a half may come as 0.5000000000000001: of four that time, of six the event after it, with nobody
# lost from sight. The curves themselves agree. Who defines a median as "at most a half" has to leave room for the last digit.
#
# Output seen on 2026-11-29 (Python 3.11):
#   events at 1,2,3,9      half left after 2   lifelines 2   statsmodels 3
#   events at 1,2,3,7,8,9  half left after 3   lifelines 7   statsmodels 7
#
# Run: findings/median-where-exactly-half-waits.sh   (Python 3.11+, pip and an index). Fails when the output changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet lifelines==0.30.3 statsmodels==0.15.0 2>&1 | grep -v WARNING || true
cd "$folder"
seen=$("$folder/venv/bin/python" -W ignore - <<'PY'
import numpy as np
from lifelines import KaplanMeierFitter
from statsmodels.duration.survfunc import SurvfuncRight

for times in ([1, 2, 3, 9], [1, 2, 3, 7, 8, 9]):
    half = times[len(times) // 2 - 1]
    ended = np.ones(len(times))
    one = KaplanMeierFitter().fit(times, ended).median_survival_time_
    other = SurvfuncRight(np.array(times), ended).quantile(0.5)
    print(f"events at {','.join(map(str, times)):<12} half left after {half}   lifelines {one:g}   statsmodels {other}")
PY
)
expected="events at 1,2,3,9      half left after 2   lifelines 2   statsmodels 3
events at 1,2,3,7,8,9  half left after 3   lifelines 7   statsmodels 7"
echo "$seen"
[ "$seen" = "$expected" ] || { echo "This has changed; expected:"; echo "$expected"; exit 1; }
