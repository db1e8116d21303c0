// The sources of frames, packets and CBOR: strict C99 for this machine and for a Cortex-M4, no memory of their own, nothing called but the
// four functions on memory that every compiler brings.

import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { CORTEX_M4, compileOnly, isSkipped, LINK_C, makeFolder, removeFolders, run, STRICT } from './c.testkit.ts';

const CBOR = ['ml_cbor.c', 'ml_cbor_check.c', 'ml_cbor_text.c', 'ml_cbor_write.c'];
const PACKET = [
  'ml_packet.c',
  'ml_packet_codec.c',
  'ml_packet_opening.c',
  'ml_packet_receiver.c',
  'ml_packet_sender.c',
];
const SOURCES = [...CBOR, ...PACKET, 'ml_frame.c', 'ml_crc32c.c'];
const SLOW = { timeout: 180_000 };

afterAll(removeFolders);

describe.skipIf(isSkipped('gcc'))('on this machine', () => {
  it.each(['-O0', '-O2', '-Os'])('every source compiles without a warning at %s', SLOW, (level) => {
    compileOnly('gcc', SOURCES, [level]);
  });

  it('sizes out of range do not compile', SLOW, () => {
    for (const size of ['WINDOW=65', 'IN_BYTES=271', 'OUT_BYTES=16384', 'PACKET_BYTES=19', 'CHANNELS=17', 'PARTS=0'])
      expect(() => compileOnly('gcc', ['ml_packet.c'], [`-DML_PACKETS_${size}`])).toThrow('#error');
  });
});

describe.skipIf(isSkipped('arm-none-eabi-gcc'))('on a Cortex-M4', () => {
  it('every source compiles, owns no memory and calls nothing but memory functions', SLOW, () => {
    const folder = makeFolder();
    for (const source of SOURCES) {
      const object = join(folder, 'one.o');
      run('arm-none-eabi-gcc', [
        ...STRICT,
        ...CORTEX_M4,
        '-Os',
        `-I${LINK_C}`,
        '-c',
        join(LINK_C, source),
        '-o',
        object,
      ]);
      const symbols = run('arm-none-eabi-nm', [object]).toString().trim().split('\n');
      const named = symbols.map((line) => line.trim().split(' ').slice(-2) as [string, string]);
      expect(
        named.filter(([kind]) => 'BbDdC'.includes(kind)),
        source,
      ).toEqual([]);
      const called = named.flatMap(([kind, name]) => (kind === 'U' && !name.startsWith('ml_') ? [name] : []));
      expect(
        called.filter((name) => !/^(mem(cpy|set|cmp)|strlen|__aeabi_l\w+)$/.test(name)),
        source,
      ).toEqual([]);
    }
  });
});

describe.skipIf(isSkipped('cppcheck'))('cppcheck', () => {
  it('finds nothing', SLOW, () => {
    const flags = [
      '--std=c99',
      '--enable=warning,performance,portability',
      '--error-exitcode=1',
      '--quiet',
      `-I${LINK_C}`,
    ];
    expect(run('cppcheck', [...flags, ...SOURCES.map((source) => join(LINK_C, source))]).toString()).toBe('');
  });
});
