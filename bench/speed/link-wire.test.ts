import { describe, expect, it } from 'vitest';
import { Random } from '../fuzz/random.ts';
import { GoBackReceiver, GoBackSender } from './link-go-back.ts';
import { MadeClock } from './link-made-clock.ts';
import { LinkWire } from './link-wire.ts';

const PACKETS = 2_000;

function bringAll(drop: number, window = 16) {
  let acks = 0;
  const sender = new GoBackSender(window, PACKETS, 40);
  const onPacket = (from: string) => {
    if (from === 'b') acks++;
  };
  const options = { delayMs: 20, packetMs: 1, drop, random: new Random(1, 1), onPacket };
  const wire = new LinkWire(sender, new GoBackReceiver(window), options);
  wire.until(() => sender.isDone);
  return { sent: sender.sent, acks, tookMs: wire.nowMs };
}

describe('the made wire', () => {
  it('lets a window go in every round trip', () => {
    const { sent, acks, tookMs } = bringAll(0);
    expect(sent).toBe(PACKETS);
    expect(acks).toBe(PACKETS / 8);
    // 16 packets, acknowledged in halves: the first half is back 47 ms after it began.
    expect(tookMs).toBeGreaterThanOrEqual((PACKETS / 16) * 40);
    expect(tookMs).toBeLessThanOrEqual((PACKETS / 16) * 48);
  });

  it('stops a run in which nothing moves any more', () => {
    const silent = { receive: () => undefined, next: () => null, deadlineMs: null };
    const wire = new LinkWire(silent, silent, { delayMs: 1, packetMs: 0, drop: 0, random: new Random(1, 1) });
    expect(() => wire.until(() => false)).toThrow('not done');
  });
});

describe('go-back-N', () => {
  it('brings everything when a tenth is lost, and sends a window again for each', () => {
    const { sent } = bringAll(0.1);
    expect(sent / PACKETS).toBeGreaterThan(1.5);
    expect(sent / PACKETS).toBeLessThan(1 + 16 * 0.12);
  });

  it('with a window of one repeats what was lost and no more', () => {
    const { sent } = bringAll(0.1, 1);
    // Lost on the way, or its acknowledgement: 1 / 0.81.
    expect(sent / PACKETS).toBeCloseTo(1.235, 1);
  });
});

describe('the made clock', () => {
  it('jumps to whoever wakes first', async () => {
    const clock = new MadeClock();
    const woken: string[] = [];
    const nap = async (name: string, ms: number) => {
      await clock.sleep(ms);
      woken.push(`${name} at ${clock.nowMonotonicMs()}`);
    };
    await clock.play(Promise.all([nap('late', 3_600_000), nap('early', 5).then(() => nap('again', 5))]));
    expect(woken).toEqual(['early at 5', 'again at 10', 'late at 3600000']);
  });

  it('says so when nobody waits for the time', async () => {
    await expect(new MadeClock().play(new Promise(() => undefined))).rejects.toThrow('nobody waits');
  });
});
