// Noise in C: the published vectors as both sides, payloads and all, and against the TypeScript handshake whatever is drawn.

import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { fromHex, toHex } from '../inspect/hex.ts';
import { CipherState } from '../noise/cipher-state.ts';
import { HandshakeState } from '../noise/handshake-state.ts';
import { nodeSuite } from '../noise/node-suite.ts';
import { PATTERNS, type PatternName } from '../noise/patterns.ts';
import { PATTERN_NUMBERS } from '../session/pattern-number.ts';
import { readVectors } from '../vectors/read-vectors.ts';
import { Dialogue, removeFolders } from './c.testkit.ts';
import { compileWithCrypto, isCryptoSkipped } from './crypto.testkit.ts';

interface PublishedVector {
  readonly source: string;
  readonly protocol_name: string;
  readonly init_prologue: string;
  readonly init_static: string;
  readonly init_ephemeral: string;
  readonly init_psks?: readonly string[];
  readonly resp_static: string;
  readonly resp_ephemeral: string;
  readonly handshake_hash?: string;
  readonly messages: readonly { readonly payload: string; readonly ciphertext: string }[];
}

const { vectors } = readVectors('noise-published.json') as { vectors: PublishedVector[] };
const NAMES = Object.keys(PATTERNS) as PatternName[];
const NONE = new Uint8Array(0);
const [LOW_ORDER, NOT_OPENED, BAD_ARGUMENT, TOO_SMALL, WRONG_STATE] = [-40, -41, -10, -11, -13];
const bytesOf = (count: number) => fc.uint8Array({ minLength: count, maxLength: count });

interface Setup {
  readonly pattern: PatternName;
  readonly isInitiator: boolean;
  readonly prologue: Uint8Array;
  readonly own: Uint8Array;
  readonly ephemeral: Uint8Array;
  readonly peerKey: Uint8Array;
  readonly psk: Uint8Array;
}

afterAll(removeFolders);

