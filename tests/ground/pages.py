"""What somebody reads on a page, without what is drawn by lot for each one."""

import re

_TOKEN = re.compile(r'(name="(?:csrf[-_]token|submission_key|form_key)" (?:value|content)=)"[^"]*"')


def without_tokens(page: str) -> str:
    """The page without the tokens and keys of its forms: letters by lot, which now and then spell a short word."""
    return _TOKEN.sub(r'\1""', page)
