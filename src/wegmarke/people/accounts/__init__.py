"""Accounts (B2B): companies with several contacts, from group messages and by hand; every fact stays."""
