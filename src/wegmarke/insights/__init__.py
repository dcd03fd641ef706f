"""Insights: analyses run when data or plan change, stored with their parameters, shown on pages."""
