"""Messages in WeChat, through the city's official account. A carrier implements ``Gateway`` of the notices room."""
