"""Kernels: plain Python, no Odoo."""
