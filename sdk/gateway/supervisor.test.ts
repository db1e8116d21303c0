import { setMaxListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { MaiboError, type MaiboErrorCode } from '../errors.ts';
import { DeviceLog } from './device-log.ts';
import { StateCounts, SUPERVISOR_STATES } from './device-states.ts';
import { createHeardLog, highEntropy, ManualClock } from './manual-clock.testkit.ts';
import { StoreGate } from './store-gate.ts';
import { type Place, Supervisor, type Visit } from './supervisor.ts';

type Script = (visit: Visit, count: number) => Promise<void>;

function failing(code: MaiboErrorCode): MaiboError {
  return new MaiboError(code, 'said the test');
}

/** Supervises places that do what the test says; time moves when it says. */
function supervise(...scripts: (Script | Place)[]) {
  const clock = new ManualClock();
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  const log = createHeardLog();
  const states = new StateCounts();
  const failures: string[] = [];
  const visits: number[][] = [];
  let reconnects = 0;
  const supervisors: Supervisor[] = [];
  const gate = new StoreGate({
    ...{ clock, entropy: highEntropy, signal: stop.signal },
    onClosed: () => {
      for (const supervisor of supervisors) supervisor.interrupt();
    },
    onOpened: () => undefined,
  });
  const running = scripts.map((script, index) => {
    const times: number[] = [];
    visits.push(times);
    const place: Place =
      typeof script !== 'function'
        ? script
        : {
            name: `serial[${index}]`,
            fields: {},
            visit: async (visit) => {
              times.push(clock.nowMonotonicMs());
              await script(visit, times.length);
              return 0;
            },
          };
    const supervisor = new Supervisor({
      ...{ place, clock, entropy: highEntropy, gate, states, signal: stop.signal },
      log: new DeviceLog(log, clock, { place: place.name }),
      onReconnect: () => reconnects++,
      onFailure: (code) => failures.push(code),
    });
    supervisors.push(supervisor);
    return supervisor.run(0);
  });
  const end = async () => {
    stop.abort();
    await Promise.all(running);
  };
  return { clock, log, states, gate, failures, visits, end, supervisors, reconnects: () => reconnects };
}

const HOUR_MS = 3_600_000;

describe('a supervisor', () => {
  it('waits twice as long after each failure, and never more than a minute', async () => {
    const { clock, visits, failures, end } = supervise(async () => {
      throw failing('link-open');
    });
    await clock.advance(300_000);
    const waits = visits[0]!.slice(1).map((time, index) => time - visits[0]![index]!);
    expect(waits.slice(0, 9)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
    expect(new Set(failures)).toEqual(new Set(['link-open']));
    await end();
  });

  it('begins again with a second after a minute that held', async () => {
    const { clock, visits, end, reconnects } = supervise(async (visit, count) => {
      if (count <= 4) throw failing('link-open');
      visit.enter('collecting');
      await clock.sleep(60_000, visit.signal);
      throw failing('link-lost');
    });
    await clock.advance(100_000);
    const held = visits[0]![4]!;
    expect(visits[0]![5]).toBe(held + 60_000 + 1_000);
    expect(reconnects()).toBe(1);
    await end();
  });

  it('leaves a device that is refused alone for half a minute at least, and an hour at most', async () => {
    const { clock, visits, states, log, end } = supervise(async () => {
      throw failing('device-unknown');
    });
    await clock.advance(60_000);
    expect(states.of('refused')).toBe(1);
    await clock.advance(10 * HOUR_MS);
    const waits = visits[0]!.slice(1).map((time, index) => time - visits[0]![index]!);
    expect(waits.slice(0, 2)).toEqual([90_000, 150_000]);
    expect(Math.max(...waits)).toBe(HOUR_MS + 30_000);
    expect(log.lines.filter(({ level }) => level === 'warn')[0]).toMatchObject({
      message: 'device refused',
      fields: { place: 'serial[0]', code: 'device-unknown' },
    });
    await end();
  });

  it('looks again at once when another device is plugged in where one was refused', async () => {
    let plugIn: () => void = () => undefined;
    let visits = 0;
    const place: Place = {
      name: 'serial[0]',
      fields: {},
      visit: async () => {
        visits++;
        throw failing('device-unknown');
      },
      changed: () => new Promise((resolve) => (plugIn = resolve)),
    };
    const { clock, end } = supervise(place);
    await clock.advance(1_000);
    expect(visits).toBe(1);
    plugIn();
    await clock.advance(0);
    expect(visits).toBe(2);
    await end();
  });

  it('leaves a device that has nothing more alone for as long as it says', async () => {
    const times: number[] = [];
    const { clock, end } = supervise({
      name: 'clinic[0]',
      fields: {},
      visit: async () => {
        times.push(clock.nowMonotonicMs());
        return 600_000;
      },
    });
    await clock.advance(HOUR_MS);
    expect(times.slice(0, 3)).toEqual([0, 601_000, 601_000 + 602_000]);
    await end();
  });

  it('keeps what is thrown at one place from every other', async () => {
    const { clock, visits, states, failures, log, end } = supervise(
      async () => {
        throw new TypeError('ours');
      },
      async (visit) => {
        visit.enter('collecting');
        await clock.sleep(HOUR_MS, visit.signal);
      },
    );
    await clock.advance(600_000);
    expect(visits[0]!.length).toBeGreaterThan(5);
    expect(visits[1]).toEqual([0]);
    expect(states.of('collecting')).toBe(1);
    expect(failures.every((code) => code === 'internal')).toBe(true);
    expect(log.lines.some(({ level, fields }) => level === 'error' && String(fields.why).includes('TypeError'))).toBe(
      true,
    );
    await end();
  });

  it('is in exactly one state while it runs, and in none afterwards', async () => {
    const { clock, states, end } = supervise(
      async (visit) => {
        visit.enter('connecting');
        visit.enter('handshake');
        visit.enter('collecting');
        throw failing('link-lost');
      },
      async (visit) => {
        visit.enter('waiting');
        await clock.sleep(HOUR_MS, visit.signal);
      },
    );
    const total = () => SUPERVISOR_STATES.reduce((sum, state) => sum + states.of(state), 0);
    for (let round = 0; round < 50; round++) {
      await clock.advance(997);
      expect(total()).toBe(2);
    }
    await end();
    expect(total()).toBe(0);
    expect(clock.sleeperCount).toBe(0);
  });

  it('says no more than a few lines a minute of a place that fails on and on', async () => {
    const { clock, log, end } = supervise(async (visit) => {
      for (let line = 0; line < 100; line++) visit.log.say('info', 'chatter');
      await clock.sleep(HOUR_MS, visit.signal);
    });
    await clock.advance(1_000);
    expect(log.lines.length).toBe(12);
    await end();
  });
});

describe('while the store fails', () => {
  it('all visits end, one at a time tries, and the first commit that holds lets everybody in', async () => {
    let isFull = true;
    const collecting = async (visit: Visit) => {
      visit.enter('collecting');
      for (;;) {
        await clock.sleep(100, visit.signal);
        if (visit.signal.aborted) return;
        if (isFull) throw failing('store-full');
        gate.hold();
      }
    };
    const { clock, gate, visits, states, failures, end } = supervise(collecting, collecting, collecting);
    await clock.advance(150);
    expect(gate.failure?.code).toBe('store-full');
    await clock.advance(20_000);
    // The first that failed, and then one try each 2 s, 3 s, 5 s, 9 s.
    const tries = visits
      .flat()
      .filter((time) => time > 200)
      .toSorted((a, b) => a - b);
    expect(tries.length).toBeGreaterThan(1);
    expect(tries.length).toBeLessThan(6);
    expect(states.of('collecting')).toBeLessThanOrEqual(1);
    isFull = false;
    await clock.advance(61_000);
    expect(gate.failure).toBeNull();
    expect(states.of('collecting')).toBe(3);
    expect(failures.every((code) => code === 'store-full')).toBe(true);
    await end();
  });

  it('a fault of one stream does not close the gate', async () => {
    const { clock, gate, end } = supervise(async () => {
      throw failing('store-conflict');
    });
    await clock.advance(5_000);
    expect(gate.failure).toBeNull();
    await end();
  });
});
