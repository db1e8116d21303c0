// A gateway with a maker's good core and all the bad ones: they are stopped and named, in the log and in the metrics, and the device, its other
// results and the good core go on.
import { describe, expect, it } from 'vitest';
import { verifyStore } from '../audit/verify-store.ts';
import { ScriptedDevice } from '../device/scripted-device.testkit.ts';
import { openCorePackage } from '../engine/core-package.ts';
import { readRecord } from '../evidence/open-record.ts';
import { ecgBlocks, makeEcg } from '../pipeline/made-signals.testkit.ts';
import type { Store } from '../store/store.ts';
import { openSqlite } from '../world/node-sqlite.ts';
import { coresConfig, ENGINES, openCores, PACKAGES, REASONS } from './foreign-cores.testkit.ts';
import { eventually, metricOf, PATIENT, startMadeGateway, wiredConfig } from './made-gateway.testkit.ts';
import { useFolder } from './made-store.testkit.ts';

const path = useFolder('foreign-gateway');
const blocks = ecgBlocks(makeEcg(60).counts);

function countIn(store: Store, isIt: (record: ReturnType<typeof readRecord>['record']) => boolean): number {
  return store
    .streams()
    .flatMap(({ id }) => [...store.records(id)].filter(({ bytes }) => isIt(readRecord(bytes).record))).length;
}

function packageOf(name: string) {
  const found = openCorePackage(PACKAGES[name]!);
  if (!found.ok) throw new Error(found.fault.detail);
  return found.value;
}

for (const { name: engine, skips, note } of ENGINES) {
  describe.skipIf(skips)(`a gateway whose cores run on ${engine}${note}`, PATIENT, () => {
    it('stops those that loop, grow, trap or lie, and loses nothing of the rest', async () => {
      const { cores, log: heard } = openCores(coresConfig(Object.keys(PACKAGES), engine));
      const devices: ScriptedDevice[] = [];
      const { gateway, store, get } = await startMadeGateway({
        config: wiredConfig(1),
        db: openSqlite(path(`${engine}.sqlite`)),
        plug: () => {
          const device = new ScriptedDevice(blocks);
          devices.push(device);
          return device.host;
        },
        cores,
      });
      expect(await eventually(() => devices.some(({ acked }) => acked === blocks.length - 1))).toBe(true);
      expect(gateway.health.status).toBe('ok');
      expect(countIn(store, ({ kind }) => kind === 'item')).toBe(blocks.length);
      expect(countIn(store, (one) => one.kind === 'result' && one.result === 'beats')).toBe(6);
      for (const [name, reasons] of Object.entries(REASONS)) {
        const state = `state="stopped: ${reasons[engine]}"`;
        const labels = `core="${name}",version="1.2.3",engine="${engine}",${state}`;
        expect(await metricOf(get, `maibo_foreign_cores{${labels}}`), name).toBe(1);
        expect(await metricOf(get, `maibo_foreign_core_stops{${labels}}`), name).toBe(1);
        const said = heard.lines.filter(({ level, fields }) => level === 'error' && fields.core === name);
        expect(said, name).toMatchObject([{ fields: { reason: reasons[engine], engine, why: expect.any(String) } }]);
      }
      const good = `core="maker-beats",version="1.2.3",engine="${engine}",state="running"`;
      expect(await metricOf(get, `maibo_foreign_core_results{${good}}`)).toBeGreaterThan(10);
      await gateway.stop();
      const check = verifyStore(store, { cores: Object.keys(PACKAGES).map(packageOf) });
      expect(check.problems).toEqual([]);
      const beats = check.streams[0]?.guests.find(({ name }) => name === 'maker-beats');
      expect(beats?.agreed).toBe(beats?.resultCount);
      await Promise.all(devices.map((device) => device.close()));
      store.close();
    });
  });
}
