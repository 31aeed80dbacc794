"""What the machine says about a broker, before what the database says.

Passwords are only here: in the environment or in a section of Odoo's configuration file.
"""

import configparser

SECTION = "mqtt_bridge"
NAMES = ("host", "port", "username", "password", "ca_path", "cert_path", "key_path", "client_id")


def variable(code, name):
    """Name the environment variable of a setting of a broker.

    >>> variable("main", "password")
    'MQTT_BRIDGE_MAIN_PASSWORD'
    """
    return f"MQTT_BRIDGE_{code}_{name}".upper()


def lookup(environ, section, code, name):
    """Find a setting: the broker's own variable, everybody's variable, then the file.

    :param section: dictionary of the section of the configuration file
    :return: text, or None

    >>> lookup({"MQTT_BRIDGE_HOST": "a"}, {"main_host": "b"}, "main", "host")
    'a'
    >>> lookup({}, {"main_password": "s", "password": "t"}, "main", "password")
    's'
    """
    for found in (
        environ.get(variable(code, name)),
        environ.get(f"MQTT_BRIDGE_{name}".upper()),
        section.get(f"{code}_{name}".lower()),
        section.get(name),
    ):
        if found:
            return found
    return None


def section_of(path):
    """Read our section of a configuration file.

    :return: dictionary, empty when there is none
    """
    parser = configparser.RawConfigParser()
    try:
        parser.read(path or [], encoding="utf-8")
    except (configparser.Error, UnicodeDecodeError):
        return {}
    return dict(parser.items(SECTION)) if parser.has_section(SECTION) else {}
