import { describe, expect, it } from 'vitest';
import { toHex } from '../evidence/record-types.ts';
import { confirmAll, fill, gatewayKey, minuteOfBlocks, useFolder } from '../gateway/made-store.testkit.ts';
import { createChance, pick } from '../pipeline/made-signals.testkit.ts';
import { createLabKey } from '../world/node-keys.ts';
import { openStoreFile } from '../world/node-store.ts';
import { type SegmentFile, verifySegmentFiles } from './verify-files.ts';
import { trustedKeys } from './verify-store.ts';

const path = useFolder('files');
const files = await exportSegments();
const trusted = trustedKeys([toHex(gatewayKey.publicKey)]);

async function exportSegments(): Promise<SegmentFile[]> {
  const { store, close } = openStoreFile(path('store.sqlite'));
  await fill(store, minuteOfBlocks());
  confirmAll(store);
  const stream = store.streams()[0]!;
  const exported = store.segments(stream.id).map((segment) => ({
    name: `${toHex(segment.hash)}.segment`,
    bytes: store.segmentBytes(segment),
  }));
  close();
  return exported;
}

const codes = (check: { problems: readonly { code: string }[] }) => [
  ...new Set(check.problems.map((problem) => problem.code)),
];

describe('segment files', () => {
  it('hold together, in any order, and every result comes out the same again', () => {
    const check = verifySegmentFiles(files.toReversed(), trusted);
    expect(check.problems).toEqual([]);
    expect(files.length).toBeGreaterThan(1);
    expect(check.streams[0]).toMatchObject({ segmentCount: files.length, replayed: true, blockCount: 90 });
    expect(check.streams[0]?.resultsAgreed).toBe(check.streams[0]?.resultCount);
  });

  it('hold from a later one on, and then nothing is said about results', () => {
    const check = verifySegmentFiles(files.slice(1), trusted);
    expect(check.problems).toEqual([]);
    expect(check.streams[0]).toMatchObject({ replayed: false, resultsAgreed: 0 });
  });

  it('fail when one in the middle or one twice', () => {
    const more = [...files, ...files.slice(0, 1)];
    expect(codes(verifySegmentFiles(more, trusted))).toContain('segment');
  });

  it('fail as a key that is not known when somebody else is trusted', () => {
    const check = verifySegmentFiles(files, trustedKeys([toHex(createLabKey('stranger', 5).publicKey)]));
    expect(codes(check)).toContain('unknown-key');
  });

  it('fail for any flipped byte', () => {
    const chance = createChance(33);
    for (let round = 0; round < 60; round++) {
      const index = pick(chance, files.length);
      const bytes = files[index]!.bytes.slice();
      const at = pick(chance, bytes.length);
      bytes[at] = bytes[at]! ^ (1 << pick(chance, 8));
      const changed = files.map((file, place) => (place === index ? { ...file, bytes } : file));
      const check = verifySegmentFiles(changed, trusted);
      expect(check.problems.length, `seed 33, round ${round}: file ${index}, byte ${at}`).toBeGreaterThan(0);
    }
  });

  it('fail when a file is cut short or is something else', () => {
    for (const bytes of [
      files[0]!.bytes.slice(0, -1),
      files[0]!.bytes.slice(0, 40),
      new Uint8Array(),
      new Uint8Array(500),
    ]) {
      expect(codes(verifySegmentFiles([{ name: 'odd.segment', bytes }], trusted))).toEqual(['segment']);
    }
  });
});
