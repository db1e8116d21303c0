import { describe, expect, it } from 'vitest';
import { verifyStore } from '../audit/verify-store.ts';
import { ScriptedDevice, type ScriptedOptions } from '../device/scripted-device.testkit.ts';
import { readRecord } from '../evidence/open-record.ts';
import { toHex } from '../evidence/record-types.ts';
import { createMemoryLinks } from '../link/memory-link.ts';
import { ecgBlocks, makeEcg } from '../pipeline/made-signals.testkit.ts';
import type { Store } from '../store/store.ts';
import { openSqlite } from '../world/node-sqlite.ts';
import type { Link } from '../world/world.ts';
import {
  breakableDatabase,
  eventually,
  metricOf,
  PATIENT,
  startMadeGateway,
  wiredConfig,
} from './made-gateway.testkit.ts';
import { platformKey, receiptFor, useFolder } from './made-store.testkit.ts';

const path = useFolder('gateway');
const blocks = ecgBlocks(makeEcg(90).counts);
const ALL = blocks.map(({ seq }) => seq);

function itemsOf(store: Store): number[] {
  return store.streams().flatMap(({ id }) =>
    [...store.records(id)].flatMap(({ bytes }) => {
      const { record } = readRecord(bytes);
      return record.kind === 'item' ? [record.itemSeq] : [];
    }),
  );
}

/** A device that is plugged in again each time its port is opened. */
function replugged(options: ScriptedOptions = {}) {
  const devices: ScriptedDevice[] = [];
  const plug = (): Link => {
    const device = new ScriptedDevice(blocks, options);
    devices.push(device);
    return device.host;
  };
  const close = () => Promise.all(devices.map((device) => device.close()));
  return { devices, plug, close, acked: () => Math.max(-1, ...devices.map(({ acked }) => acked)) };
}

describe('a gateway', PATIENT, () => {
  it('stores every item of an allowed device once, acknowledges the last, and says so', async () => {
    const device = replugged();
    const { gateway, store, log, get } = await startMadeGateway({
      db: openSqlite(path('plain.sqlite')),
      plug: device.plug,
    });
    expect(await eventually(() => device.acked() === blocks.length - 1)).toBe(true);
    expect(itemsOf(store)).toEqual(ALL);
    expect(verifyStore(store).problems).toEqual([]);
    expect(await metricOf(get, 'maibo_acked_items_total')).toBe(blocks.length);
    expect(await metricOf(get, 'maibo_records_total')).toBeGreaterThan(blocks.length);
    expect(await get('/healthz')).toMatchObject({ status: 200, body: '{"status":"ok","reasons":[]}\n' });
    expect(await get('/readyz')).toMatchObject({ status: 200 });
    expect(await get('/nothing')).toBeNull();
    await gateway.stop();
    const opened = log.lines.find(({ message }) => message === 'session open');
    expect(opened?.fields.device).toBe(toHex(store.streams()[0]!.device).slice(0, 8));
    await device.close();
    store.close();
  });

  it('comes back again and again to a device that goes, without a record twice', async () => {
    const device = replugged();
    const { gateway, store, get } = await startMadeGateway({ db: openSqlite(path('back.sqlite')), plug: device.plug });
    expect(await eventually(() => device.devices.length > 3)).toBe(true);
    expect(itemsOf(store)).toEqual(ALL);
    expect(await metricOf(get, 'maibo_reconnects_total')).toBeGreaterThan(1);
    await gateway.stop();
    await device.close();
    store.close();
  });

  it('counts what a device no longer has, by the reason that it gives', async () => {
    const device = new ScriptedDevice(blocks, { goesOn: true });
    for (let seq = 0; seq < 10; seq++) device.log.spoil(seq);
    const { gateway, store, get } = await startMadeGateway({
      db: openSqlite(path('gaps.sqlite')),
      plug: () => device.host,
    });
    expect(await eventually(() => device.acked === blocks.length - 1)).toBe(true);
    const text = (await get('/metrics'))!.body;
    expect(text).toMatch(/^maibo_gaps_total\{reason="\w+"\} 10$/m);
    expect(await metricOf(get, 'maibo_acked_items_total')).toBe(blocks.length);
    expect(text.split('\n').filter((line) => line.startsWith('maibo_')).length).toBeLessThan(60);
    await gateway.stop();
    await device.close();
    store.close();
  });

  it('stores nothing of a device that is not on its list, and leaves it alone', async () => {
    const device = replugged();
    const config = wiredConfig(1, new Uint8Array(32).fill(1));
    const { gateway, store, log, get } = await startMadeGateway({
      config,
      db: openSqlite(path('unknown.sqlite')),
      plug: device.plug,
    });
    expect(await eventually(async () => (await metricOf(get, 'maibo_devices{state="refused"}')) === 1)).toBe(true);
    expect(store.streams()).toEqual([]);
    const tries = device.devices.length;
    await new Promise((resolve) => setTimeout(resolve, 100)); // ten seconds of its clock
    expect([device.acked(), device.devices.length]).toEqual([-1, tries]);
    expect(log.lines.some(({ message, level }) => message === 'device refused' && level === 'warn')).toBe(true);
    await gateway.stop();
    await device.close();
    store.close();
  });

  it('collects a device once at a time, however many ways it comes', async () => {
    const device = replugged({ goesOn: true });
    const { gateway, store, get } = await startMadeGateway({
      config: wiredConfig(3),
      db: openSqlite(path('ways.sqlite')),
      plug: device.plug,
    });
    expect(await eventually(() => device.devices.length > 6 && device.acked() === blocks.length - 1)).toBe(true);
    expect(await metricOf(get, 'maibo_sessions')).toBe(1);
    expect(itemsOf(store)).toEqual(ALL);
    await gateway.stop();
    await device.close();
    store.close();
  });

  it('has made durable what it acknowledged, and says goodbye, when it is stopped in the middle', async () => {
    const device = replugged({ goesOn: true });
    const { gateway, store, log } = await startMadeGateway({ db: openSqlite(path('stop.sqlite')), plug: device.plug });
    await eventually(() => device.acked() > 3);
    await gateway.stop();
    await gateway.stop();
    expect(itemsOf(store).length).toBeGreaterThan(device.acked());
    expect(log.lines.at(-1)).toMatchObject({ message: 'gateway stopped', fields: { isClean: true } });
    await device.close();
    store.close();
  });

  it('keeps a port that says only garbage from all the others', async () => {
    const device = replugged();
    const plug = (port: string) => {
      if (port !== '/dev/0') return device.plug();
      const [host, noise] = createMemoryLinks();
      const shout = async () => {
        for (let line = 0; line < 1_000; line++) await noise.write(new Uint8Array(200).fill(line & 0xff));
      };
      void shout().catch(() => undefined);
      return host;
    };
    const { gateway, store } = await startMadeGateway({
      config: wiredConfig(2),
      db: openSqlite(path('garbage.sqlite')),
      plug,
    });
    expect(await eventually(() => device.acked() === blocks.length - 1)).toBe(true);
    expect(itemsOf(store)).toEqual(ALL);
    await gateway.stop();
    await device.close();
    store.close();
  });
});

