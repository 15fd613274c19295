"""Text messages. A carrier implements ``SmsGateway`` of the notices room."""
