// A gateway and the air, in memory: which of those that are heard deliver something, and which do not.
import { gatt } from '@maibo/protocols';
import { describe, expect, it } from 'vitest';
import { verifyStore } from '../audit/verify-store.ts';
import { hurriedClock } from '../device/scripted-device.testkit.ts';
import { readRecord } from '../evidence/open-record.ts';
import type { MadePeripheral } from '../link/made-peripheral.testkit.ts';
import { MadeRadio } from '../link/made-radio.testkit.ts';
import type { Store } from '../store/store.ts';
import { openSqlite } from '../world/node-sqlite.ts';
import type { ClinicConfig } from './config-types.ts';
import { BARE_CONFIG, eventually, metricOf, PATIENT, startMadeGateway } from './made-gateway.testkit.ts';
import { useFolder } from './made-store.testkit.ts';

const path = useFolder('gateway-radio');
const HEART_RATE = gatt.gattUuidText(0x180d);
const MEASUREMENT = gatt.gattUuidText(gatt.heartRateMeasurement.uuid);
const MEASURED = { service: HEART_RATE, characteristic: MEASUREMENT };
const STRAP = 'C0:FF:EE:00:00:01';

const strapConfig = (more: Partial<ClinicConfig> = {}): ClinicConfig => ({
  ...{ address: STRAP, label: 'strap-1', kinds: ['heart-rate'], needsBond: false, setTimeUtcOffsetMinutes: null },
  ...more,
});

/** Beats once: 72 a minute, one interval of 833 ms. */
function beat(strap: MadePeripheral): void {
  strap.notify(MEASURED, Uint8Array.of(0x10, 72, 0x55, 0x03));
}

const kindsIn = (store: Store) =>
  store.streams().flatMap(({ id }) => [...store.records(id)].map(({ bytes }) => readRecord(bytes).record.kind));

describe('a gateway on the air', PATIENT, () => {
  it('stores what an allowed strap says, under a name that is not its address', async () => {
    const radio = new MadeRadio(hurriedClock);
    const strap = radio.add({ address: STRAP, name: 'H10', services: { [HEART_RATE]: { [MEASUREMENT]: {} } } });
    const { gateway, store, log, get } = await startMadeGateway({
      config: { ...BARE_CONFIG, clinic: [strapConfig()] },
      db: openSqlite(path('strap.sqlite')),
      openRadio: async () => radio,
    });
    expect(await eventually(() => strap.isHeard(MEASURED))).toBe(true);
    const isStored = async () => {
      beat(strap);
      return kindsIn(store).filter((kind) => kind === 'item').length > 3;
    };
    expect(await eventually(isStored)).toBe(true);
    expect(await metricOf(get, 'maibo_devices{state="collecting"}')).toBe(1);
    expect(await metricOf(get, 'maibo_radio_state')).toBe(1);
    await gateway.stop();
    expect(verifyStore(store).problems).toEqual([]);
    expect(JSON.stringify(log.lines)).not.toMatch(/C0:FF:EE|H10/);
    expect(log.lines.find(({ message }) => message === 'device connected')?.fields).toMatchObject({
      place: 'clinic[0]',
      label: 'strap-1',
      device: Buffer.from(store.streams()[0]!.device).toString('hex').slice(0, 8),
    });
    store.close();
  });

  it('connects nobody who is not on its list, and nobody unbonded who has to be bonded', async () => {
    const radio = new MadeRadio(hurriedClock);
    const services = { [HEART_RATE]: { [MEASUREMENT]: {} } };
    const strap = radio.add({ address: STRAP, services });
    const stranger = radio.add({ address: 'C0:FF:EE:00:00:99', services, isPaired: true });
    const { gateway, store, get } = await startMadeGateway({
      config: { ...BARE_CONFIG, clinic: [strapConfig({ needsBond: true })] },
      db: openSqlite(path('stranger.sqlite')),
      openRadio: async () => radio,
    });
    expect(await eventually(async () => (await metricOf(get, 'maibo_devices{state="refused"}')) === 1)).toBe(true);
    expect([strap.connects, stranger.connects]).toEqual([0, 0]);
    expect(store.streams()).toEqual([]);
    await gateway.stop();
    store.close();
  });

  it('says that there is no radio while devices need one, and finds them when it comes', async () => {
    const radio = new MadeRadio(hurriedClock);
    radio.setState('absent');
    const { gateway, store, get } = await startMadeGateway({
      config: { ...BARE_CONFIG, clinic: [strapConfig()] },
      db: openSqlite(path('absent.sqlite')),
      openRadio: async () => radio,
    });
    expect(JSON.parse((await get('/healthz'))!.body).reasons[0].code).toBe('radio-absent');
    expect(await metricOf(get, 'maibo_radio_state')).toBe(-1);
    const strap = radio.add({ address: STRAP, services: { [HEART_RATE]: { [MEASUREMENT]: {} } } });
    radio.setState('ready');
    expect(await eventually(() => strap.isHeard(MEASURED))).toBe(true);
    expect((await get('/healthz'))!.status).toBe(200);
    await gateway.stop();
    store.close();
  });
});
