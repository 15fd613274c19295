"""居民档案 Residents: the person, how to reach them safely, and what they agreed to.

Promises: names and phones are sealed in the database and found only through a keyed fingerprint; a consent is a dated
row, and taking it back is another. Refuses: to keep anything about a person who stayed anonymous.
"""
