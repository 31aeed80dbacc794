from . import test_checkins, test_kernels, test_plans, test_rounds
