"""结果: help first, plain words, who will see it and by when."""
