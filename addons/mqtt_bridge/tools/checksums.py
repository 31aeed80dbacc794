"""The sums with which meters and Modbus devices close their frames."""


def sum8(content):
    """Sum of the bytes, as CJ/T 188 and DL/T 645 have it.

    >>> sum8(b"\\xff\\x02").hex()
    '01'
    """
    return bytes([sum(content) % 256])


def xor8(content):
    """Exclusive or of the bytes.

    >>> xor8(b"\\x0f\\xf1").hex()
    'fe'
    """
    found = 0
    for one in content:
        found ^= one
    return bytes([found])


def crc16(content):
    """CRC of Modbus RTU, the low byte first.

    >>> crc16(bytes.fromhex("010300000001")).hex()
    '840a'
    """
    found = 0xFFFF
    for one in content:
        found ^= one
        for _ in range(8):
            found = (found >> 1) ^ 0xA001 if found & 1 else found >> 1
    return found.to_bytes(2, "little")


SIZES = {"sum8": 1, "xor8": 1, "crc16": 2}
WAYS = {"sum8": sum8, "xor8": xor8, "crc16": crc16}
