// What clinics own today delivers records like our own devices: stored, sealed, and run again by a re-check.
import { decodeItem, type GattItem, gatt } from '@maibo/protocols';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { MaiboError } from '../errors.ts';
import { fromHex, toHex } from '../evidence/record-types.ts';
import { Store } from '../store/store.ts';
import { openSqlite } from '../world/node-sqlite.ts';
import {
  DEVICE,
  MadeClock,
  madeDevice,
  openStore,
  problemsOf,
  recordsOf,
  recordsOfKind,
  START_UTC_US,
  strapValue,
  visit,
} from './made-clinic.testkit.ts';
import { contentOf, meddle, useFolder } from './made-store.testkit.ts';

const path = useFolder('clinic');
let stores: Store[] = [];
let files = 0;

function freshStore(file = path(`${++files}.sqlite`)): Store {
  const store = openStore(file);
  stores.push(store);
  return store;
}

afterEach(() => {
  for (const store of stores) store.close();
  stores = [];
});

/** nordic-android: 138/88, pulse 60 (protocols/gatt/vectors/values.json). */
const CUFF_HEX = '1e8a00580078000000041114293b3c00012700';

const itemsOf = (store: Store): GattItem[] =>
  recordsOfKind(store, 'item').map(({ item }) => {
    const decoded = decodeItem(item);
    if (!decoded.ok || decoded.value.type !== 'gatt-item') throw new Error('no gatt item');
    return decoded.value;
  });

describe('a cuff', () => {
  it('becomes a sealed item and a result, at the time it was told, under a name that is not its address', async () => {
    const store = freshStore();
    const { peer, clock, done } = visit(store, madeDevice(['blood-pressure']));
    await peer.listened(0x2a35);
    await clock.advance(3_000);
    peer.notify(0x2a35, fromHex(CUFF_HEX));
    await clock.advance(0);
    await clock.advance(20);
    const [result] = recordsOfKind(store, 'result');
    expect(result).toMatchObject({
      result: 'blood-pressure',
      source: { device: DEVICE, sensor: 'Acme Model 7', signal: 'vital' },
      method: { cores: [], parameters: { characteristic: '2a35', time: 'arrival' } },
      time: { fromUtcUs: START_UTC_US + 3_000_000, toUtcUs: START_UTC_US + 3_000_000 },
      quality: { score: null, coverage: 1 },
      values: { systolicMmHg: 138, diastolicMmHg: 88, pulseRatePerMin: 60, deviceTime: null },
    });
    expect(itemsOf(store)).toMatchObject([{ boot: 1, count: 0, characteristic: 0x2a35, value: fromHex(CUFF_HEX) }]);
    peer.vanish();
    await clock.advance(1);
    expect(await done).toMatchObject({
      ...{ kinds: ['blood-pressure'], end: 'gone', valueCount: 1, resultCount: 1, badCount: 0, isTimeSet: false },
      about: { sensor: 'Acme Model 7', firmware: '1.2', batteryPercent: 81 },
    });
    expect(peer.listenerCount).toBe(0);
    expect(problemsOf(store)).toEqual([]);
  });

  it('leaves neither its address nor its serial number in the store', async () => {
    const store = freshStore();
    const { peer, clock, done } = visit(store, madeDevice(['blood-pressure']));
    await peer.listened(0x2a35);
    peer.notify(0x2a35, fromHex(CUFF_HEX));
    await clock.advance(1_000);
    peer.vanish();
    await clock.advance(1);
    await done;
    const all = recordsOf(store)
      .map((record) => JSON.stringify(record, (_, value) => textOf(value)))
      .join('\n');
    expect(all).toContain('Acme');
    expect(all.toLowerCase()).not.toMatch(/serial|4711|c0:ff:ee|c0ffee000001|010000eeffc0/);
  });

  it('that says the same twice has measured twice', async () => {
    const store = freshStore();
    const { peer, clock, done, stop } = visit(store, madeDevice(['blood-pressure']));
    await peer.listened(0x2a35);
    peer.notify(0x2a35, fromHex(CUFF_HEX), fromHex(CUFF_HEX));
    await clock.advance(50);
    await clock.advance(50);
    stop.abort();
    expect(await done).toMatchObject({ end: 'stopped', valueCount: 2, resultCount: 2 });
    expect(itemsOf(store).map(({ count }) => count)).toEqual([0, 1]);
    expect(problemsOf(store)).toEqual([]);
  });

  it('gets its clock set only when somebody wants that', async () => {
    const device = madeDevice(['blood-pressure']);
    const set = visit(freshStore(), device, { setTimeUtcOffsetMinutes: 90 });
    await set.peer.listened(0x2a35);
    await set.clock.advance(1);
    set.peer.vanish();
    await set.clock.advance(1);
    expect(await set.done).toMatchObject({ isTimeSet: true });
    const [written] = set.peer.written;
    const told = gatt.currentTime.decode(written!.bytes);
    expect(told.ok && told.value.dateTime.localIso).toBe('2026-01-01T01:30:00');
    expect(told.ok && told.value.dayOfWeek.name).toBe('thursday');
    const unset = visit(freshStore(), device);
    await unset.peer.listened(0x2a35);
    await unset.clock.advance(1);
    expect(unset.peer.written).toEqual([]);
    unset.peer.vanish();
    await unset.clock.advance(1);
    await unset.done;
  });
});

function textOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('0' in value)) return value;
  const bytes = Uint8Array.from(Object.values(value) as number[]);
  return `${toHex(bytes)} ${Buffer.from(bytes).toString('latin1')}`;
}

describe('a device of several kinds', () => {
  it('has a stream for each, and only for those that are wanted', async () => {
    const store = freshStore();
    const device = madeDevice(['blood-pressure', 'pulse-oximeter', 'heart-rate']);
    const { peer, clock, done } = visit(store, device, { kinds: ['blood-pressure', 'heart-rate'] });
    await peer.listened(0x2a37);
    await peer.listened(0x2a35);
    peer.notify(0x2a37, strapValue([1000]));
    peer.notify(0x2a35, fromHex(CUFF_HEX));
    await clock.advance(2_000);
    peer.vanish();
    await clock.advance(1);
    expect(await done).toMatchObject({ kinds: ['heart-rate', 'blood-pressure'], valueCount: 2 });
    expect(
      store
        .streams()
        .map(({ log }) => log)
        .sort(),
    ).toEqual([0x180d, 0x1810].sort());
    expect(problemsOf(store)).toEqual([]);
  });

  it('is refused when it offers nothing of that', async () => {
    const { done } = visit(freshStore(), madeDevice(['thermometer']), { kinds: ['glucose'] });
    await expect(done).rejects.toMatchObject({ code: 'device-unknown' });
  });
});

