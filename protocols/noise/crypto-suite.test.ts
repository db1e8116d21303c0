import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromHex, toHex } from '../inspect/hex.ts';
import { KEY_BYTES, NONCE_BYTES } from './crypto-suite.ts';
import { nodeSuite } from './node-suite.ts';
import { LOW_ORDER, nobleSuite, SUITES } from './suites.testkit.ts';

const bytes = (count: number) => fc.uint8Array({ minLength: count, maxLength: count });

describe.each(SUITES)('suite %s', (_name, suite) => {
  test('X25519 as in RFC 7748 6.1', () => {
    const alice = suite.keyPair(fromHex('77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a'));
    const bob = suite.keyPair(fromHex('5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb'));
    expect(toHex(alice.publicKey)).toBe('8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a');
    expect(toHex(bob.publicKey)).toBe('de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f');
    const shared = '4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742';
    expect(toHex(suite.dh(alice, bob.publicKey)!)).toBe(shared);
    expect(toHex(suite.dh(bob, alice.publicKey)!)).toBe(shared);
  });

  test.each(LOW_ORDER)('the point %s of low order is refused', (point) => {
    const own = suite.keyPair(new Uint8Array(KEY_BYTES).fill(7));
    expect(suite.dh(own, fromHex(point))).toBeNull();
  });

  test('ChaCha20-Poly1305 as in RFC 8439 2.8.2', () => {
    const key = fromHex('808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f');
    const nonce = fromHex('070000004041424344454647');
    const additional = fromHex('50515253c0c1c2c3c4c5c6c7');
    const plain = new TextEncoder().encode(
      "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.",
    );
    const sealed = suite.seal(key, nonce, additional, plain);
    expect(toHex(sealed.slice(0, 16))).toBe('d31a8d34648e60db7b86afbc53ef7ec2');
    expect(toHex(sealed.slice(plain.length))).toBe('1ae10b594f09e26a7e902ecbd0600691');
    expect(suite.open(key, nonce, additional, sealed)).toEqual(plain);
  });

  test('SHA-256 (FIPS 180-4) and HMAC (RFC 4231, case 2)', () => {
    const abc = new TextEncoder().encode('abc');
    expect(toHex(suite.sha256(abc))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    const mac = suite.hmacSha256(
      new TextEncoder().encode('Jefe'),
      new TextEncoder().encode('what do ya want for nothing?'),
    );
    expect(toHex(mac)).toBe('5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843');
  });

  test('open gives null for a wrong key, nonce, additional data, byte or length', () => {
    const key = new Uint8Array(KEY_BYTES).fill(1);
    const nonce = new Uint8Array(NONCE_BYTES).fill(2);
    const additional = Uint8Array.of(3);
    const sealed = suite.seal(key, nonce, additional, Uint8Array.of(4, 5));
    const changed = (original: Uint8Array) => original.map((byte, index) => (index === 0 ? byte ^ 1 : byte));
    expect(suite.open(key, nonce, additional, sealed)).toEqual(Uint8Array.of(4, 5));
    expect(suite.open(changed(key), nonce, additional, sealed)).toBeNull();
    expect(suite.open(key, changed(nonce), additional, sealed)).toBeNull();
    expect(suite.open(key, nonce, Uint8Array.of(2), sealed)).toBeNull();
    for (let at = 0; at < sealed.length; at++) {
      const bad = sealed.map((byte, index) => (index === at ? byte ^ 0x80 : byte));
      expect(suite.open(key, nonce, additional, bad)).toBeNull();
      expect(suite.open(key, nonce, additional, sealed.subarray(0, at))).toBeNull();
    }
  });

  test('compares bytes', () => {
    expect(suite.isEqual(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true);
    expect(suite.isEqual(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false);
    expect(suite.isEqual(Uint8Array.of(1, 2), Uint8Array.of(1))).toBe(false);
  });

  test('keys and nonces of the wrong length are our bug', () => {
    const own = suite.keyPair(new Uint8Array(KEY_BYTES));
    expect(() => suite.keyPair(new Uint8Array(31))).toThrow(TypeError);
    expect(() => suite.dh(own, new Uint8Array(33))).toThrow(TypeError);
    expect(() => suite.seal(new Uint8Array(32), new Uint8Array(8), new Uint8Array(0), new Uint8Array(0))).toThrow(
      TypeError,
    );
  });
});

describe('the two suites agree', () => {
  test('on key pairs and shared secrets, whatever 32 bytes the other side sends', () => {
    fc.assert(
      fc.property(bytes(32), bytes(32), (secret, point) => {
        const [node, noble] = [nodeSuite.keyPair(secret), nobleSuite.keyPair(secret)];
        expect(noble.publicKey).toEqual(node.publicKey);
        expect(nobleSuite.dh(noble, point)).toEqual(nodeSuite.dh(node, point));
      }),
    );
  });

  test('on points that are not canonical: 2^255-19 and more, and with the top bit set', () => {
    for (const point of [...LOW_ORDER, `f0${'ff'.repeat(30)}7f`, `f0${'ff'.repeat(31)}`, `09${'00'.repeat(30)}80`]) {
      const secret = new Uint8Array(32).fill(9);
      const fromNode = nodeSuite.dh(nodeSuite.keyPair(secret), fromHex(point));
      expect(nobleSuite.dh(nobleSuite.keyPair(secret), fromHex(point))).toEqual(fromNode);
    }
  });

  test('on sealing, opening and hashes', () => {
    const many = fc.uint8Array({ maxLength: 300 });
    fc.assert(
      fc.property(bytes(32), bytes(12), many, many, (key, nonce, additional, plain) => {
        const sealed = nodeSuite.seal(key, nonce, additional, plain);
        expect(nobleSuite.seal(key, nonce, additional, plain)).toEqual(sealed);
        expect(nobleSuite.open(key, nonce, additional, sealed)).toEqual(plain);
        expect(nodeSuite.open(key, nonce, additional, sealed)).toEqual(plain);
        expect(nobleSuite.sha256(plain)).toEqual(nodeSuite.sha256(plain));
        expect(nobleSuite.hmacSha256(additional, plain)).toEqual(nodeSuite.hmacSha256(additional, plain));
      }),
    );
  });
});
