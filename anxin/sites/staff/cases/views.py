from anxin.sites.marks import signed_in


@signed_in("staff")
def cases(request): ...
