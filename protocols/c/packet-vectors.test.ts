// The packets of the vectors, for the implementation in TypeScript and the one in C.

import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { fromHex } from '../inspect/hex.ts';
import { decodePacket } from '../packet/packet-codec.ts';
import { fromVector, readVectors } from '../vectors/read-vectors.ts';
import { type Dialogue, FAULTS, isSkipped, removeFolders } from './c.testkit.ts';
import { CEnd, startPackets } from './line.testkit.ts';

const { accepted, refused } = readVectors('packets.json') as {
  accepted: [hex: string, packet: unknown, why: string][];
  refused: [hex: string, fault: string, why: string][];
};

test.each(accepted)('TypeScript reads %s', (hex, packet) => {
  expect(decodePacket(fromHex(hex))).toEqual({ ok: true, value: fromVector(packet) });
});

test.each(refused)('TypeScript refuses %s as %s: %s', (hex, code) => {
  expect(decodePacket(fromHex(hex))).toMatchObject({ ok: false, fault: { code } });
});

afterAll(removeFolders);

describe.skipIf(isSkipped('gcc', 'mkfifo'))('C', () => {
  let program: Dialogue;
  beforeAll(() => {
    program = startPackets(false);
  }, 300_000);
  afterAll(() => program?.close());

  function statusOf(hex: string): number {
    // A link that is not open reads every packet and goes by RESET alone.
    new CEnd(program, { window: 8, packetBytes: 20, messageBytesMax: 512, keepAliveMs: 0 }, 1);
    program.ask('V', fromHex(hex));
    return program.i32();
  }

  it.each(accepted)('reads %s', (hex) => {
    expect(statusOf(hex)).toBe(0);
  });

  it.each(refused)('refuses %s as %s: %s', (hex, code) => {
    expect(FAULTS[statusOf(hex)]).toBe(code);
  });
});
