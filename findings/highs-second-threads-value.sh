#!/usr/bin/env bash
# highspy 1.16.0: the first solve of a process settles how many threads HiGHS has. A later instance with another value of the option `threads` does
# not solve: run() gives kError, the model status stays kNotset, and the objective reads 0.0, which is a number like any other. Another instance
# with the first value solves again. So a program that looks at the objective and not at both statuses takes 0.0 for an answer.
#
# Output seen on 2026-11-28 (maximise x <= 3):
#   threads 1: HighsStatus.kOk HighsModelStatus.kOptimal 3.0
#   threads 2: HighsStatus.kError HighsModelStatus.kNotset 0.0
#   threads 1: HighsStatus.kOk HighsModelStatus.kOptimal 3.0
#
# Run: findings/highs-second-threads-value.sh   (Python 3.11+, pip and an index; seconds). Fails when the output changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet highspy==1.16.0 numpy==2.4.6 2>&1 | grep -v WARNING || true
cat > "$folder/solve.py" <<'PY'
import highspy


def solve(threads: int) -> None:
    model = highspy.Highs()
    model.setOptionValue("log_to_console", False)
    model.setOptionValue("threads", threads)
    x = model.addVariable(lb=0, ub=4, obj=1.0)
    model.addConstr(x <= 3)
    model.changeObjectiveSense(highspy.ObjSense.kMaximize)
    status = model.run()
    print(f"threads {threads}:", status, model.getModelStatus(), model.getInfo().objective_function_value)


for threads in (1, 2, 1):
    solve(threads)
PY
seen=$("$folder/venv/bin/python" "$folder/solve.py" | grep '^threads')
expected="threads 1: HighsStatus.kOk HighsModelStatus.kOptimal 3.0
threads 2: HighsStatus.kError HighsModelStatus.kNotset 0.0
threads 1: HighsStatus.kOk HighsModelStatus.kOptimal 3.0"
echo "$seen"
[ "$seen" = "$expected" ] || { echo "This has changed; expected:"; echo "$expected"; exit 1; }
