from . import mqtt_command_send, mqtt_rule_trial, mqtt_rule_trial_line
