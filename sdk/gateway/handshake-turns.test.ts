import { describe, expect, it } from 'vitest';
import { HandshakeTurns } from './handshake-turns.ts';
import { ManualClock } from './manual-clock.testkit.ts';

const never = new AbortController().signal;

/** So many that begin at once, each ending when told. */
function begin(turns: HandshakeTurns, count: number, signal = never) {
  const running: (() => void)[] = [];
  const ended = Array.from({ length: count }, () =>
    turns.during(signal, () => new Promise<void>((resolve) => running.push(resolve))),
  );
  return { running, ended };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('handshakes', () => {
  it('take turns of sixteen', async () => {
    const { running, ended } = begin(new HandshakeTurns(new ManualClock()), 40);
    await settled();
    expect(running).toHaveLength(16);
    for (let index = 0; index < 40; index++) {
      running[index]!();
      await settled();
      expect(running).toHaveLength(Math.min(40, 17 + index));
    }
    await Promise.all(ended);
  });

  it('pass their turn on when nothing is heard of them, and may still end', async () => {
    const clock = new ManualClock();
    const { running, ended } = begin(new HandshakeTurns(clock), 17);
    await settled();
    expect(running).toHaveLength(16);
    await clock.advance(2_000);
    await settled();
    expect(running).toHaveLength(17);
    for (const end of running) end();
    await Promise.all(ended);
  });

  it('give their turn back when they fail, and do not wait for it once aborted', async () => {
    const turns = new HandshakeTurns(new ManualClock());
    for (let round = 0; round < 40; round++)
      await expect(turns.during(never, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    const stop = new AbortController();
    const { running } = begin(turns, 16);
    await settled();
    const late = turns.during(stop.signal, async () => undefined);
    stop.abort(new Error('stopped'));
    await expect(late).rejects.toThrow('stopped');
    expect(running).toHaveLength(16);
  });
});
