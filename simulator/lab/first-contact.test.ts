// The first words of a newcomer to `maibo`, typed against virtual devices: what README says works word for word.
import { join } from 'node:path';
import { loadOrCreateLinkKey, systemClock, systemEntropy } from '@maibo/sdk';
import { describe, expect, it, vi } from 'vitest';
import { openPty } from '../device/pty.ts';
import { Wearable } from '../device/wearable.ts';
import { createWearerSource } from '../device/wearer-source.ts';
import { createStrap } from '../radio/clinic-devices/heart-rate-strap.ts';
import { type BluezDouble, openBluezDouble } from '../radio/double/double.ts';
import { GattLinkDevice } from '../radio/gatt-link.ts';
import { serveDevice } from '../radio/peripheral/serve-device.ts';
import { hasDbusDaemon, openPrivateBus, type PrivateBus } from '../radio/private-bus.ts';
import { createWearer } from '../wearer/wearer.ts';
import { useFolder } from './lab-process.testkit.ts';
import { useMaibo } from './typed-maibo.testkit.ts';

const folder = useFolder('first-contact');
const maibo = useMaibo(folder);
// Processes start and play in real time, on a machine that may have more to do.
vi.setConfig({ testTimeout: 120_000 });

const isAllRequired = process.env.MAIBO_REQUIRE_ALL === '1';
const needsBus = !hasDbusDaemon() && !isAllRequired;

describe.skipIf(needsBus)(`bring your strap${needsBus ? ' (no dbus-daemon here)' : ''}`, () => {
  async function onAir(use: (bus: PrivateBus, double: BluezDouble, address: string) => Promise<void>) {
    await using bus = await openPrivateBus();
    await using double = await openBluezDouble({ busAddress: bus.address });
    const device = createStrap({ seed: 4, speed: 10 });
    await using strap = await serveDevice({
      ...{ busAddress: bus.address, adapter: 'hci1', device },
      clock: systemClock,
    });
    await use(bus, double, strap.address);
  }

  it('is heard, shown beat by beat, and kept as signed records that hold', () =>
    onAir(async ({ address: bus }, _, address) => {
      const scan = await maibo({ bus }, 'scan', '--seconds', '2');
      expect(scan.text).toMatch(new RegExp(`heart-rate strap +${address}.*next: maibo live ${address}`, 's'));
      expect(scan.code).toBe(0);
      const live = await maibo({ bus, until: /RMSSD \d+ ms/ }, 'live', address, '--store', 'my-heart');
      expect(live.text).toMatch(/\d\d:\d\d:\d\d +\d+ beats\/min {2}RR +\d+ ms/);
      expect(live.text).toMatch(/[1-9]\d* values are stored in my-heart/);
      expect(live.code).toBe(0);
      const verify = await maibo({}, 'verify', 'my-heart/store.sqlite');
      expect(verify.text).toContain('OK  my-heart/store.sqlite holds');
      expect(verify.code).toBe(0);
    }));

  it('so is a Maibo device on the air: paired by six digits, then shown beat by beat', async () => {
    await using bus = await openPrivateBus();
    await using _double = await openBluezDouble({ busAddress: bus.address });
    const info = () => ({ versions: [2], isPairingOpen: true, isBulkWaiting: true });
    const device = new GattLinkDevice({ name: 'Maibo 0007', info });
    await using served = await serveDevice({
      ...{ busAddress: bus.address, adapter: 'hci1', device },
      clock: systemClock,
    });
    const source = createWearerSource(createWearer({ seed: 8, durationS: 20, rateHz: 250 }), 'on the air');
    const data = join(folder, 'on-air');
    const host = loadOrCreateLinkKey(join(data, 'gateway-link.key'), systemEntropy);
    const visits = (async () => {
      for await (const link of device.links) {
        const [hosts, speed] = [[host.publicKey], Number.POSITIVE_INFINITY];
        const world = { clock: systemClock, entropy: systemEntropy };
        await new Wearable({ ...world, link, source, hosts, speed, isPairing: true }).run();
      }
    })();
    const paired = await maibo({ bus: bus.address, keys: 'y\n' }, 'pair', 'maibo', '--data', data);
    expect(paired.text).toContain(`address = "${served.address}"`);
    expect(paired.code).toBe(0);
    const live = await maibo({ bus: bus.address }, 'live', served.address, '--data', data);
    expect(live.text).toMatch(/ {2}RMSSD \d+ ms .*\n.*[1-9]\d* heart beats\.\n$/s);
    expect(live.code).toBe(0);
    await served.close();
    await visits;
  });

  it('is found by the doctor’s questions: the service answers, the adapter is on', () =>
    onAir(async ({ address: bus }, double) => {
      const names = async () => {
        const { text } = await maibo({ bus }, 'doctor', '--json');
        return (JSON.parse(text) as { findings: { name: string }[] }).findings.map(({ name }) => name);
      };
      expect(await names()).toContain('adapter-ok');
      await double.close();
      const after = await names();
      expect(after.some((name) => ['bluez-missing', 'bluez-stopped'].includes(name))).toBe(true);
    }));
});

const probe = openPty();
await probe?.link.close();
const needsPty = probe === null && !isAllRequired;

describe.skipIf(needsPty)(`bring your serial device${needsPty ? ' (no pty here)' : ''}`, () => {
  const source = createWearerSource(createWearer({ seed: 6, durationS: 40, rateHz: 250 }), 'first contact');

  /** A wearable on a pty of its own while `use` runs. */
  async function wear(isPairing: boolean, hosts: readonly Uint8Array[], use: (path: string) => Promise<void>) {
    const pty = openPty()!;
    const device = new Wearable({
      ...{ link: pty.link, source, clock: systemClock, entropy: systemEntropy, hosts, isPairing },
      speed: Number.POSITIVE_INFINITY,
    });
    const served = device.run();
    try {
      await use(pty.slavePath);
      await served;
    } finally {
      await pty.link.close();
    }
  }

  it('is paired by six digits, shown beat by beat, and kept as signed records that hold', async () => {
    await wear(true, [], async (path) => {
      const { text, code } = await maibo({ keys: 'y\n' }, 'pair', path);
      expect(text).toMatch(/Does the device show \d{3} \d{3}\? \[y\/n\]/);
      expect(text).toMatch(/\[\[device\]\]\nkey = "[0-9a-f]{64}"\n/);
      expect(code).toBe(0);
    });
    const host = loadOrCreateLinkKey(join(folder, 'maibo-data', 'gateway-link.key'), systemEntropy).publicKey;
    await wear(false, [host], async (path) => {
      const { text, code } = await maibo({}, 'live', path);
      expect(text).toMatch(/ {2}RMSSD \d+ ms .*\n.*[1-9]\d* heart beats\.\n$/s);
      expect(code).toBe(0);
    });
    await wear(false, [host], async (path) => {
      const { text, code } = await maibo({}, 'live', path, '--store', 'my-board');
      expect(text).toContain('stored in my-board');
      expect(code).toBe(0);
    });
    expect((await maibo({}, 'verify', 'my-board/store.sqlite')).text).toContain('OK  my-board/store.sqlite holds');
  });

  it('is not paired with nobody at the keyboard', async () => {
    await wear(true, [], async (path) => {
      const { text, code } = await maibo({}, 'pair', path, '--data', 'nobody');
      expect(text).toMatch(/maibo: .*no session/);
      expect(code).toBe(1);
    });
  });
});
