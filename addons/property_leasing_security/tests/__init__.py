from . import test_moveout_passes