describe('a strap', () => {
  it('tells intervals without holes where there are none, and with one for every way to lose them', async () => {
    const store = freshStore();
    const { peer, clock, done } = visit(store, madeDevice(['heart-rate']));
    await peer.listened(0x2a37);
    const say = async (value: Uint8Array, afterMs = 1_000) => {
      await clock.advance(afterMs);
      peer.notify(0x2a37, value);
      await clock.advance(0);
    };
    await say(strapValue([1000]));
    await say(strapValue([1000]));
    await say(strapValue([])); // no beat in this second
    await say(strapValue([1000, 1000]));
    await say(
      gatt.heartRateMeasurement.encode({
        heartRate: 60,
        contact: gatt.sensorContacts.named('no-contact'),
        rrTicks: [1024],
      }),
    );
    await say(strapValue([1000]));
    await say(strapValue([1000], 0)); // no beat yet
    await say(strapValue([1000]));
    await say(strapValue([1000]), 4_000); // three seconds are missing
    peer.vanish();
    await clock.advance(1);
    await done;
    const items = itemsOf(store);
    expect(items.map(({ count }) => count)).toEqual([0, 1, 2, 2, 4, 5, 6, 7, 9]);
    // A second in front of its arrival each, but what comes without a gap follows what was before.
    const seconds = items.map(({ ticks }) => (ticks - items[0]!.ticks) / 1e6);
    expect(seconds).toEqual([0, 1, 3, 2, 5, 5, 7, 7, 11]);
    expect(problemsOf(store)).toEqual([]);
  });

  it('goes on in its stream after a restart, behind a hole, at the right time', async () => {
    const [store, clock] = [freshStore(), new MadeClock()];
    const wear = async () => {
      const { peer, done } = visit(store, madeDevice(['heart-rate']), { clock });
      await peer.listened(0x2a37);
      for (let second = 0; second < 3; second++) {
        await clock.advance(1_000);
        peer.notify(0x2a37, strapValue([1000]));
        await clock.advance(0);
      }
      peer.vanish();
      await clock.advance(1);
      await done;
    };
    await wear();
    await clock.advance(3_600_000);
    await wear();
    const items = itemsOf(store);
    expect(store.streams()).toHaveLength(1);
    expect(recordsOfKind(store, 'item').map(({ itemSeq }) => itemSeq)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(items.map(({ boot, count }) => `${boot}:${count}`)).toEqual(['1:0', '1:1', '1:2', '2:4', '2:5', '2:6']);
    expect(items[3]!.ticks - items[2]!.ticks).toBeCloseTo(3_601_000_000, -5);
    expect(problemsOf(store)).toEqual([]);
  });

  it('begins another stream when its firmware is another, and not when it does not say', async () => {
    const store = freshStore();
    const wear = async (firmware: string) => {
      const { peer, clock, done } = visit(store, madeDevice(['heart-rate'], firmware));
      await peer.listened(0x2a37);
      peer.notify(0x2a37, strapValue([1000]));
      await clock.advance(1_000);
      peer.vanish();
      await clock.advance(1);
      await done;
    };
    for (const firmware of ['1.2', '', '1.2', '1.3', '1.3']) await wear(firmware);
    const streams = store.streams();
    expect(streams.map(({ nextBlock }) => nextBlock)).toEqual([3, 2]);
    expect(toHex(streams[0]!.epoch)).not.toBe(toHex(streams[1]!.epoch));
    expect(problemsOf(store)).toEqual([]);
  });

  it('that claims more time than goes by is refused; what it said before stays', async () => {
    const store = freshStore();
    const { peer, clock, done } = visit(store, madeDevice(['heart-rate']));
    await peer.listened(0x2a37);
    peer.notify(0x2a37, strapValue([1000]), strapValue([63_000]));
    await clock.advance(1);
    await expect(done).rejects.toMatchObject({ code: 'device-refused' });
    expect(itemsOf(store)).toHaveLength(1);
    expect(problemsOf(store)).toEqual([]);
  });
});

describe('a store', () => {
  it('that has no room ends the collection with its own word', async () => {
    const store = freshStore();
    const commit = () => Promise.reject(new MaiboError('store-full', 'no room'));
    const { peer, clock, done } = visit(store, madeDevice(['blood-pressure']), { committer: { commit } });
    await peer.listened(0x2a35);
    peer.notify(0x2a35, fromHex(CUFF_HEX));
    await clock.advance(0);
    await clock.advance(50);
    await expect(done).rejects.toMatchObject({ code: 'store-full' });
    expect(recordsOf(store)).toEqual([]);
    expect(peer.listenerCount).toBe(0);
  });

  it('that is long is gone on with behind a restart record, and still agrees with all of it', async () => {
    const [store, clock] = [freshStore(), new MadeClock()];
    for (const seconds of [1_300, 200]) {
      const { peer, done } = visit(store, madeDevice(['heart-rate']), { clock });
      await peer.listened(0x2a37);
      for (let second = 0; second < seconds; second++) {
        await clock.advance(1_000);
        peer.notify(0x2a37, strapValue([950 + (second % 100)]));
      }
      await clock.advance(1_000);
      peer.vanish();
      await clock.advance(1);
      expect(await done).toMatchObject({ valueCount: seconds });
    }
    expect(recordsOfKind(store, 'restart')).toHaveLength(1);
    expect(recordsOfKind(store, 'item').map(({ itemSeq }) => itemSeq)).toEqual(
      Array.from({ length: 1_500 }, (_, at) => at),
    );
    expect(problemsOf(store)).toEqual([]);
  }, 60_000);
});

describe('bytes that are no measurement', () => {
  it('are kept without a result, until there is nothing else', async () => {
    const store = freshStore();
    const { peer, clock, done } = visit(store, madeDevice(['thermometer']));
    await peer.listened(0x2a1c);
    for (let count = 0; count < 100; count++) peer.notify(0x2a1c, Uint8Array.of(0, 1, count));
    await clock.advance(100);
    await expect(done).rejects.toMatchObject({ code: 'device-refused' });
    expect(itemsOf(store)).toHaveLength(20);
    expect(recordsOfKind(store, 'result')).toEqual([]);
    expect(problemsOf(store)).toEqual([]);
  });

  it('and good ones at any rate are ended when no such device says so much', async () => {
    const store = freshStore();
    const { peer, clock, done } = visit(store, madeDevice(['thermometer']));
    await peer.listened(0x2a1c);
    const value = gatt.temperatureMeasurement.encode({ temperature: gatt.floatOf(366, -1), unit: 'C' });
    for (let count = 0; count < 1_000; count++) peer.notify(0x2a1c, value);
    await clock.advance(100);
    await expect(done).rejects.toMatchObject({ code: 'device-refused' });
    expect(itemsOf(store)).toHaveLength(300);
    expect(problemsOf(store)).toEqual([]);
  });
});

describe('a re-check', () => {
  it('finds any byte of a stored measurement that was changed', async () => {
    const file = path('flipped.sqlite');
    const store = openStore(file);
    const { peer, clock, done } = visit(store, madeDevice(['blood-pressure']));
    await peer.listened(0x2a35);
    peer.notify(0x2a35, fromHex(CUFF_HEX));
    await clock.advance(1_000);
    peer.vanish();
    await clock.advance(1);
    await done;
    const id = store.streams()[0]!.id;
    const rows = [...store.records(id)];
    store.close();
    const whole = contentOf(file);
    for (const { seq, bytes } of rows.slice(1)) {
      for (let at = 0; at < bytes.length; at += 37) {
        const flipped = Uint8Array.from(bytes, (byte, index) => (index === at ? byte ^ 1 : byte));
        const put = (value: Uint8Array) =>
          meddle(file, (db) => void db.prepare('UPDATE record SET bytes = ? WHERE seq = ?').run(value, seq));
        put(flipped);
        const checked = Store.open(openSqlite(file));
        expect(problemsOf(checked), `record ${seq} byte ${at}`).not.toEqual([]);
        checked.close();
        put(bytes);
      }
    }
    expect(contentOf(file)).toBe(whole);
  });

  it('agrees with every stream that any sequence of values gives', async () => {
    const kinds = [
      'heart-rate',
      'blood-pressure',
      'pulse-oximeter',
      'thermometer',
      'weight-scale',
      'body-composition',
    ] as const;
    const characteristics = [0x2a37, 0x2a35, 0x2a5e, 0x2a5f, 0x2a1c, 0x2a9d, 0x2a9c];
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 24 }),
      fc.array(fc.integer({ min: 0, max: 3_000 }), { maxLength: 4 }).map((rr) => strapValue(rr)),
      fc.constant(fromHex(CUFF_HEX)),
    );
    const step = fc.record({
      which: fc.nat(characteristics.length - 1),
      bytes,
      afterMs: fc.nat(4_000),
      drop: fc.nat(30),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const [store, clock] = [freshStore(), new MadeClock()];
        let now = visit(store, madeDevice(kinds), { clock });
        const leave = async () => {
          now.peer.vanish();
          await clock.advance(1);
          await now.done.catch(() => undefined);
        };
        for (const { which, bytes, afterMs, drop } of steps) {
          if (drop === 0) {
            await leave();
            now = visit(store, madeDevice(kinds), { clock });
          }
          await clock.advance(afterMs);
          now.peer.notify(characteristics[which]!, bytes);
        }
        await clock.advance(1);
        await leave();
        expect(problemsOf(store)).toEqual([]);
      }),
      { numRuns: 25 },
    );
  }, 60_000);
});
