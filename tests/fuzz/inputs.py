"""A hundred things that should never come, by what they attack. ``MARK`` is in each that could be reflected as markup.

A template that is evaluated would turn ``{{77191*3}}`` into :data:`EVALUATED`.
"""

MARK = "axfz7"
EVALUATED = "231573"

SQL = (
    "' OR '1'='1",
    "'; DROP TABLE residents_resident; --",
    "1; SELECT pg_sleep(10)",
    "x') UNION SELECT login, password FROM accounts_account --",
    '" OR ""="',
    "\\'; --",
    "$$; COPY audit_auditevent TO PROGRAM 'id'; $$",
    "%' AND 1=1 AND '%'='",
    "_%_%_%",
    "E'\\\\000'",
    "0x27206f722031",
    "') OR set_config('anxin.scope_kind','system',true) IS NOT NULL --",
)
TEMPLATE = (
    "{{77191*3}}",
    "{% debug %}{{77191*3}}",
    "${77191*3}",
    "#{77191*3}",
    "<%= 77191*3 %>",
    "%(x)s %s %d %n",
    "{0.__class__.__mro__}",
    "{{ request.user.password }}",
    "{% load i18n %}{% include '/etc/passwd' %}",
    "%(number)s%(",
)
FORMULA = (
    '=HYPERLINK("http://evil.example","x")',
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-1+1",
    "@SUM(1,1)",
    "\t=1+1",
    "\r=1+1",
    "＝1+1",
    " =1+1",
    '"=1+1"',
)
PATHS = (
    "../../../../etc/passwd",
    "..\\..\\..\\windows\\win.ini",
    "/etc/passwd",
    "file:///etc/passwd",
    "....//....//etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "%2e%2e/%2e%2e/",
    "C:\\CON",
    "~root/.ssh/id_rsa",
    "/proc/self/environ",
)
MARKUP = (
    f"<script>{MARK}(1)</script>",
    f'"><script>{MARK}(1)</script>',
    f"'><img src=x onerror={MARK}(1)>",
    f"<svg/onload={MARK}(1)>",
    f"</title><script>{MARK}(1)</script>",
    f"</textarea><script>{MARK}(1)</script>",
    f"</script><script>{MARK}(1)</script>",
    f"<iframe srcdoc='<script>{MARK}(1)</script>'>",
    f'" autofocus onfocus={MARK}(1) x="',
    f'<a href="javascript:{MARK}(1)">x</a>',
    f"<style>@import '//evil.example/{MARK}'</style>",
    f"<!--<img title=--><img src=x onerror={MARK}(1)>",
    f"李<b onmouseover={MARK}(1)>晴</b>",
    f"<math><mtext></form><form><mglyph><style></math><img src onerror={MARK}(1)>",
    f"<base href='//evil.example/{MARK}'>",
)
ADDRESSES = (
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example",
    "http:evil.example",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "/%09/evil.example",
    "/sign-in/out/?next=//evil.example",
    "https://testserver@evil.example/",
    "https://evil.example#testserver",
)
NUMBERS = (
    "9" * 400,
    "-1",
    "0",
    "1e309",
    "NaN",
    "-Infinity",
    "9223372036854775808",
    "2147483648",
    "-9223372036854775809",
    "٣",
    "１２",
    "0x1F",
    "1_000",
    "¹",
    "99999999999999999999-13-45",
)
UNICODE = (
    "a\x00b",
    "\x00",
    "\ud800".encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
    "\ufffe\uffff",
    "\u202eexe.fdp",
    "\u2066x\u2069\u200b\u200d",
    "e" + "\u0301" * 500,
    "\U0001f9d1\u200d\U0001f4bb" * 40,
    "\x1b[31m\x07\x08\x7f",
    "ﷺ" * 300,
    "\ufeff",
    "\u2028\u2029\x85",
)
LENGTHS = ("A" * 100_000, "字" * 20_000, " " * 5_000, "\n" * 5_000)

HOSTILE = (
    *SQL,
    *TEMPLATE,
    *FORMULA,
    *PATHS,
    *MARKUP,
    *ADDRESSES,
    *NUMBERS,
    *UNICODE,
    *LENGTHS,
)
# Headers and query strings end somewhere; what is longer a server refuses before it is ours.
IN_QUERY = tuple(text for text in HOSTILE if len(text.encode()) < 4_000)
