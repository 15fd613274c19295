"""面谈施测: a form asked in person or copied from paper, its result, and the second look at doubtful answers."""
