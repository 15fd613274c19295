"""主体权利 Rights: what a person asks for about their own data, and what waits until a guardian may know of it.

Promises: every request has two clocks, an answer in writing and a history that only grows; a protective entry stays
out of a guardian's sight until the privacy officer releases it. Refuses: to show the officer anything clinical: its
rows lie on paths of their own (``rights:/…``), so the officer's scope opens these tables and no others.
"""
