"""JSON as it comes from outside: what it yields can always be written as UTF-8 again."""

import json
import re
from typing import Any

#: Only an escape can bring half a pair: the text itself was decoded.
_SURROGATE_ESCAPE = re.compile(r"\\ud[89a-f]", re.IGNORECASE)


def load_json(text: str, *, is_strict: bool = True) -> Any:
    r"""Return the value of a JSON text; halves of surrogate pairs are dropped, whole pairs kept.

    JSON can spell them (a server that cuts a text within an emoji does), UTF-8 cannot.

    Args:
        text: Decoded.
        is_strict: Refuse control characters inside strings, as the standard does.

    Raises:
        ValueError: Not JSON.
        RecursionError: Nested too deep.

    >>> load_json(r'["a\ud83d", "\ud83d\ude00"]')
    ['a', '😀']
    """
    value = json.loads(text, strict=is_strict)
    if _SURROGATE_ESCAPE.search(text) is None:
        return value
    return json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "ignore"))
