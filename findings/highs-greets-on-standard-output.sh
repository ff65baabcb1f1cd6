#!/usr/bin/env bash
# highspy 1.16.0 (HiGHS): the first model that a process makes prints two lines on file descriptor 1, before any option can be given. With
# `output_flag` off, and with `silent()`, they are there all the same; Python's `contextlib.redirect_stdout` does not catch them, for they come from
# C++. A program whose standard output is read by another (JSON, CSV) has them in it. A second model prints nothing.
#
# Output seen on 2026-11-28:
#   first model, told to be silent: 2 lines
#   redirect_stdout around it: 0 caught
#   second model: 0 lines
#
# Run: findings/highs-greets-on-standard-output.sh   (Python 3.11+, pip and an index; half a minute). Fails when the output changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet highspy==1.16.0 2>&1 | grep -v WARNING || true
cat > "$folder/models.py" <<'PY'
import contextlib
import io
import sys

import highspy

caught = io.StringIO()
with contextlib.redirect_stdout(caught):
    for _ in range(int(sys.argv[1])):
        model = highspy.Highs()
        model.setOptionValue("output_flag", False)
        model.silent()
        model.run()
print(len(caught.getvalue().splitlines()), file=sys.stderr)
PY
one=$("$folder/venv/bin/python" "$folder/models.py" 1 2> "$folder/caught" | wc -l)
two=$("$folder/venv/bin/python" "$folder/models.py" 2 2> /dev/null | wc -l)
seen="first model, told to be silent: $one lines
redirect_stdout around it: $(cat "$folder/caught") caught
second model: $((two - one)) lines"
expected="first model, told to be silent: 2 lines
redirect_stdout around it: 0 caught
second model: 0 lines"
echo "$seen"
[ "$seen" = "$expected" ] || { echo "This has changed; expected:"; echo "$expected"; exit 1; }
