import { createPrivateKey, createPublicKey } from 'node:crypto';
import { Algorithms, Headers, ProtectedHeaders, Sign1 } from '@auth0/cose';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeCbor, encodeCbor } from '../cbor/cbor.ts';
import type { CborValue } from '../cbor/cbor-value.ts';
import { fromHex, toHex } from '../inspect/hex.ts';
import { readVectors } from '../vectors/read-vectors.ts';
import { CONTENT_RECEIPT, CONTENT_RECORD, openCose, sealCose, verifyCose } from './cose-sign1.ts';
import { generateEd25519, keyIdOf, verifyEd25519 } from './ed25519.ts';

// RFC 8032 7.1, tests 1 to 3: seed, public key, message, signature.
const RFC8032 = [
  [
    '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    '',
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  ],
  [
    '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
    '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    '72',
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  ],
  [
    'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
    'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    'af82',
    '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  ],
] as const;

describe('Ed25519', () => {
  test.each(RFC8032)('RFC 8032 %s', (seed, publicKey, message, signature) => {
    const signer = generateEd25519(fromHex(seed));
    expect(toHex(signer.publicKey)).toBe(publicKey);
    expect(toHex(signer.sign(fromHex(message)))).toBe(signature);
    expect(verifyEd25519(fromHex(message), fromHex(signature), fromHex(publicKey))).toBe(true);
    expect(verifyEd25519(fromHex(`${message}00`), fromHex(signature), fromHex(publicKey))).toBe(false);
  });

  test('a signature of the wrong length is wrong, a key of the wrong length is our bug', () => {
    const { publicKey } = generateEd25519(new Uint8Array(32));
    expect(verifyEd25519(new Uint8Array(1), new Uint8Array(63), publicKey)).toBe(false);
    expect(() => verifyEd25519(new Uint8Array(1), new Uint8Array(64), publicKey.subarray(1))).toThrow(TypeError);
  });

  test('any 32 bytes as a key give an answer, never an exception', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (key) => {
        expect(verifyEd25519(Uint8Array.of(1), new Uint8Array(64).fill(7), key)).toBe(false);
      }),
    );
  });
});

const signer = generateEd25519(fromHex(RFC8032[0][0]));
const payload = fromHex('a1016161');
const sealed = sealCose(payload, { contentType: CONTENT_RECORD, signer });

function opened(bytes: Uint8Array) {
  const result = openCose(bytes);
  if (!result.ok) throw new Error(result.fault.detail);
  return result.value;
}

describe('sealing', () => {
  test('opens to what was sealed and verifies with the key it names', () => {
    const found = opened(sealed);
    expect(found).toMatchObject({ contentType: CONTENT_RECORD, payload, keyId: keyIdOf(signer.publicKey) });
    expect(verifyCose(found, signer.publicKey)).toBe(true);
    expect(verifyCose(found, generateEd25519(new Uint8Array(32)).publicKey)).toBe(false);
  });

  test('flipping any bit of a sealed record makes open or verify fail', () => {
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const bytes = sealed.slice();
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      const result = openCose(bytes);
      expect(result.ok && verifyCose(result.value, signer.publicKey)).toBe(false);
    }
  });

  test('any change of one byte of any sealed payload fails', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (data, place, change) => {
          const bytes = sealCose(data, { contentType: CONTENT_RECEIPT, signer });
          bytes[place % bytes.length]! ^= change;
          const result = openCose(bytes);
          expect(result.ok && verifyCose(result.value, signer.publicKey)).toBe(false);
        },
      ),
    );
  });

  test('the largest record seals, one byte more is our bug', () => {
    const overhead = sealCose(new Uint8Array(60_000), { contentType: CONTENT_RECORD, signer }).length - 60_000;
    expect(sealCose(new Uint8Array(65_536 - overhead), { contentType: CONTENT_RECORD, signer }).length).toBe(65_536);
    expect(() => sealCose(new Uint8Array(65_537 - overhead), { contentType: CONTENT_RECORD, signer })).toThrow(
      TypeError,
    );
  });
});

