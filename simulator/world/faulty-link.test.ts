import { createMemoryLinks } from '@maibo/sdk';
import { describe, expect, it } from 'vitest';
import { createFaultyLink, type FaultyLinkOptions } from './faulty-link.ts';

const CHUNKS = Array.from({ length: 50 }, (_, index) => new Uint8Array(100).fill(index));

/** What comes out of the link when CHUNKS go in. */
async function receive(options: FaultyLinkOptions): Promise<{ bytes: Buffer; counts: Record<string, number> }> {
  const [near, far] = createMemoryLinks();
  const faulty = createFaultyLink(near, options);
  for (const chunk of CHUNKS) await far.write(chunk);
  await far.close();
  const received: Uint8Array[] = [];
  for await (const chunk of faulty.chunks) received.push(chunk);
  return { bytes: Buffer.concat(received), counts: { ...faulty.counts } };
}

/** What arrives at the other end when CHUNKS are written. */
async function send(options: FaultyLinkOptions): Promise<Buffer> {
  const [near, far] = createMemoryLinks();
  const faulty = createFaultyLink(near, options);
  for (const chunk of CHUNKS) await faulty.write(chunk);
  await faulty.close();
  const received: Uint8Array[] = [];
  for await (const chunk of far.chunks) received.push(chunk);
  return Buffer.concat(received);
}

const harm = { drop: 0.1, flip: 0.1, duplicate: 0.1 };

describe('the faulty link', () => {
  it('passes everything when nothing is asked of it, torn or not', async () => {
    expect((await receive({ seed: 1 })).bytes).toEqual(Buffer.concat(CHUNKS));
    expect((await receive({ seed: 1, pieceBytesMax: 7 })).bytes).toEqual(Buffer.concat(CHUNKS));
    expect(await send({ seed: 1, pieceBytesMax: 7 })).toEqual(Buffer.concat(CHUNKS));
  });

  it('does the same harm for the same seed, and other harm for another', async () => {
    const options = { incoming: harm, outgoing: harm, pieceBytesMax: 64 };
    expect(await receive({ ...options, seed: 5 })).toEqual(await receive({ ...options, seed: 5 }));
    expect(await receive({ ...options, seed: 5 })).not.toEqual(await receive({ ...options, seed: 6 }));
    expect(await send({ ...options, seed: 5 })).toEqual(await send({ ...options, seed: 5 }));
  });

  it('loses, turns and doubles about as often as it is told', async () => {
    const { counts } = await receive({ seed: 9, incoming: harm, pieceBytesMax: 10 });
    for (const kind of ['drop', 'flip', 'duplicate']) {
      expect(counts[kind], kind).toBeGreaterThan(50);
      expect(counts[kind], kind).toBeLessThan(150);
    }
  });

  it('turns a single bit and loses nothing when it is to flip alone', async () => {
    const { bytes, counts } = await receive({ seed: 3, incoming: { flip: 1 } });
    const sent = Buffer.concat(CHUNKS);
    const different = [...bytes.keys()].filter((index) => bytes[index] !== sent[index]);
    expect(bytes).toHaveLength(sent.length);
    expect(different).toHaveLength(CHUNKS.length);
    expect(counts.flip).toBe(CHUNKS.length);
  });
});
