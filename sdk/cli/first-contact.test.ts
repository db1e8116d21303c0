import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gatt, MAIBO_SERVICE_UUID } from '@maibo/protocols';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { hurriedClock, ScriptedDevice } from '../device/scripted-device.testkit.ts';
import { readRecord } from '../evidence/open-record.ts';
import { readGatewayConfig } from '../gateway/config.ts';
import type { MadePeripheral } from '../link/made-peripheral.testkit.ts';
import { MadeRadio } from '../link/made-radio.testkit.ts';
import { ecgBlocks, makeEcg } from '../pipeline/made-signals.testkit.ts';
import { openStoreFile } from '../world/node-store.ts';
import { port, type Scene, tell } from './first-contact.testkit.ts';
import { addLive } from './live-command.ts';
import { addPair } from './pair-command.ts';
import { addScan } from './scan-command.ts';

const STRAP = 'C0:FF:EE:00:00:01';
const CUFF = 'C0:FF:EE:00:00:02';
const HEART_RATE = { service: gatt.gattUuidText(0x180d), characteristic: gatt.gattUuidText(0x2a37) };
const BOARD = port('/dev/ttyACM0', 'usb-Maker_Board_1-if00');
const folder = mkdtempSync(join(tmpdir(), 'maibo-first-contact-'));
const blocks = ecgBlocks(makeEcg(20).counts);
const devices: ScriptedDevice[] = [];

