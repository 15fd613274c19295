"""账号 Accounts: the sign-in identity of people and machines, and their second factor. It knows no name and no rights."""
