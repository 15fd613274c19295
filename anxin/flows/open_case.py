"""placeholder"""


def open_case(**k):
    raise NotImplementedError