describe('opening refuses', () => {
  const kid = signer.keyId;
  const header = (entries: [number, CborValue][]) => encodeCbor(new Map(entries));
  const good = header([
    [1, -8],
    [3, CONTENT_RECORD],
    [4, kid],
  ]);
  const signature = new Uint8Array(64);

  test.each<[string, CborValue]>([
    ['three parts', [good, {}, payload]],
    ['five parts', [good, {}, payload, signature, 0]],
    ['an unprotected header', [good, { a: 1 }, payload, signature]],
    ['an integer-keyed unprotected header', [good, new Map([[4, kid]]), payload, signature]],
    ['a detached payload', [good, {}, null, signature]],
    ['a short signature', [good, {}, payload, new Uint8Array(63)]],
    ['an empty protected header', [new Uint8Array(0), {}, payload, signature]],
    [
      'another algorithm',
      [
        header([
          [1, -7],
          [3, CONTENT_RECORD],
          [4, kid],
        ]),
        {},
        payload,
        signature,
      ],
    ],
    [
      'another content type',
      [
        header([
          [1, -8],
          [3, 'text/plain'],
          [4, kid],
        ]),
        {},
        payload,
        signature,
      ],
    ],
    [
      'a numeric content type',
      [
        header([
          [1, -8],
          [3, 60],
          [4, kid],
        ]),
        {},
        payload,
        signature,
      ],
    ],
    [
      'a short key id',
      [
        header([
          [1, -8],
          [3, CONTENT_RECORD],
          [4, kid.subarray(1)],
        ]),
        {},
        payload,
        signature,
      ],
    ],
    [
      'no key id',
      [
        header([
          [1, -8],
          [3, CONTENT_RECORD],
        ]),
        {},
        payload,
        signature,
      ],
    ],
    [
      'one more header',
      [
        header([
          [1, -8],
          [2, [3]],
          [3, CONTENT_RECORD],
          [4, kid],
        ]),
        {},
        payload,
        signature,
      ],
    ],
  ])('%s', (_, value) => {
    expect(openCose(encodeCbor(value))).toMatchObject({
      ok: false,
      fault: { code: expect.stringMatching(/bad-shape|torn/) },
    });
  });

  const vectors: { why: string; code: string; at: number; detail: string; hex: string }[] =
    readVectors('malformed-sealed.json').cases;
  test.each(vectors)('$why: $code at $at', ({ code, at, detail, hex }) => {
    expect(openCose(fromHex(hex))).toEqual({ ok: false, fault: { code, at, detail } });
  });
});

describe('@auth0/cose, another implementation', () => {
  const seed = fromHex(RFC8032[0][0]);
  const pkcs8 = Buffer.concat([fromHex('302e020100300506032b657004220420'), seed]);
  const privateKey = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(privateKey);

  test('verifies what we seal', async () => {
    const theirs = Sign1.decode(sealed);
    await expect(theirs.verify(publicKey)).resolves.toBeUndefined();
    expect(toHex(theirs.payload)).toBe(toHex(payload));
  });

  test('refuses what we sealed and somebody changed', async () => {
    const bytes = sealed.slice();
    bytes[bytes.length - 1]! ^= 1;
    await expect(Sign1.decode(bytes).verify(publicKey)).rejects.toThrow();
  });

  test('signs what we open and verify', async () => {
    const protectedHeaders = new ProtectedHeaders([
      [Headers.Algorithm, Algorithms.EdDSA],
      [Headers.ContentType, CONTENT_RECORD as never],
      [Headers.KeyID, signer.keyId],
    ]);
    const theirs = await Sign1.sign(protectedHeaders, undefined, payload, privateKey);
    // Their encoder is not deterministic; what they sign is. Its parts go into our envelope.
    const [header] = theirs.getContentForEncoding() as [Uint8Array];
    const bytes = encodeCbor([new Uint8Array(header), {}, theirs.payload, new Uint8Array(theirs.signature)]);
    expect(decodeCbor(bytes).ok).toBe(true);
    expect(verifyCose(opened(bytes), signer.publicKey)).toBe(true);
    expect(toHex(bytes)).toBe(toHex(sealed));
  });
});
