"""Tests of the referral pages."""
