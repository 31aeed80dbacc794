"""Demo data: prospects of the mall, with visits, offers and a reservation."""
