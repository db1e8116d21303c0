// What a clinic device measured, from its bytes to the page a person reads.
import { gatt } from '@maibo/protocols';
import { expect, it } from 'vitest';
import { reportModelOf } from '../report/model-from-store.ts';
import { renderReport } from '../report/render-report.ts';
import { madeDevice, openStore, strapValue, visit } from './made-clinic.testkit.ts';
import { useFolder } from './made-store.testkit.ts';

const path = useFolder('clinic-report');

it('shows the newest measurements, and intervals beside them as ever', async () => {
  const store = openStore(path('report.sqlite'));
  const { peer, clock, done } = visit(store, madeDevice(['thermometer', 'heart-rate']));
  await peer.listened(0x2a1c);
  await peer.listened(0x2a37);
  for (let second = 0; second < 700; second++) {
    const temperature = gatt.floatOf(300 + second, -1);
    peer.notify(0x2a1c, gatt.temperatureMeasurement.encode({ temperature, unit: 'C' }));
    if (second < 20) peer.notify(0x2a37, strapValue([1000]));
    await clock.advance(1_000);
  }
  peer.vanish();
  await clock.advance(1);
  await done;
  const model = reportModelOf(store, { title: 'Clinic', createdUtcUs: 0 });
  store.close();
  const vital = model.streams.find(({ signal }) => signal === 'vital')!;
  expect(vital.measurements.count).toBe(700);
  expect(vital.measurements.newest).toHaveLength(300);
  expect(vital.measurements.newest.at(-1)?.values.temperatureC).toBe(99.9);
  expect(vital.provenance).toMatchObject({ cores: [], pipeline: 'maibo-pipeline 2' });
  expect(model.streams.find(({ signal }) => signal === 'rr')?.measurements.count).toBe(0);
  const page = renderReport(model, 'zh');
  expect(page).toContain('99.9 °C');
  expect(page).toContain('implausible');
}, 30_000);
