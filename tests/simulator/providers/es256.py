"""ECDSA on P-256 with SHA-256 (RFC 6979), as LINE signs ID tokens; for play: nothing here hides its timing."""

import hashlib
import hmac
import secrets

FIELD = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
GENERATOR = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)
BYTES = 32

Point = tuple[int, int, int]  # Jacobian: (x / z**2, y / z**3); z = 0 is the point at infinity
INFINITY: Point = (1, 1, 0)


def private_key() -> int:
    return secrets.randbelow(ORDER - 1) + 1


def public_key(private: int) -> tuple[int, int]:
    """The point (x, y) that goes with a private key."""
    return affine(times_generator(private))


def sign(private: int, message: bytes) -> bytes:
    """r and s, 32 bytes each; the same message always gives the same signature."""
    digest = hashlib.sha256(message).digest()
    wanted = int.from_bytes(digest, "big") % ORDER
    nonces = Nonces(private, wanted)
    while True:
        k = nonces.draw()
        r = affine(times_generator(k))[0] % ORDER
        s = pow(k, -1, ORDER) * (wanted + r * private) % ORDER
        if r and s:
            return r.to_bytes(BYTES, "big") + s.to_bytes(BYTES, "big")


class Nonces:
    """The nonces of RFC 6979 3.2 for one key and one digest."""

    def __init__(self, private: int, wanted: int) -> None:
        seed = private.to_bytes(BYTES, "big") + wanted.to_bytes(BYTES, "big")
        self._value, self._key = b"\x01" * BYTES, b"\x00" * BYTES
        for mark in (b"\x00", b"\x01"):
            self._stir(mark + seed)

    def _stir(self, with_bytes: bytes) -> None:
        self._key = hmac.digest(self._key, self._value + with_bytes, "sha256")
        self._value = hmac.digest(self._key, self._value, "sha256")

    def draw(self) -> int:
        while True:
            self._value = hmac.digest(self._key, self._value, "sha256")
            k = int.from_bytes(self._value, "big")
            if 0 < k < ORDER:
                return k
            self._stir(b"\x00")


def times_generator(scalar: int) -> Point:
    result = INFINITY
    base: Point = (*GENERATOR, 1)
    for bit in bin(scalar)[2:]:
        result = double(result)
        if bit == "1":
            result = add(result, base)
    return result


def double(point: Point) -> Point:
    x, y, z = point
    if not z or not y:
        return INFINITY
    yy = y * y % FIELD
    s = 4 * x * yy % FIELD
    zz = z * z % FIELD
    m = 3 * (x - zz) * (x + zz) % FIELD
    new_x = (m * m - 2 * s) % FIELD
    return new_x, (m * (s - new_x) - 8 * yy * yy) % FIELD, 2 * y * z % FIELD


def add(one: Point, other: Point) -> Point:
    x1, y1, z1 = one
    x2, y2, z2 = other
    if not z1:
        return other
    if not z2:
        return one
    z1z1, z2z2 = z1 * z1 % FIELD, z2 * z2 % FIELD
    u1, u2 = x1 * z2z2 % FIELD, x2 * z1z1 % FIELD
    s1, s2 = y1 * z2 * z2z2 % FIELD, y2 * z1 * z1z1 % FIELD
    if u1 == u2:
        return double(one) if s1 == s2 else INFINITY
    h, r = (u2 - u1) % FIELD, (s2 - s1) % FIELD
    hh = h * h % FIELD
    hhh, v = h * hh % FIELD, u1 * hh % FIELD
    x3 = (r * r - hhh - 2 * v) % FIELD
    return x3, (r * (v - x3) - s1 * hhh) % FIELD, z1 * z2 * h % FIELD


def affine(point: Point) -> tuple[int, int]:
    x, y, z = point
    inverse = pow(z, -1, FIELD)
    square = inverse * inverse % FIELD
    return x * square % FIELD, y * square * inverse % FIELD
