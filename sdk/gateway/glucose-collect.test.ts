// A glucose meter gives each of its records once, however often the transfer is cut and whatever happens to its numbers.
import { gatt } from '@maibo/protocols';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { FETCH_VALUES_MAX } from '../clinic/glucose-fetch.ts';
import { MadeMeter, meterRecords } from '../clinic/made-meter.testkit.ts';
import { isMaiboError } from '../errors.ts';
import type { Store } from '../store/store.ts';
import type { ClinicSummary } from './clinic-collector.ts';
import { MadeClock, madeDevice, openStore, problemsOf, recordsOfKind, visit } from './made-clinic.testkit.ts';
import { useFolder } from './made-store.testkit.ts';

const path = useFolder('glucose');
let stores: Store[] = [];
let files = 0;

function freshStore(): Store {
  const store = openStore(path(`${++files}.sqlite`));
  stores.push(store);
  return store;
}

afterEach(() => {
  for (const store of stores) store.close();
  stores = [];
});

/** Time goes by until the visit is over. */
async function meet(
  store: Store,
  meter: MadeMeter,
  kinds: Parameters<typeof madeDevice>[0] = ['glucose'],
): Promise<ClinicSummary> {
  const { clock, done } = visit(store, meter.options(madeDevice(kinds)), { clock: new MadeClock() });
  let isOver = false;
  void done.catch(() => undefined).then(() => (isOver = true));
  while (!isOver) await clock.advance(500);
  return await done;
}

/** "sequence day mg/dL" of the measurements, in the order of the store. */
function stored(store: Store): string[] {
  return recordsOfKind(store, 'result')
    .filter(({ quality }) => !quality.flags.includes('context'))
    .map(({ values }) => `${values.sequence} ${String(values.deviceTime).slice(8, 10)} ${values.glucoseMgPerDl}`);
}

const told = (meter: MadeMeter) =>
  meter.records.map(({ sequence, day, mgPerDl }) => `${sequence} ${String(day).padStart(2, '0')} ${mgPerDl}`);

const contexts = (store: Store) =>
  recordsOfKind(store, 'result')
    .filter(({ quality }) => quality.flags.includes('context'))
    .map(({ values }) => values.sequence);