describe('a gateway whose store fails', PATIENT, () => {
  for (const code of ['store-full', 'store-busy'] as const) {
    it(`(${code}) acknowledges nothing, says why, and goes on by itself when it works again`, async () => {
      let isBroken = false;
      const db = breakableDatabase(path(`${code}.sqlite`), () => isBroken, code);
      const device = replugged();
      const { gateway, store, get } = await startMadeGateway({
        db,
        plug: () => {
          isBroken ||= device.devices.length === 0;
          return device.plug();
        },
      });
      expect(await eventually(async () => (await get('/healthz'))?.status === 503)).toBe(true);
      expect(JSON.parse((await get('/healthz'))!.body)).toMatchObject({
        status: 'failing',
        reasons: [{ code: 'store-failing', detail: `nothing is read from devices: ${code}` }],
      });
      expect(await get('/readyz')).toMatchObject({ status: 503 });
      expect(await metricOf(get, 'maibo_store_failing')).toBe(1);
      await eventually(() => device.devices.length > 2);
      expect(device.acked()).toBe(-1);
      isBroken = false;
      expect(await eventually(() => device.acked() === blocks.length - 1)).toBe(true);
      expect(itemsOf(store)).toEqual(ALL);
      expect(await get('/healthz')).toMatchObject({ status: 200 });
      expect(gateway.isAlive).toBe(true);
      await gateway.stop();
      await device.close();
      store.close();
    });
  }
});

describe('a gateway with a platform', PATIENT, () => {
  it('sends segments as they are cut, and tells the device what the platform has', async () => {
    const levels = new Map<number, number>();
    const device = replugged({ goesOn: true });
    const plug = () => {
      const link = device.plug();
      const { log } = device.devices.at(-1)!;
      const acknowledged = log.acknowledged.bind(log);
      log.acknowledged = (upto, level, host) => {
        levels.set(level, Math.max(levels.get(level) ?? -1, upto));
        acknowledged(upto, level, host);
      };
      return link;
    };
    let store: Store | null = null;
    const made = await startMadeGateway({
      config: { ...wiredConfig(), platform: { url: 'http://made', publicKey: platformKey.publicKey } },
      db: openSqlite(path('platform.sqlite')),
      plug,
      uplink: {
        putSegment: async (sha256Hex) => {
          const found = store!.segments(1).find(({ hash }) => toHex(hash) === sha256Hex)!;
          return { outcome: 'stored', receipt: receiptFor(found) };
        },
      },
    });
    store = made.store;
    expect(await eventually(() => (levels.get(2) ?? -1) > 0 && made.store.firstUnconfirmed(1) === null)).toBe(true);
    expect(levels.get(2)).toBeLessThanOrEqual(levels.get(1)!);
    expect(await metricOf(made.get, 'maibo_receipts_total')).toBe(made.store.segments(1).length);
    expect(await metricOf(made.get, 'maibo_outbox_segments')).toBe(0);
    await made.gateway.stop();
    await device.close();
    made.store.close();
  });
});
