#!/usr/bin/env bash
# WeasyPrint 70.0, pdf/ua-1: a table whose caption is positioned out of sight, as pages do for screen readers alone, has three tables more
# in the structure of the PDF, one within the other, and so a screen reader counts four. With a caption in sight, or none, there is one.
# The HTML is valid, the file says that it is PDF/UA, and nothing is warned of. On paper: caption { display: none }, and a heading above.
#
# Output seen on 2026-11-29 (Python 3.11, Pango 1.50):
#   caption in sight       Table 1  Caption 1  TH 3
#   caption out of sight   Table 4  Caption 1  TH 3
#   without caption        Table 1  Caption 0  TH 3
#
# Run: findings/weasyprint-caption-out-of-sight.sh   (Python 3.11+, pip and an index, Pango). Fails when the output changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet weasyprint==70.0 pikepdf==10.18.0 2>&1 | grep -v WARNING || true
cd "$folder"
seen=$("$folder/venv/bin/python" - <<'PY'
import io

import pikepdf
from weasyprint import HTML

ROWS = "<thead><tr><th scope=col>Area<th scope=col>2024</thead><tbody><tr><th scope=row>North<td>1</tbody>"
STYLES = {
    "caption in sight": "",
    "caption out of sight": "caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }",
    "without caption": "caption { display: none }",
}


def count(element, found):
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            found[str(kid.S)] = found.get(str(kid.S), 0) + 1
            count(kid, found)
    return found


for label, style in STYLES.items():
    table = f"<table><caption>Reports by area</caption>{ROWS}</table>"
    page = f"<!doctype html><html lang=en><title>Areas</title><style>{style}</style><h1>Areas</h1>{table}"
    document = pikepdf.open(io.BytesIO(HTML(string=page).write_pdf(pdf_variant="pdf/ua-1")))
    found = count(document.Root.StructTreeRoot, {})
    print(f"{label:<22} Table {found.get('/Table', 0)}  Caption {found.get('/Caption', 0)}  TH {found.get('/TH', 0)}")
PY
)
expected="caption in sight       Table 1  Caption 1  TH 3
caption out of sight   Table 4  Caption 1  TH 3
without caption        Table 1  Caption 0  TH 3"
echo "$seen"
[ "$seen" = "$expected" ] || { echo "This has changed; expected:"; echo "$expected"; exit 1; }
