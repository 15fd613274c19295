"""The pages of sign-in, by who signs in."""
