from . import patrol_heat