afterAll(async () => {
  for (const device of devices) await device.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Everything here is hurried; the machine may be busy. */
const WAIT = { timeout: 20_000, interval: 5 };

/** Numbers of the items that a store holds; none while there is no store. */
function itemsIn(path: string): number[] {
  if (!existsSync(path)) return [];
  const { store, close } = openStoreFile(path, { readOnly: true });
  const records = store
    .streams()
    .flatMap(({ id }) => [...store.records(id)].map(({ bytes }) => readRecord(bytes).record));
  close();
  return records.flatMap((record) => (record.kind === 'item' ? [record.itemSeq] : []));
}

/** A strap that tells its beats as soon as somebody listens, and goes on as long as somebody does. */
function strap(radio: MadeRadio, address = STRAP, beats = true): MadePeripheral {
  const notify = async () => {
    for (let count = 0; count < 400 && peripheral.isHeard(HEART_RATE); count++) {
      const rrTicks = beats ? [1000 + (count % 5) * 10] : null;
      const contact = beats ? 'contact' : 'no-contact';
      const fields = { heartRate: beats ? 60 : 0, rrTicks, contact: gatt.sensorContacts.named(contact) };
      peripheral.notify(HEART_RATE, gatt.heartRateMeasurement.encode(fields));
      await hurriedClock.sleep(1_000);
    }
  };
  const peripheral = radio.add({
    ...{ address, name: 'Strap 7', rssiDbm: -50 },
    services: { [HEART_RATE.service]: { [HEART_RATE.characteristic]: { onListen: () => void notify() } } },
  });
  return peripheral;
}

function cuff(radio: MadeRadio, pairing: 'refuses' | { kind: 'confirm'; digits: string }): void {
  radio.add({ address: CUFF, name: 'Cuff', services: { [gatt.gattUuidText(0x1810)]: {} }, pairing });
}

function air(): MadeRadio {
  return new MadeRadio(hurriedClock);
}

function wearable(options: ConstructorParameters<typeof ScriptedDevice>[1] = {}): ScriptedDevice {
  const device = new ScriptedDevice(blocks, options);
  devices.push(device);
  return device;
}

describe('maibo scan', () => {
  it('lists what is heard by what it is, and ports, and says what comes next', async () => {
    const radio = air();
    strap(radio);
    radio.add({ address: CUFF, name: null, services: { [MAIBO_SERVICE_UUID]: {} } });
    radio.add({ address: 'C0:FF:EE:00:00:09', name: 'Lamp', services: {} });
    const { code, out } = await tell(addScan, { radio, ports: [BOARD] }, 'scan', '--seconds', '5');
    expect(code).toBe(0);
    expect(out).toMatch(/heart-rate strap +C0:FF:EE:00:00:01 +Strap 7 +-50 dBm/);
    expect(out).toMatch(/Maibo device +C0:FF:EE:00:00:02 +\(no name\)/);
    expect(out).toContain(BOARD.stablePath);
    expect(out).toContain('and 1 other Bluetooth devices');
    expect(out).toContain(`next: maibo live ${STRAP}`);
  });

  it('says that nothing was found, and what to try', async () => {
    const { code, out } = await tell(addScan, {}, 'scan', '--seconds', '1');
    expect(code).toBe(0);
    expect(out).toContain('Nothing was found');
    expect(out).toContain('try: a strap sleeps until it feels a heart beat: wet its electrodes and wear it');
    expect(out).toContain('maibo doctor');
  });

  it('says why there is no radio, and lists the ports all the same', async () => {
    const radio = air();
    radio.setState('absent');
    const none = await tell(addScan, { radio }, 'scan', '--seconds', '1');
    expect([none.code, none.err]).toEqual([1, expect.stringContaining('there is no radio (`maibo doctor` says why')]);
    const some = await tell(addScan, { radio, ports: [BOARD] }, 'scan', '--json');
    expect(some.code).toBe(0);
    expect(JSON.parse(some.out)).toMatchObject({ ports: [{ path: '/dev/ttyACM0' }], radio: { code: 'radio-absent' } });
  });
});

describe('maibo live', () => {
  it.each([STRAP, STRAP.toLowerCase(), 'strap 7'])('shows the beats of a strap (%s)', async (wanted) => {
    const radio = air();
    strap(radio);
    const { code, out, err } = await tell(addLive, { radio }, 'live', wanted, '--seconds', '20');
    expect(out).toMatch(/^\d\d:\d\d:\d\d {3}61 beats\/min {2}RR {2}977 ms\n/);
    expect(out).toMatch(/RMSSD \d+ ms \(\d\d beats\)\n/);
    expect(err).toMatch(/connecting to the heart-rate strap Strap 7 …\n.*waiting for the first heart beat\n/s);
    expect(code).toBe(0);
    expect(radio.counts).toMatchObject({ connections: 0, listeners: 0 });
  });

  it('says that no beat is felt', async () => {
    const radio = air();
    strap(radio, STRAP, false);
    const { code, err } = await tell(addLive, { radio }, 'live', STRAP, '--seconds', '5');
    expect(err).toContain('no heart beat felt: is it worn, and are its electrodes wet?');
    expect(err).toContain('No heart beat came.');
    expect(code).toBe(1);
  });

  it('keeps signed records where it is told to', async () => {
    const radio = air();
    strap(radio);
    const store = join(folder, 'strap');
    const { code, err } = await tell(addLive, { radio }, 'live', STRAP, '--seconds', '15', '--store', store);
    expect(err).toMatch(/[1-9]\d* values are stored/);
    expect(code).toBe(0);
    const file = openStoreFile(join(store, 'store.sqlite'), { readOnly: true });
    expect(file.store.streams()).toHaveLength(1);
    file.close();
  });

  it('asks which one when two have the name, and says who was not heard', async () => {
    const radio = air();
    strap(radio);
    strap(radio, 'C0:FF:EE:00:00:05');
    await expect(tell(addLive, { radio }, 'live', 'strap')).rejects.toMatchObject({
      code: 'usage',
      hint: expect.stringContaining('C0:FF:EE:00:00:05'),
    });
    await expect(tell(addLive, { radio }, 'live', 'nobody')).rejects.toMatchObject({
      code: 'link-timeout',
      hint: expect.stringContaining('wet its electrodes'),
    });
  });

  it('says that the radio is off, and who knows more', async () => {
    const radio = air();
    radio.setState('off');
    await expect(tell(addLive, { radio }, 'live', STRAP)).rejects.toMatchObject({
      code: 'radio-off',
      hint: expect.stringContaining('maibo doctor'),
    });
  });

  it('says that the strap went out of reach, finds it again, and loses nothing of what was stored', async () => {
    const radio = air();
    const peripheral = strap(radio);
    const store = join(folder, 'out-of-reach');
    const interrupt = new AbortController();
    const running = tell(addLive, { radio, interrupt }, 'live', STRAP, '--store', store);
    const stored = () => itemsIn(join(store, 'store.sqlite'));
    for (let time = 1; time <= 3; time++) {
      await vi.waitFor(() => expect([peripheral.isHeard(HEART_RATE), peripheral.connects]).toEqual([true, time]), WAIT);
      const before = stored().length;
      await vi.waitFor(() => expect(stored().length).toBeGreaterThan(before + 3), WAIT);
      const kept = stored();
      if (time === 3) break;
      peripheral.isDeaf = time === 1; // one deadline passes without it
      peripheral.drop();
      if (peripheral.isDeaf) await hurriedClock.sleep(45_000);
      peripheral.isDeaf = false;
      expect(stored().slice(0, kept.length)).toEqual(kept);
    }
    interrupt.abort();
    const { code, err } = await running;
    expect(code).toBe(0);
    expect(err.match(/The strap is out of reach\./g)).toHaveLength(2);
    expect(err).toContain('not yet: the device does not answer');
    expect(err).toContain(`${stored().length} values are stored in`);
    expect(stored()).toEqual(stored().map((_, index) => index));
    expect(radio.counts).toMatchObject({ connections: 0, listeners: 0 });
  });

  it('ends in time while the strap is out of reach, and while the radio is off', async () => {
    for (const leave of [
      (radio: MadeRadio, gone: MadePeripheral) => radio.remove(gone),
      (radio: MadeRadio) => radio.setState('off'),
    ]) {
      const radio = air();
      const peripheral = strap(radio);
      const running = tell(addLive, { radio }, 'live', STRAP, '--seconds', '25');
      await hurriedClock.sleep(10_000);
      leave(radio, peripheral);
      const { code, err } = await running;
      expect(code).toBe(0);
      expect(err).toContain('The strap is out of reach.');
      expect(err).toMatch(/[1-9]\d* heart beats\.\n$/);
    }
  });

  it('ends cleanly with Ctrl-C, connected or not', async () => {
    const radio = air();
    strap(radio);
    const interrupt = new AbortController();
    const running = tell(addLive, { radio, interrupt }, 'live', STRAP);
    await hurriedClock.sleep(5_000);
    interrupt.abort();
    expect(await running).toMatchObject({ code: 0, err: expect.stringMatching(/[1-9]\d* heart beats\.\n$/) });
    expect(await tell(addLive, { radio, interrupt }, 'live', STRAP)).toMatchObject({ code: 0, out: '' });
    expect(radio.counts).toMatchObject({ connections: 0, listeners: 0 });
  });

  it('says that a device must be paired first', async () => {
    const scene: Scene = { openPort: async () => wearable().host };
    const data = join(folder, 'nobody');
    await expect(tell(addLive, scene, 'live', '/dev/ttyACM0', '--data', data)).rejects.toMatchObject({
      code: 'device-unknown',
      hint: expect.stringContaining('maibo pair'),
    });
  });
});

describe('maibo pair', () => {
  const data = join(folder, 'paired');

  it('compares six digits with a Maibo device, prints its block of gateway.toml, and then it is live', async () => {
    const scene: Scene = { openPort: async () => wearable({ isPairing: true }).host, types: 'y' };
    const { code, out, asked } = await tell(addPair, scene, 'pair', '/dev/ttyACM0', '--data', data, '--name', 'w-1');
    expect(asked).toEqual([expect.stringMatching(/^Does the device show \d{3} \d{3}\? \[y\/n\] $/)]);
    expect(code).toBe(0);
    const config = readGatewayConfig(`[gateway]\ndata = "x"\n${out}`, 'printed');
    expect(config.devices).toMatchObject([{ label: 'w-1', bearer: 'serial' }]);
    expect(readFileSync(join(data, 'devices.toml'), 'utf8')).toContain(out.trim());
    expect(readFileSync(join(data, 'gateway-link.key'), 'utf8').length).toBeGreaterThan(0);
  });

  it('takes a piece of a port’s name, as long as it is one port', async () => {
    const opened: string[] = [];
    const openPort = async (path: string) => {
      opened.push(path);
      return wearable({ isPairing: true }).host;
    };
    const ports = [BOARD, port('/dev/ttyUSB0', 'usb-Other_2-if00')];
    await tell(addPair, { openPort, ports, types: 'y' }, 'pair', 'maker', '--data', data);
    expect(opened).toEqual([BOARD.stablePath]);
    await expect(tell(addPair, { openPort, ports }, 'pair', 'usb', '--data', data)).rejects.toMatchObject({
      code: 'usage',
      hint: expect.stringContaining(BOARD.stablePath),
    });
  });

  it('is not paired when the person says no, or nobody is there', async () => {
    for (const types of ['n', null]) {
      const scene: Scene = { openPort: async () => wearable({ isPairing: true }).host, types };
      await expect(tell(addPair, scene, 'pair', '/dev/x', '--data', join(folder, 'no'))).rejects.toMatchObject({
        code: 'device-refused',
      });
    }
  });

  it('bonds with a clinic device, asking what it asks', async () => {
    const radio = air();
    cuff(radio, { kind: 'confirm', digits: '123456' });
    const { out, asked } = await tell(addPair, { radio, types: 'yes' }, 'pair', CUFF, '--data', data);
    expect(asked).toEqual(['Does the device show 123456? [y/n] ']);
    const config = readGatewayConfig(`[gateway]\ndata = "x"\n${out}`, 'printed');
    expect(config.clinic).toMatchObject([{ address: CUFF, kinds: ['blood-pressure'] }]);
  });

  it('says that a clinic device refused', async () => {
    const radio = air();
    cuff(radio, 'refuses');
    await expect(tell(addPair, { radio }, 'pair', 'cuff')).rejects.toMatchObject({ code: 'pairing-failed' });
  });
});
