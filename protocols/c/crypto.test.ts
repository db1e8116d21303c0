// The door to the fetched cryptography: the RFCs' own examples, what node:crypto says of random input, and no key of low order.

import { spawnSync } from 'node:child_process';
import { createHash, createHmac, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { fromHex, toHex } from '../inspect/hex.ts';
import { nodeSuite } from '../noise/node-suite.ts';
import { LOW_ORDER } from '../noise/suites.testkit.ts';
import { CORTEX_M4, Dialogue, isSkipped, LINK_C, makeFolder, removeFolders, run, STRICT } from './c.testkit.ts';
import {
  compileCrypto,
  compileWithCrypto,
  cryptoIncludes,
  isCryptoSkipped,
  SESSION_SOURCES,
} from './crypto.testkit.ts';

const LOW_ORDER_STATUS = -40;
const NOT_OPENED = -41;
const NOT_SIGNED = -42;
const SLOW = { timeout: 180_000 };
const bytesOf = (count: number) => fc.uint8Array({ minLength: count, maxLength: count });
const anyBytes = fc.uint8Array({ maxLength: 2000, size: 'max' });

afterAll(removeFolders);

describe.skipIf(isCryptoSkipped('gcc'))('cryptography in C', () => {
  let program: Dialogue;
  beforeAll(() => {
    program = new Dialogue(compileWithCrypto('crypto', ['test/crypto.c', 'ml_crypto.c', 'ml_sodium.c']));
  }, 120_000);
  afterAll(() => program?.close());

  function bytes(command: string, ...parts: (number | Uint8Array)[]): string {
    program.ask(command, ...parts);
    return toHex(program.bytes());
  }

  function x25519(secret: Uint8Array, key: Uint8Array): [number, string] {
    program.ask('x', secret, key);
    return [program.i32(), toHex(program.bytes())];
  }

  function open(key: Uint8Array, nonce: Uint8Array, additional: Uint8Array, sealed: Uint8Array): [number, string] {
    program.ask('o', key, nonce, additional, sealed);
    return [program.i32(), toHex(program.bytes())];
  }

  function check(signer: Uint8Array, message: Uint8Array, signature: Uint8Array): number {
    program.ask('v', signer, message, signature);
    return program.i32();
  }

  test('X25519 of RFC 7748, 5.2', () => {
    const secret = fromHex('a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4');
    const key = fromHex('e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c');
    expect(x25519(secret, key)).toEqual([0, 'c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552']);
    let k = `09${'00'.repeat(31)}`;
    let u = k;
    for (let turn = 0; turn < 100; turn++) [k, u] = [x25519(fromHex(k), fromHex(u))[1], k];
    const own = nodeSuite.keyPair(fromHex(k));
    expect(x25519(fromHex(k), fromHex(u))[1]).toBe(toHex(nodeSuite.dh(own, fromHex(u))!));
  });

  test('ChaCha20-Poly1305 of RFC 8439, 2.8.2', () => {
    const key = Uint8Array.from({ length: 32 }, (_, at) => 0x80 + at);
    const nonce = fromHex('070000004041424344454647');
    const additional = fromHex('50515253c0c1c2c3c4c5c6c7');
    const text =
      "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.";
    const sealed =
      'd31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36' +
      '92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc3ff4def08e4b7a9de576d26586cec64b6116' +
      '1ae10b594f09e26a7e902ecbd0600691';
    expect(bytes('s', key, nonce, additional, new TextEncoder().encode(text))).toBe(sealed);
  });

  test('Ed25519 of RFC 8032, 7.1, test 3', () => {
    const seed = 'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7';
    const signer = 'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025';
    expect(bytes('k', fromHex(seed))).toBe(seed + signer);
    expect(toHex(program.bytes())).toBe(signer);
    expect(toHex(program.bytes()), 'the seed is wiped').toBe('00'.repeat(32));
    expect(bytes('g', fromHex(seed + signer), fromHex('af82'))).toBe(
      '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac' +
        '18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
    );
  });

  test('SHA-256 of FIPS 180-4 and HMAC of RFC 4231, case 2', () => {
    const text = (words: string) => new TextEncoder().encode(words);
    expect(bytes('h', 1, text('abc'))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(bytes('m', text('Jefe'), 1, text('what do ya want for nothing?'))).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
  });

  it('hashes parts as it hashes the whole, and as node does', () => {
    fc.assert(
      fc.property(fc.array(anyBytes, { maxLength: 5 }), fc.uint8Array({ maxLength: 200 }), (parts, key) => {
        const whole = Buffer.concat(parts);
        expect(bytes('h', parts.length, ...parts)).toBe(createHash('sha256').update(whole).digest('hex'));
        expect(bytes('m', key, parts.length, ...parts)).toBe(createHmac('sha256', key).update(whole).digest('hex'));
      }),
    );
  });

  it('agrees with node on every key pair', () => {
    fc.assert(
      fc.property(bytesOf(32), bytesOf(32), (secret, otherSecret) => {
        const [own, other] = [nodeSuite.keyPair(secret), nodeSuite.keyPair(otherSecret)];
        expect(bytes('p', secret)).toBe(toHex(own.publicKey));
        expect(x25519(secret, other.publicKey)).toEqual([0, toHex(nodeSuite.dh(own, other.publicKey)!)]);
        expect(bytes('d', own.publicKey)).toBe(toHex(nodeSuite.sha256(own.publicKey).slice(0, 16)));
      }),
      { numRuns: 50 },
    );
  });

  it.each(LOW_ORDER)('refuses the key of low order %s', (key) => {
    fc.assert(
      fc.property(bytesOf(32), (secret) => {
        expect(x25519(secret, fromHex(key))).toEqual([LOW_ORDER_STATUS, '00'.repeat(32)]);
        const high = fromHex(key);
        high[31]! |= 0x80; // the top bit is not looked at
        expect(x25519(secret, high)[0]).toBe(LOW_ORDER_STATUS);
      }),
      { numRuns: 10 },
    );
  });

  it('seals as node does, opens that, and nothing with a bit changed', () => {
    fc.assert(
      fc.property(bytesOf(32), bytesOf(12), anyBytes, anyBytes, fc.nat(), (key, nonce, additional, text, where) => {
        const sealed = nodeSuite.seal(key, nonce, additional, text);
        expect(bytes('s', key, nonce, additional, text)).toBe(toHex(sealed));
        expect(open(key, nonce, additional, sealed)).toEqual([0, toHex(text) + toHex(sealed.subarray(text.length))]);
        const changed = sealed.slice();
        changed[(where >> 3) % changed.length]! ^= 1 << (where & 7);
        expect(open(key, nonce, additional, changed), 'and leaves the bytes').toEqual([NOT_OPENED, toHex(changed)]);
        expect(open(key, nonce, Buffer.concat([additional, Uint8Array.of(0)]), sealed)[0]).toBe(NOT_OPENED);
        expect(open(key, nonce, additional, sealed.subarray(0, where % sealed.length))[0]).toBe(NOT_OPENED);
      }),
    );
  });

  it('signs as node does, and takes no other signature', () => {
    fc.assert(
      fc.property(bytesOf(32), anyBytes, fc.nat(511), (seed, message, bit) => {
        const prefix = Buffer.from('302e020100300506032b657004220420', 'hex');
        const privateKey = createPrivateKey({ key: Buffer.concat([prefix, seed]), format: 'der', type: 'pkcs8' });
        program.ask('k', seed);
        const [signKey, signer] = [program.bytes(), program.bytes()];
        program.bytes();
        const signature = fromHex(bytes('g', signKey, message));
        expect(toHex(signature)).toBe(sign(null, message, privateKey).toString('hex'));
        expect(verify(null, message, createPublicKey(privateKey), signature)).toBe(true);
        expect(check(signer, message, signature)).toBe(0);
        signature[bit >> 3]! ^= 1 << (bit & 7);
        expect(check(signer, message, signature)).toBe(NOT_SIGNED);
      }),
      { numRuns: 50 },
    );
  });

  it('compares keys whole', () => {
    fc.assert(
      fc.property(bytesOf(32), fc.nat(255), (key, bit) => {
        const other = key.slice();
        program.ask('e', key, other);
        expect(program.u32()).toBe(1);
        other[bit >> 3]! ^= 1 << (bit & 7);
        program.ask('e', key, other);
        expect(program.u32()).toBe(0);
      }),
    );
  });
});

describe.skipIf(isCryptoSkipped('arm-none-eabi-gcc'))('on a Cortex-M4', () => {
  const GCC = 'arm-none-eabi-gcc';

  it('every source compiles, owns no memory and calls nothing but the libraries and memory functions', SLOW, () => {
    const object = join(makeFolder(), 'one.o');
    for (const source of SESSION_SOURCES) {
      const flags = [...STRICT, ...CORTEX_M4, '-Os', `-I${LINK_C}`, ...cryptoIncludes()];
      run(GCC, [...flags, '-c', join(LINK_C, source), '-o', object]);
      const lines = run('arm-none-eabi-nm', [object]).toString().trim().split('\n');
      const symbols = lines.map((line) => line.trim().split(' ').slice(-2) as [string, string]);
      const owned = symbols.filter(([kind]) => 'BbDdC'.includes(kind));
      expect(owned, source).toEqual([]);
      const called = symbols.flatMap(([kind, name]) => (kind === 'U' ? [name] : []));
      const others = called.filter((name) => !/^(ml_|crypto_|mem(cpy|set|cmp)$|strlen$|__aeabi_l)/.test(name));
      expect(others, source).toEqual([]);
    }
  });

  it('the libraries compile', SLOW, () => {
    expect(compileCrypto(GCC, [...CORTEX_M4, '-Os'])).toHaveLength(4);
  });
});

describe.skipIf(isSkipped('cppcheck'))('cppcheck', () => {
  it('finds nothing', SLOW, () => {
    const sources = SESSION_SOURCES.map((name) => join(LINK_C, name));
    const args = ['--quiet', '--enable=warning,performance,portability', '--error-exitcode=2', ...sources];
    const done = spawnSync('cppcheck', args, { encoding: 'utf8' });
    expect(done.stderr + done.stdout).toBe('');
    expect(done.status).toBe(0);
  });
});

describe('where nothing can be fetched', () => {
  it('says why in one sentence, and what helps', () => {
    const folder = mkdtempSync(join(tmpdir(), 'maibo-fetch-'));
    try {
      const script = join(folder, 'fetch-crypto.mjs');
      copyFileSync(join(LINK_C, 'fetch-crypto.mjs'), script);
      const done = spawnSync(process.execPath, [script], { env: { PATH: folder }, encoding: 'utf8' });
      expect(done.status).toBe(1);
      expect(done.stderr).toMatch(/^The C library monocypher could not be fetched \(cargo: .*\)\. Hint: .*\.\n$/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
