"""Where providers report what became of a letter. No page: signed calls between servers."""
