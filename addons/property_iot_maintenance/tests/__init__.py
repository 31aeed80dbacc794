from . import test_alarm_requests
