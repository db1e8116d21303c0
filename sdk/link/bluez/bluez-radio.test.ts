// The radio over a bus in memory: what the double of the Bluetooth service does not do, and what it does too seldom.
import { type Message, Variant } from '@jellybrick/dbus-next';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { systemClock } from '../../world/node-clock.ts';
import type { Advertisement, PairingQuestion } from '../../world/radio.ts';
import { type BluezRadio, openBluezRadio } from './bluez-radio.ts';
import type { WireOpener } from './bus-wire.ts';
import {
  ADAPTER_PATH,
  ADDRESS,
  type Answering,
  adapterObject,
  added,
  busFailure,
  DEVICE_PATH,
  deviceObject,
  gattObjects,
  type MadeBus,
  MEASUREMENT,
  MEASUREMENT_PATH,
  madeBluez,
  OWNER,
  SERVICE,
} from './made-bus.testkit.ts';

const services = [SERVICE];
const CHARACTERISTIC = 'org.bluez.GattCharacteristic1';
const value = (...bytes: number[]) => ({ Value: new Variant('ay', Buffer.from(bytes)) });

async function opened(special?: Answering, adapter?: string): Promise<[BluezRadio, MadeBus]> {
  const bus = madeBluez(special);
  const radio = await openBluezRadio({
    clock: systemClock,
    busAddress: 'unix:path=/made',
    openWire: bus.openWire,
    ...(adapter !== undefined && { adapter }),
  });
  onTestFinished(() => radio.close());
  return [radio, bus];
}

const NOTHING = undefined as never;