describe('a glucose meter', () => {
  it('gives all it has, with contexts, and is done', async () => {
    const [store, meter] = [freshStore(), new MadeMeter(meterRecords(10))];
    expect(await meet(store, meter)).toMatchObject({ end: 'done', valueCount: 15, resultCount: 15, badCount: 0 });
    expect(stored(store)).toEqual(told(meter));
    expect(contexts(store)).toEqual([1, 3, 5, 7, 9]);
    expect(problemsOf(store)).toEqual([]);
  });

  it('is asked next time from the last one on, which shows that its numbers still hold', async () => {
    const [store, meter] = [freshStore(), new MadeMeter(meterRecords(10))];
    await meet(store, meter);
    meter.records = [...meter.records, ...meterRecords(3, 11, 2)];
    expect(await meet(store, meter)).toMatchObject({ end: 'done', valueCount: 5 });
    expect(meter.requests.at(-1)).toMatchObject({ operand: { kind: 'sequence', atLeast: 10 } });
    expect(await meet(store, meter)).toMatchObject({ end: 'done', valueCount: 0 });
    expect(meter.requests).toHaveLength(3);
    expect(stored(store)).toEqual(told(meter));
    expect(problemsOf(store)).toEqual([]);
  });

  it('goes out of reach in the middle, and comes back: no record twice, none missing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 5 }), async (cuts) => {
        const [store, meter] = [freshStore(), new MadeMeter(meterRecords(20))];
        for (const cut of cuts) {
          meter.vanishAfter = cut;
          await meet(store, meter);
        }
        meter.vanishAfter = Number.POSITIVE_INFINITY;
        await meet(store, meter);
        expect(stored(store)).toEqual(told(meter));
        expect(contexts(store)).toEqual(
          told(meter)
            .map((_, index) => index + 1)
            .filter((sequence) => sequence % 2 === 1),
        );
        expect(problemsOf(store)).toEqual([]);
      }),
      { numRuns: 10 },
    );
  });

  it('that was reset numbers anew: what it measured since is found all the same', async () => {
    for (const since of [0, 1, 5, 10, 12]) {
      const [store, meter] = [freshStore(), new MadeMeter(meterRecords(10))];
      await meet(store, meter);
      const before = told(meter);
      meter.records = meterRecords(since, 1, 9);
      await meet(store, meter);
      await meet(store, meter);
      expect(stored(store).sort()).toEqual([...before, ...told(meter)].sort());
      expect(contexts(store)).toHaveLength(5 + Math.ceil(since / 2));
      expect(problemsOf(store)).toEqual([]);
    }
  });

  it('that knows no filters is asked for everything, and nothing is stored twice', async () => {
    const [store, meter] = [freshStore(), new MadeMeter(meterRecords(4))];
    meter.refusal = { result: 'operator-not-supported', onlyFiltered: true };
    await meet(store, meter);
    meter.records = meterRecords(6);
    expect(await meet(store, meter)).toMatchObject({ end: 'done', valueCount: 3 });
    expect(stored(store)).toEqual(told(meter));
  });

  it('that has more than one connection should bring is told to stop, and goes on next time', async () => {
    const [store, meter] = [
      freshStore(),
      new MadeMeter(meterRecords(FETCH_VALUES_MAX).map(({ meal, ...rest }) => rest)),
    ];
    meter.records = [...meter.records, { sequence: FETCH_VALUES_MAX + 1, mgPerDl: 99, day: 2 }];
    meter.muteAfter = FETCH_VALUES_MAX;
    await expect(meet(store, meter)).rejects.toMatchObject({ code: 'link-timeout' });
    expect(meter.requests.map(({ opCode }) => opCode.name)).toEqual(['report-records', 'abort']);
    meter.muteAfter = Number.POSITIVE_INFINITY;
    expect(await meet(store, meter)).toMatchObject({ end: 'done', valueCount: 1 });
    expect(stored(store)).toHaveLength(FETCH_VALUES_MAX + 1);
  }, 60_000);

  it('that falls silent, or says no, is given up with a name for it; what came is stored', async () => {
    const [store, meter] = [freshStore(), new MadeMeter(meterRecords(5))];
    meter.muteAfter = 3;
    await expect(meet(store, meter)).rejects.toMatchObject({ code: 'link-timeout' });
    expect(stored(store)).toHaveLength(3);
    meter.refusal = { result: 'procedure-not-completed', onlyFiltered: false };
    await expect(meet(store, meter)).rejects.toSatisfy((thrown) => isMaiboError(thrown, 'device-refused'));
    expect(problemsOf(store)).toEqual([]);
  });

  it('is told to stop when the gateway stops', async () => {
    const [store, meter] = [freshStore(), new MadeMeter(meterRecords(5))];
    meter.muteAfter = 3;
    const { clock, done, stop, peer } = visit(store, meter.options(madeDevice(['glucose'])));
    await peer.listened(0x2a52);
    for (let turn = 0; turn < 5; turn++) await clock.advance(100);
    stop.abort();
    await clock.advance(100);
    expect(await done).toMatchObject({ end: 'stopped', valueCount: 5 });
    expect(meter.requests.at(-1)?.opCode.name).toBe('abort');
    expect(peer.listenerCount).toBe(0);
  });

  it('that is also a thermometer goes on being listened to', async () => {
    const [store, meter] = [freshStore(), new MadeMeter(meterRecords(2))];
    const { clock, done, peer } = visit(store, meter.options(madeDevice(['glucose', 'thermometer'])));
    await peer.listened(0x2a1c);
    for (let turn = 0; turn < 5; turn++) await clock.advance(100);
    peer.notify(0x2a1c, gatt.temperatureMeasurement.encode({ temperature: gatt.floatOf(366, -1), unit: 'C' }));
    await clock.advance(100);
    peer.vanish();
    await clock.advance(100);
    expect(await done).toMatchObject({ end: 'gone', valueCount: 4 });
    expect(problemsOf(store)).toEqual([]);
  });
});