describe.skipIf(isCryptoSkipped('gcc'))('Noise in C', () => {
  let program: Dialogue;
  beforeAll(() => {
    program = new Dialogue(compileWithCrypto('noise', ['test/noise.c', 'ml_noise.c', 'ml_crypto.c', 'ml_sodium.c']));
  }, 120_000);
  afterAll(() => program?.close());

  /** The prologue comes in two parts, as hello and hello-ok do. */
  function begin({ pattern, isInitiator, prologue, own, ephemeral, peerKey, psk }: Setup): number {
    const cut = prologue.length >> 1;
    const parts = [prologue.subarray(0, cut), prologue.subarray(cut), own, ephemeral, peerKey, psk];
    program.ask('B', PATTERN_NUMBERS[pattern], isInitiator ? 1 : 0, ...parts);
    return program.i32();
  }

  /** The bytes behind a status that is not negative. */
  function answer(): number | Uint8Array {
    const status = program.i32();
    if (status < 0) return status;
    const bytes = program.bytes();
    program.u32();
    program.u32();
    return bytes;
  }

  function read(message: Uint8Array): number | Uint8Array {
    program.ask('R', message);
    return answer();
  }

  function write(payload: Uint8Array, room: number): number | Uint8Array {
    program.ask('W', payload, room);
    return answer();
  }

  function split() {
    program.ask('S');
    expect(program.i32()).toBe(0);
    const [send, receive, hash, peerKey] = [0, 0, 0, 0].map(() => program.bytes().slice());
    expect(program.u32(), 'the handshake is wiped').toBe(1);
    return { send: send!, receive: receive!, hash: hash!, peerKey: peerKey! };
  }

  function setupOf(vector: PublishedVector, isInitiator: boolean): Setup {
    const pattern = NAMES.find((name) => PATTERNS[name].protocolName === vector.protocol_name)!;
    const { knownInitiator, knownResponder } = PATTERNS[pattern];
    const needsPeer = isInitiator ? knownResponder : knownInitiator;
    const peer = nodeSuite.keyPair(fromHex(isInitiator ? vector.resp_static : vector.init_static));
    return {
      pattern,
      isInitiator,
      prologue: fromHex(vector.init_prologue),
      own: fromHex(isInitiator ? vector.init_static : vector.resp_static),
      ephemeral: fromHex(isInitiator ? vector.init_ephemeral : vector.resp_ephemeral),
      peerKey: needsPeer ? peer.publicKey : NONE,
      psk: fromHex(vector.init_psks?.[0] ?? ''),
    };
  }

  describe.each([true, false])('as initiator: %s', (isInitiator) => {
    test.each(vectors.map((vector) => [`${vector.protocol_name} (${vector.source})`, vector] as const))(
      '%s',
      (_, vector) => {
        const setup = setupOf(vector, isInitiator);
        expect(begin(setup)).toBe(0);
        const handshakeCount = PATTERNS[setup.pattern].messages.length;
        for (const [index, { payload, ciphertext }] of vector.messages.slice(0, handshakeCount).entries()) {
          const isOurs = (index % 2 === 0) === isInitiator;
          const got = isOurs ? write(fromHex(payload), ciphertext.length / 2) : read(fromHex(ciphertext));
          expect(toHex(got as Uint8Array)).toBe(isOurs ? ciphertext : payload);
        }
        const { send, receive, hash } = split();
        if (vector.handshake_hash !== undefined) expect(toHex(hash)).toBe(vector.handshake_hash);
        const ciphers = { send: new CipherState(nodeSuite, send), receive: new CipherState(nodeSuite, receive) };
        for (const [index, { payload, ciphertext }] of vector.messages.entries()) {
          if (index < handshakeCount) continue;
          const cipher = (index % 2 === 0) === isInitiator ? ciphers.send : ciphers.receive;
          expect(toHex(cipher.encryptWithAd(NONE, fromHex(payload)))).toBe(ciphertext);
        }
      },
    );
  });

  const arbMeeting = fc.record({
    pattern: fc.constantFrom(...NAMES),
    isInitiator: fc.boolean(),
    prologue: fc.uint8Array({ maxLength: 400, size: 'max' }),
    secrets: fc.array(bytesOf(32), { minLength: 5, maxLength: 5 }),
    payloads: fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 3, maxLength: 3 }),
    isHelped: fc.boolean(),
  });

  interface Meeting {
    readonly pattern: PatternName;
    readonly isInitiator: boolean;
    readonly prologue: Uint8Array;
    readonly secrets: readonly Uint8Array[];
    readonly payloads: readonly Uint8Array[];
    readonly isHelped: boolean;
  }

  /** The TypeScript side of a handshake whose other side has just been begun in C. */
  function meet({ pattern, isInitiator, prologue, secrets, isHelped }: Meeting): HandshakeState {
    const [ownSecret, ephemeral, peerSecret, peerEphemeral, psk] = secrets as Uint8Array[];
    const [own, peer] = [nodeSuite.keyPair(ownSecret!), nodeSuite.keyPair(peerSecret!)];
    const { knownInitiator, knownResponder, hasPsk } = PATTERNS[pattern];
    const knows = (isInitiating: boolean) => (isInitiating ? knownResponder : knownInitiator);
    const ss = nodeSuite.dh(own, peer.publicKey)!;
    const es = nodeSuite.dh(
      isInitiator ? nodeSuite.keyPair(ephemeral!) : own,
      isInitiator ? peer.publicKey : nodeSuite.keyPair(peerEphemeral!).publicKey,
    )!;
    program.ask('H', isHelped ? es : NONE, isHelped ? ss : NONE);
    expect(
      begin({
        pattern,
        isInitiator,
        prologue,
        own: own.secretKey,
        ephemeral: ephemeral!,
        peerKey: knows(isInitiator) ? peer.publicKey : NONE,
        psk: hasPsk ? psk! : NONE,
      }),
    ).toBe(0);
    return new HandshakeState({
      suite: nodeSuite,
      pattern: PATTERNS[pattern],
      isInitiator: !isInitiator,
      prologue,
      own: peer,
      ephemeral: nodeSuite.keyPair(peerEphemeral!),
      peerKey: knows(!isInitiator) ? own.publicKey : null,
      psk: hasPsk ? psk! : null,
    });
  }

  it('agrees with the TypeScript handshake, with secrets worked out before or without', () => {
    fc.assert(
      fc.property(arbMeeting, (meeting) => {
        const other = meet(meeting);
        for (const payload of meeting.payloads) {
          if (other.isDone) break;
          if (other.isOurTurn) expect(read(other.writeMessage(payload)!)).toEqual(payload);
          else expect(other.readMessage(write(payload, 200) as Uint8Array)).toEqual(payload);
        }
        const [here, there] = [split(), other.split()];
        expect(toHex(here.send)).toBe(toHex(there.receive));
        expect(toHex(here.receive)).toBe(toHex(there.send));
        expect(toHex(here.hash)).toBe(toHex(other.handshakeHash));
        expect(toHex(here.peerKey)).toBe(toHex(nodeSuite.keyPair(meeting.secrets[2]!).publicKey));
      }),
      { numRuns: 60 },
    );
  });

  it('a changed, cut or lengthened message ends it, for good', () => {
    fc.assert(
      fc.property(arbMeeting, fc.nat(2), fc.nat(), fc.integer({ min: -20, max: 20 }), (meeting, turn, where, more) => {
        const other = meet(meeting);
        const { messages } = PATTERNS[meeting.pattern];
        let harmed = false;
        for (let step = 0; step < messages.length; step++) {
          if (!other.isOurTurn) {
            other.readMessage(write(NONE, 200) as Uint8Array);
            continue;
          }
          const message = other.writeMessage(NONE)!;
          // An `e` and a payload in clear prove nothing by themselves: they are found out with the next message.
          if (step < turn || (meeting.pattern === 'XX' && step === 0)) {
            read(message);
            continue;
          }
          harmed = true;
          const wrong = more < 0 ? message.slice(0, more) : Buffer.concat([message, new Uint8Array(more)]);
          if (more === 0) wrong[where % wrong.length]! ^= 1 + (where % 255);
          // The top bit of an X25519 key is not looked at, but it is hashed.
          expect([NOT_OPENED, LOW_ORDER]).toContain(read(wrong));
          expect(read(message)).toBe(WRONG_STATE);
          expect(write(NONE, 200)).toBe(WRONG_STATE);
          program.ask('S');
          expect(program.i32()).toBe(WRONG_STATE);
          break;
        }
        fc.pre(harmed);
      }),
      { numRuns: 200 },
    );
  });

  it.each([...NAMES])('%s: a key of low order ends it', (pattern) => {
    const secrets = [1, 2, 3, 4, 5].map((fill) => new Uint8Array(32).fill(fill * 16));
    const meeting = { pattern, isInitiator: false, prologue: NONE, secrets, payloads: [], isHelped: false };
    const other = meet(meeting);
    const first = other.writeMessage(NONE)!;
    first.fill(0, 0, 32);
    if (pattern === 'XX') {
      expect(read(first)).toEqual(NONE);
      expect(write(NONE, 200)).toBe(LOW_ORDER);
    } else {
      expect(read(first)).toBe(LOW_ORDER);
    }
    expect(write(NONE, 200)).toBe(WRONG_STATE);
  });

  it('refuses a setup that is not what the pattern asks for', () => {
    const key = nodeSuite.keyPair(new Uint8Array(32).fill(9)).publicKey;
    const setup = { prologue: NONE, own: key, ephemeral: key };
    for (const pattern of NAMES) {
      for (const isInitiator of [true, false]) {
        const { knownInitiator, knownResponder, hasPsk } = PATTERNS[pattern];
        const needsPeer = isInitiator ? knownResponder : knownInitiator;
        for (const [peerKey, psk] of [
          [NONE, NONE],
          [key, NONE],
          [NONE, key],
          [key, key],
        ] as const) {
          const fits = needsPeer === peerKey.length > 0 && hasPsk === psk.length > 0;
          expect(begin({ ...setup, pattern, isInitiator, peerKey, psk })).toBe(fits ? 0 : BAD_ARGUMENT);
          if (!fits) expect(read(new Uint8Array(48))).toBe(WRONG_STATE);
        }
      }
    }
    program.ask('B', 4, 0, NONE, NONE, key, key, NONE, NONE);
    expect(program.i32()).toBe(BAD_ARGUMENT);
  });

  it('takes nothing out of turn, and needs room for the whole message', () => {
    const secrets = [1, 2, 3, 4, 5].map((fill) => new Uint8Array(32).fill(fill * 16));
    const other = meet({ pattern: 'XX', isInitiator: false, prologue: NONE, secrets, payloads: [], isHelped: false });
    expect(write(NONE, 200)).toBe(WRONG_STATE);
    expect(read(other.writeMessage(NONE)!)).toEqual(NONE);
    expect(read(new Uint8Array(96))).toBe(WRONG_STATE);
    expect(write(Uint8Array.of(1), 96)).toBe(TOO_SMALL);
    expect(write(NONE, 95)).toBe(TOO_SMALL);
    expect(other.readMessage(write(NONE, 96) as Uint8Array)).toEqual(NONE);
  });

  it('knows the sizes of all messages', () => {
    for (const pattern of NAMES) {
      const sizes = [0, 1, 2, 3].map((step) => {
        program.ask('M', PATTERN_NUMBERS[pattern], step);
        return program.u32();
      });
      expect(sizes.filter((size) => size > 0)).toEqual(PATTERNS[pattern].messageBytes);
    }
    for (const pattern of [0, 4, 0xffff_ffff]) {
      program.ask('M', pattern, 0);
      expect(program.u32()).toBe(0);
    }
  });

  it('makes the next key as TypeScript does', () => {
    fc.assert(
      fc.property(bytesOf(32), (key) => {
        program.ask('Q', key);
        const next = program.bytes();
        const cipher = new CipherState(nodeSuite, key.slice());
        cipher.rekey();
        expect(toHex(cipher.encryptWithAd(NONE, NONE))).toBe(
          toHex(new CipherState(nodeSuite, next.slice()).encryptWithAd(NONE, NONE)),
        );
      }),
    );
  });
});
