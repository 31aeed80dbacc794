"""Demo data: the devices of the estate, on its site and its meters."""
