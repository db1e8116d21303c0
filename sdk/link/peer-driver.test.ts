import { encodeFrame } from '@maibo/protocols';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../world/node-clock.ts';
import type { Link } from '../world/world.ts';
import { createMemoryLinks } from './memory-link.ts';
import { PeerDriver, type PeerEnd } from './peer-driver.ts';

/** An end that says what it is given to say. */
class SayingEnd implements PeerEnd {
  readonly deadlineMs = null;
  readonly heard: Uint8Array[] = [];
  readonly toSay: Uint8Array[] = [];

  receive(packet: Uint8Array): void {
    this.heard.push(packet);
  }

  next(): Uint8Array | null {
    return this.toSay.shift() ?? null;
  }
}

const drive = (end: PeerEnd, link: Link) => new PeerDriver(end, link, systemClock, () => {});

describe('a driver', () => {
  it('that is told to stop while it writes says the last word before it does', async () => {
    const [near, far] = createMemoryLinks(100);
    const end = new SayingEnd();
    let written = () => {};
    const slow: Link = {
      name: near.name,
      carries: 'packets',
      packetBytesMax: 100,
      chunks: near.chunks,
      close: () => near.close(),
      write: async (bytes) => {
        await new Promise<void>((resolve) => {
          written = resolve;
        });
        await near.write(bytes);
      },
    };
    end.toSay.push(Uint8Array.of(1));
    const driver = drive(end, slow);
    const running = driver.run();
    await systemClock.sleep(1);
    end.toSay.push(Uint8Array.of(2));
    driver.stop();
    written();
    await systemClock.sleep(1);
    written();
    await running;
    await near.close();
    const arrived: number[] = [];
    for await (const chunk of far.chunks) arrived.push(...chunk);
    expect(arrived).toEqual([1, 2]);
  });

  it.each([
    ['nothing', 'bytes', [], /nothing came over memory/],
    ['noise', 'bytes', [Uint8Array.of(1, 2, 3, 0)], /came over memory holds no frame: is the baud rate/],
    ['frames of somebody else', 'bytes', [encodeFrame(Uint8Array.of(1))], /does the device speak/],
    [
      'frames and torn ones',
      'bytes',
      [encodeFrame(Uint8Array.of(1)), Uint8Array.of(1, 2, 3, 0)],
      /1 of 2 frames came damaged/,
    ],
    ['packets of somebody else', 'packets', [Uint8Array.of(1, 2, 3, 0)], /does the device speak/],
  ] as const)('that heard %s over a link of %s says so', async (_, carries, chunks, hint) => {
    const [near, far] = createMemoryLinks(carries === 'bytes' ? null : 100);
    const driver = drive(new SayingEnd(), near);
    const running = driver.run();
    for (const chunk of chunks) await far.write(chunk);
    await far.close();
    await running;
    expect(driver.silenceHint).toMatch(hint);
  });
});
