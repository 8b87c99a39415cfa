"""The page to compare with: Flask and Jinja, 50 rows, nothing else."""

from flask import Flask, render_template_string

app = Flask(__name__)

_ROWS = [
    {"name": f"Kind {n}", "street": "Sleepstraat", "number": n, "step": "Contact en huisbezoek", "due": "12 januari"}
    for n in range(50)
]
_PAGE = """<!doctype html><html lang="nl"><head><title>Mijn werk</title></head><body><main><ul>
{% for row in rows %}
<li><a href="/cases/{{ row.number }}">{{ row.name }}</a> {{ row.street }} {{ row.number }}
<b>{{ row.step }}</b> {{ row.due }}</li>
{% endfor %}
</ul></main></body></html>"""


@app.get("/")
def page() -> str:
    """Fifty rows."""
    return render_template_string(_PAGE, rows=_ROWS)


@app.get("/healthz")
def healthz() -> str:
    """It is up."""
    return "ok"
