"""Demo data: the devices of an invented estate, and how they speak."""
