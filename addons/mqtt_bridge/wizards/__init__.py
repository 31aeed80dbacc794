from . import mqtt_command_send
from . import mqtt_rule_trial, mqtt_rule_trial_line
