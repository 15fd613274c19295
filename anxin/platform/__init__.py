"""The ground under the service: environment, embedded PostgreSQL, processes, secrets, diagnosis.

Nothing here imports Django or any room. It runs before there is a database, and stays up when the service
is down.
"""