describe('the radio over BlueZ', () => {
  it('adds two match rules and begins with all objects', async () => {
    const [radio, bus] = await opened();
    expect(bus.calls.map(({ member }) => member)).toEqual([
      'AddMatch',
      'AddMatch',
      'GetNameOwner',
      'GetManagedObjects',
    ]);
    expect([radio.state, radio.name, radio.counts.matchRules]).toEqual(['ready', 'hci0', 2]);
  });

  it('takes a signal right behind the list of all objects for newer than the list', async () => {
    const none = ['a{oa{sa{sv}}}', [{}]] as const;
    const bus = madeBluez(({ member }) => (member === 'GetManagedObjects' ? [none[0], [...none[1]]] : NOTHING));
    const openWire: WireOpener = (address, events, signal) => {
      const onMessage = (message: Message) => {
        events.onMessage(message);
        // In one read with it, as from a service that has just begun.
        if (message.signature === none[0]) added(bus, ADAPTER_PATH, adapterObject());
      };
      return bus.openWire(address, { ...events, onMessage }, signal);
    };
    await using radio = await openBluezRadio({ clock: systemClock, busAddress: 'unix:path=/made', openWire });
    expect([radio.state, radio.name]).toEqual(['ready', 'hci0']);
  });

  it('takes a service that begins right behind the word that there is none', async () => {
    const noOwner = 'org.freedesktop.DBus.Error.NameHasNoOwner';
    const bus = madeBluez(({ member }) => (member === 'GetNameOwner' ? busFailure(noOwner) : NOTHING));
    const openWire: WireOpener = (address, events, signal) => {
      const onMessage = (message: Message) => {
        events.onMessage(message);
        // In one read with the answer, as when this process had to wait for its turn.
        if (message.errorName !== noOwner) return;
        const dbus = 'org.freedesktop.DBus';
        bus.signal('/org/freedesktop/DBus', dbus, 'NameOwnerChanged', ['org.bluez', '', OWNER], dbus);
      };
      return bus.openWire(address, { ...events, onMessage }, signal);
    };
    await using radio = await openBluezRadio({ clock: systemClock, busAddress: 'unix:path=/made', openWire });
    await vi.waitFor(() => expect(radio.state).toBe('ready'));
  });

  it('finds its adapter by name or address, or says which it misses', async () => {
    expect((await opened(undefined, '00:00:00:00:5a:ad'))[0].name).toBe('hci0');
    const [radio] = await opened(undefined, 'hci7');
    expect(radio.state).toBe('absent');
    await expect(radio.connect(ADDRESS)).rejects.toMatchObject({ code: 'radio-absent', where: 'hci7' });
  });

  it('tells off from absent, and follows', async () => {
    const [radio, bus] = await opened();
    const seen: string[] = [];
    const stop = new AbortController();
    const following = (async () => {
      for await (const state of radio.states(stop.signal)) seen.push(state);
    })();
    for (const isOn of [false, true]) {
      bus.changed(ADAPTER_PATH, 'org.bluez.Adapter1', { Powered: new Variant('b', isOn) });
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    bus.signal('/', 'org.freedesktop.DBus.ObjectManager', 'InterfacesRemoved', [ADAPTER_PATH, ['org.bluez.Adapter1']]);
    await new Promise((resolve) => setTimeout(resolve, 1));
    stop.abort();
    await following;
    expect(seen).toEqual(['ready', 'off', 'ready', 'absent']);
  });

  it('scans for low energy without duplicates, and calls an unknown strength unknown', async () => {
    const [radio, bus] = await opened();
    const heard: Advertisement[] = [];
    for await (const advert of radio.scan({ services: [SERVICE.toUpperCase()] })) {
      if (heard.push(advert) === 2) break;
      bus.changed(DEVICE_PATH, 'org.bluez.Device1', { RSSI: new Variant('n', 127) });
    }
    const strap = { address: ADDRESS, name: 'Strap', services, isPaired: false };
    expect(heard).toEqual([-50, null].map((rssiDbm) => ({ ...strap, rssiDbm })));
    const [filter] = bus.calls.find(({ member }) => member === 'SetDiscoveryFilter')?.body ?? [];
    expect(filter).toEqual({ Transport: new Variant('s', 'le'), DuplicateData: new Variant('b', false) });
    await vi.waitFor(() => expect(bus.countOf('StopDiscovery')).toBe(1));
  });

  it('does not report a device that is only remembered, or heard for another service', async () => {
    const [radio, bus] = await opened();
    const stop = new AbortController();
    const heard: Advertisement[] = [];
    const scanning = (async () => {
      for await (const advert of radio.scan({
        services: ['0000ffff-0000-1000-8000-00805f9b34fb'],
        signal: stop.signal,
      }))
        heard.push(advert);
    })();
    bus.changed(DEVICE_PATH, 'org.bluez.Device1', { RSSI: new Variant('n', -40) });
    await new Promise((resolve) => setTimeout(resolve, 5));
    stop.abort();
    await scanning;
    expect(heard).toEqual([]);
  });

  it('begins a scan again that BlueZ ended, and takes "in progress" for a scan', async () => {
    const [radio, bus] = await opened(({ member }) =>
      member === 'StartDiscovery' && bus.countOf('StartDiscovery') > 1
        ? busFailure('org.bluez.Error.InProgress')
        : NOTHING,
    );
    const scan = radio.scan()[Symbol.asyncIterator]();
    await scan.next();
    await vi.waitFor(() => expect(bus.countOf('StartDiscovery')).toBe(1));
    bus.changed(ADAPTER_PATH, 'org.bluez.Adapter1', { Discovering: new Variant('b', false) });
    await vi.waitFor(() => expect(bus.countOf('StartDiscovery')).toBe(2), { timeout: 5_000 });
    bus.changed(DEVICE_PATH, 'org.bluez.Device1', { RSSI: new Variant('n', -30) });
    expect((await scan.next()).value).toMatchObject({ rssiDbm: -30 });
    await scan.return?.(undefined);
  });

  it('stops its scan for a connect, and goes on with it after', async () => {
    const [radio, bus] = await opened();
    const scan = radio.scan()[Symbol.asyncIterator]();
    await scan.next();
    await (await radio.connect(ADDRESS, { services })).close();
    const order = bus.calls.map(({ member }) => member);
    const at = (member: string, from = 0) => order.indexOf(member, from);
    expect(at('StopDiscovery')).toBeLessThan(at('Connect'));
    await vi.waitFor(() => expect(bus.countOf('StartDiscovery')).toBe(2));
    await scan.return?.(undefined);
  });

  it('reads the MTU anew once connected, and follows it', async () => {
    const [radio, bus] = await opened();
    const peer = await radio.connect(ADDRESS, { services });
    expect(peer.attMtu).toBe(247);
    bus.changed(MEASUREMENT_PATH, CHARACTERISTIC, { MTU: new Variant('q', 517) });
    expect(peer.attMtu).toBe(517);
  });

  it('counts values that nobody listens to, and those that nobody takes', async () => {
    const [radio, bus] = await opened();
    const peer = await radio.connect(ADDRESS, { services });
    bus.changed(MEASUREMENT_PATH, CHARACTERISTIC, value(1));
    expect(radio.counts.dropped).toBe(1);
    const values = await peer.listen(MEASUREMENT);
    for (let index = 0; index < 4_100; index++) bus.changed(MEASUREMENT_PATH, CHARACTERISTIC, value(index & 0xff));
    expect(radio.counts.dropped).toBe(1 + 4);
    expect((await values[Symbol.asyncIterator]().next()).value).toEqual(Uint8Array.of(4));
  });

  it('takes the echo of a read for what it is, and loses no notification beside it', async () => {
    const [radio, bus] = await opened(({ member }) => {
      if (member === 'ReadValue')
        for (const byte of [9, 1, 8]) bus.changed(MEASUREMENT_PATH, CHARACTERISTIC, value(byte));
      return member === 'ReadValue' ? ['ay', [Buffer.of(1)]] : NOTHING;
    });
    const peer = await radio.connect(ADDRESS, { services });
    const values = await peer.listen(MEASUREMENT);
    expect(await peer.read(MEASUREMENT)).toEqual(Uint8Array.of(1));
    const next = values[Symbol.asyncIterator]();
    expect([(await next.next()).value, (await next.next()).value]).toEqual([Uint8Array.of(9), Uint8Array.of(8)]);
  });

  it('has one StartNotify and one StopNotify for any number of listeners', async () => {
    const [radio, bus] = await opened();
    const peer = await radio.connect(ADDRESS, { services });
    const all = await Promise.all([1, 2, 3].map(() => peer.listen(MEASUREMENT)));
    for (const values of all) await values.close();
    expect([bus.countOf('StartNotify'), bus.countOf('StopNotify')]).toEqual([1, 1]);
    await (await peer.listen(MEASUREMENT)).close();
    expect([bus.countOf('StartNotify'), bus.countOf('StopNotify')]).toEqual([2, 2]);
  });

  it('ends its listeners when the device changes its services', async () => {
    const [radio, bus] = await opened();
    const peer = await radio.connect(ADDRESS, { services });
    const values = await peer.listen(MEASUREMENT);
    bus.signal('/', 'org.freedesktop.DBus.ObjectManager', 'InterfacesRemoved', [MEASUREMENT_PATH, [CHARACTERISTIC]]);
    await expect(values[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'link-lost' });
    expect(peer.has(MEASUREMENT)).toBe(false);
    await expect(peer.read(MEASUREMENT)).rejects.toMatchObject({ code: 'radio-refused' });
    added(bus, MEASUREMENT_PATH, gattObjects()[MEASUREMENT_PATH]);
    expect(await peer.read(MEASUREMENT)).toEqual(Uint8Array.of(1, 2, 3));
  });

  it('refuses a second connection to a device it holds, and waits for one that is closing', async () => {
    const [radio] = await opened();
    const peer = await radio.connect(ADDRESS, { services });
    await expect(radio.connect(ADDRESS)).rejects.toMatchObject({ code: 'link-open' });
    const closing = peer.close();
    await (await radio.connect(ADDRESS, { services })).close();
    await closing;
    expect(radio.counts).toMatchObject({ connections: 0, reconnects: 1, callsInFlight: 0, listeners: 0 });
  });

  it('connects to a device whose connection is never signalled', async () => {
    const [radio, bus] = await opened(({ member }) => {
      if (member !== 'Connect') return NOTHING;
      for (const [path, object] of Object.entries(gattObjects())) added(bus, path, object);
      setTimeout(() => (bus.isConnected = true), 20);
      return ['', []];
    });
    const peer = await radio.connect(ADDRESS, { services });
    expect(peer.has(MEASUREMENT)).toBe(true);
    bus.changed(DEVICE_PATH, 'org.bluez.Device1', { Connected: new Variant('b', false) });
    expect(peer.gone.aborted).toBe(true);
  });

  it('does not take the services of the last connection for those of this one', async () => {
    const [radio, bus] = await opened(({ member }) => {
      if (member === 'Connect') return ['', []];
      if (member !== 'GetAll') return NOTHING;
      return ['a{sv}', [{ Connected: new Variant('b', true), ServicesResolved: new Variant('b', false) }]];
    });
    for (const [path, object] of Object.entries(gattObjects())) added(bus, path, object);
    bus.changed(DEVICE_PATH, 'org.bluez.Device1', { ServicesResolved: new Variant('b', true) });
    const connecting = radio.connect(ADDRESS, { services, deadlineMs: 50 });
    await expect(connecting).rejects.toMatchObject({
      code: 'link-timeout',
      message: expect.stringMatching(/services/),
    });
  });

  it('gives up at once a device that hangs up while its services are read', async () => {
    const [radio, bus] = await opened(({ member }) => {
      if (member !== 'Connect') return NOTHING;
      setTimeout(() => bus.changed(DEVICE_PATH, 'org.bluez.Device1', { Connected: new Variant('b', false) }), 20);
      bus.isConnected = true;
      return ['', []];
    });
    // GetAll says connected, and resolved: what is missing are the services.
    const connecting = radio.connect(ADDRESS, { services: ['0000ffff-0000-1000-8000-00805f9b34fb'] });
    await expect(connecting).rejects.toMatchObject({ code: 'link-open', message: expect.stringMatching(/hung up/) });
  });

  it('names the D-Bus policy when that is what keeps it out', async () => {
    const [radio] = await opened(({ member }) =>
      member === 'Connect' ? busFailure('org.freedesktop.DBus.Error.AccessDenied', 'Rejected send message') : NOTHING,
    );
    await expect(radio.connect(ADDRESS)).rejects.toMatchObject({
      code: 'link-open',
      hint: expect.stringMatching(/policy/),
    });
  });

  it('finds a device again that was removed under the connect', async () => {
    let connects = 0;
    const [radio, bus] = await opened(({ member }) => {
      if (member === 'StartDiscovery') queueMicrotask(() => added(bus, DEVICE_PATH, deviceObject()));
      if (member !== 'Connect' || (connects += 1) > 1) return NOTHING;
      bus.signal('/', 'org.freedesktop.DBus.ObjectManager', 'InterfacesRemoved', [DEVICE_PATH, ['org.bluez.Device1']]);
      return busFailure('org.freedesktop.DBus.Error.UnknownObject');
    });
    await (await radio.connect(ADDRESS, { services })).close();
    expect(connects).toBe(2);
  });
});

describe('the pairing agent', () => {
  const AGENT = 'org.bluez.Agent1';

  /** Asks one question while pairing; what the radio answered, its body or the name of its error. */
  async function askedWhilePairing(
    member: string,
    body: unknown[],
    said: boolean | string | null = true,
    sender?: string,
  ): Promise<{ asked: PairingQuestion[]; answered: unknown; capability: unknown }> {
    const [radio, bus] = await opened(async ({ member: called, body: [path] }) => {
      if (called === 'RegisterAgent') agentPath = String(path);
      if (called !== 'Pair') return NOTHING;
      bus.callUs(agentPath, AGENT, member, body, sender);
      await new Promise((resolve) => setTimeout(resolve, 5));
      return ['', []];
    });
    let agentPath = '';
    const asked: PairingQuestion[] = [];
    const answer = async (question: PairingQuestion) => {
      asked.push(question);
      return said;
    };
    await radio.pair(ADDRESS, { answer });
    const reply = bus.calls.find(({ replySerial }) => replySerial !== undefined);
    const capability = bus.calls.find(({ member: called }) => called === 'RegisterAgent')?.body[1];
    expect(bus.countOf('RequestDefaultAgent')).toBe(0);
    expect(bus.countOf('UnregisterAgent')).toBe(1);
    expect(bus.callUs(agentPath, AGENT, member, body)).toBe(false); // nobody is at home any more
    return { asked, answered: reply?.errorName ?? reply?.body, capability };
  }

  it.each([
    ['RequestConfirmation', [DEVICE_PATH, 42], true, { kind: 'confirm', digits: '000042' }, []],
    ['DisplayPasskey', [DEVICE_PATH, 7, 0], true, { kind: 'show', digits: '000007' }, []],
    ['DisplayPinCode', [DEVICE_PATH, '0815'], true, { kind: 'show', digits: '0815' }, []],
    ['RequestPasskey', [DEVICE_PATH], '4711', { kind: 'enter' }, [4711]],
    ['RequestPinCode', [DEVICE_PATH], '4711', { kind: 'enter' }, ['4711']],
    ['RequestAuthorization', [DEVICE_PATH], true, { kind: 'allow' }, []],
  ] as const)('asks a person about %s', async (member, body, said, question, answered) => {
    expect(await askedWhilePairing(member, [...body], said)).toEqual({
      asked: [question],
      answered,
      capability: 'KeyboardDisplay',
    });
  });

  it('authorizes services of the device that is being paired, and answers what needs no person', async () => {
    expect(await askedWhilePairing('AuthorizeService', [DEVICE_PATH, SERVICE])).toMatchObject({
      asked: [],
      answered: [],
    });
    expect(await askedWhilePairing('DisplayPasskey', [DEVICE_PATH, 7, 3])).toMatchObject({ asked: [], answered: [] });
    expect(await askedWhilePairing('Cancel', [])).toMatchObject({ asked: [], answered: [] });
  });

  it('turns away other devices, and whoever is not BlueZ', async () => {
    const rejected = { asked: [], answered: 'org.bluez.Error.Rejected' };
    const other = DEVICE_PATH.replace('01', '02');
    expect(await askedWhilePairing('RequestConfirmation', [other, 42])).toMatchObject(rejected);
    expect(await askedWhilePairing('RequestConfirmation', [DEVICE_PATH, 42], true, ':1.99')).toMatchObject(rejected);
    expect(await askedWhilePairing('FormatDisk', [DEVICE_PATH])).toMatchObject(rejected);
  });
});
