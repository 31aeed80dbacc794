"""Kernels: plain Python that imports no Odoo."""
