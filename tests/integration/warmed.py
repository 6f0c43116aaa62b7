"""What the fork server has done before the first night: imports, lexicons, models.

The environment is that of a night, so that nothing is remembered of whoever runs the tests.
"""

import importlib
import os

for _name in list(os.environ):
    if _name.startswith(("LISTENING_", "AIRFLOW", "PYTEST")):
        del os.environ[_name]
os.environ["COLUMNS"] = "160"
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"  # threads do not survive a fork

for _name in (
    "listening.cli.main",
    "listening.jobs.digest",
    "listening.jobs.nightly",
    "listening.jobs.summary",
):
    importlib.import_module(_name)

_TEXTS = (
    "L'Œuf à la Coque, quelle déception : un service lent et un brunch froid, à éviter !",
    "Oeuf A La Coque was a wonderful brunch, but the waiter did not smile and I was disappointed.",
)


def _tag_once() -> None:
    """Read lexicons and models: they are kept for later calls."""
    annotate = importlib.import_module("sentiment.annotate")
    builders = importlib.import_module("tests.builders")
    surroundings = importlib.import_module("sentiment.surroundings").Surroundings()
    tagger = annotate.build_tagger((builders.make_brand(),), surroundings)
    documents = [builders.make_document(n, text=text) for n, text in enumerate(_TEXTS)]
    assert len(list(annotate.annotate(documents, tagger))) == len(_TEXTS)


_tag_once()
