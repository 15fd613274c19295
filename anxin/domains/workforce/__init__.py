"""人才库 Workforce: credentials and the competence gates of the law.

Promises: an act the law reserves to a profession is refused to everyone else, on the day the credential ends.
"""
