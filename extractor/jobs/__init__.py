"""Bulk runs over many notices: restartable, with failures as results and tables as output."""
