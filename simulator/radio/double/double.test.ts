// The double's own manners: what it says, when, and to whom, as far as a real bluetoothd 5.66 was seen to do it.
import { DBusError } from '@jellybrick/dbus-next';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeOnAir, until } from '../air.testkit.ts';
import { ObjectTree } from '../dbus/object-tree.ts';
import { AttRefusal } from '../gatt-device.ts';
import { openPeripheral, type Peripheral } from '../peripheral/peripheral.ts';
import { Central, DEVICE, RX, SERVICE, TX, variant } from './central.testkit.ts';

describeOnAir(
  'the double',
  { adapterCount: 3, settings: { lookMs: 10, forgetMs: 500, connectTimeoutMs: 100 } },
  (air) => {
    let central: Central;
    let echo: Peripheral;
    let written: Uint8Array[];
    let subscriptions: boolean[];
    let centrals: string[];

    beforeEach(async () => {
      await air.double.clearFaults();
      written = [];
      subscriptions = [];
      centrals = [];
      echo = await openEcho('hci1', 'Echo');
      central = await Central.open(air.bus.address);
    });
    afterEach(async () => {
      await central.refusal(DEVICE, 'Disconnect');
      await central[Symbol.asyncDispose]();
      await echo.close();
    });

    function openEcho(adapter: string, name: string): Promise<Peripheral> {
      return openPeripheral({
        busAddress: air.bus.address,
        adapter,
        name,
        advertises: [SERVICE],
        onCentral: (path, isConnected) => centrals.push(`${path} ${isConnected}`),
        services: [
          {
            uuid: SERVICE,
            characteristics: [
              {
                uuid: TX,
                flags: ['read', 'notify'],
                read: () => Buffer.from('battery=87'),
                subscribed: (isOn) => subscriptions.push(isOn),
              },
              {
                uuid: RX,
                flags: ['write', 'write-without-response'],
                write: (bytes) => {
                  if (bytes[0] === 0xff) throw new AttRefusal(bytes[1]!);
                  written.push(bytes);
                },
              },
            ],
          },
        ],
      });
    }

    const notify = (...bytes: number[]) =>
      echo.notify({ service: SERVICE, characteristic: TX }, Uint8Array.from(bytes));
    const heard = () => central.values.map(({ value }) => [...value]);

    it('shows a peripheral while somebody looks, and forgets it later', async () => {
      await central.find();
      const shown = (await central.managed())[DEVICE]!['org.bluez.Device1']!;
      expect(shown.Name?.value).toBe('Echo');
      expect(shown.UUIDs?.value).toEqual([SERVICE]);
      expect(shown.RSSI).toBeUndefined(); // nobody is listening any more
      await until(async () => !(DEVICE in (await central.managed())));
    });

    it('looks for what it was asked for, and once per client', async () => {
      const adapter = '/org/bluez/hci0';
      await central.call(adapter, 'SetDiscoveryFilter', 'a{sv}', [{ UUIDs: variant('as', ['180d']) }]);
      await central.call(adapter, 'StartDiscovery');
      expect(await central.refusal(adapter, 'StartDiscovery')).toBe(
        'org.bluez.Error.InProgress: Operation already in progress',
      );
      await new Promise((resolve) => setTimeout(resolve, 60));
      expect(DEVICE in (await central.managed())).toBe(false);
      await central.call(adapter, 'StopDiscovery');
      expect(await central.refusal(adapter, 'StopDiscovery')).toBe('org.bluez.Error.Failed: No discovery started');
    });

    it('ends a discovery with its client', async () => {
      const other = await Central.open(air.bus.address);
      await other.call('/org/bluez/hci0', 'StartDiscovery');
      expect(await central.property('/org/bluez/hci0', 'org.bluez.Adapter1', 'Discovering')).toBe(true);
      other.bus.close();
      await until(async () => !(await central.property('/org/bluez/hci0', 'org.bluez.Adapter1', 'Discovering')));
    });

    it('tells both sides of a connection, and the program of the subscription', async () => {
      await central.connect();
      await until(() => centrals.length === 1);
      expect(centrals).toEqual(['/org/bluez/hci1/dev_00_AA_01_00_00_00 true']);
      const tx = await central.characteristic(TX);
      await central.call(tx, 'StartNotify');
      expect(await central.refusal(tx, 'StartNotify')).toBe(null);
      await notify(1);
      await notify(1);
      await until(() => heard().length === 2); // the same value twice is two notifications
      await central.call(DEVICE, 'Disconnect');
      await until(() => subscriptions.length === 2 && centrals.length === 2);
      expect(subscriptions).toEqual([true, false]);
    });

    it('says "Not connected" after a loss, shows the services on, and serves them again', async () => {
      await central.connect();
      const rx = await central.characteristic(RX);
      expect(await air.double.drop('hci1')).toBe(1);
      expect(await central.write(rx, Uint8Array.of(1), 'request')).toBe('org.bluez.Error.Failed: Not connected');
      expect(await central.refusal(rx, 'StopNotify')).toBe(null);
      await central.connect();
      expect(await central.characteristic(RX)).toBe(rx);
      expect(await central.write(rx, Uint8Array.of(1), 'request')).toBe(null);
    });

    it('knows nothing of a device that was forgotten', async () => {
      await central.connect();
      const rx = await central.characteristic(RX);
      await central.call(DEVICE, 'Disconnect');
      await until(async () => !(rx in (await central.managed())));
      expect(await central.write(rx, Uint8Array.of(1), 'request')).toMatch(
        /^org\.freedesktop\.DBus\.Error\.UnknownObject/,
      );
    });

    it('tells of an end in its own order: lost, closed, switched off', async () => {
      const device = DEVICE.replace('/org/bluez/', '');
      const told = () =>
        central.changes.filter((change) => /^hci0\S+ (Connected|ServicesResolved)=/.test(change)).join();
      for (const [end, expected] of [
        [() => air.double.drop('hci1'), `${device} ServicesResolved=false,${device} Connected=false`],
        [() => central.call(DEVICE, 'Disconnect'), `${device} ServicesResolved=false,${device} Connected=false`],
        [() => air.double.power('hci0', false), `${device} Connected=false`],
      ] as const) {
        await central.connect();
        central.changes.length = 0;
        await end();
        await until(() => told().includes('Connected=false'));
        expect(told()).toBe(expected);
      }
      await air.double.power('hci0', true);
    });

    it('calls a connected device by the name of its host', async () => {
      await central.connect();
      expect(await central.property(DEVICE, 'org.bluez.Device1', 'Name')).toBe('maibo-double hci1');
    });

    it('can keep to itself that it is connected', async () => {
      await air.double.setFaults({ isConnectSilent: true }, 'hci1');
      await central.connect();
      expect(await central.property(DEVICE, 'org.bluez.Device1', 'Connected')).toBe(true);
      expect(central.changes.filter((change) => /^hci0\S+ Connected=/.test(change))).toEqual([]);
    });

    it('takes writes up to its limits, and loses long commands without a word', async () => {
      await central.connect();
      const rx = await central.characteristic(RX);
      const tx = await central.characteristic(TX);
      expect(await central.write(rx, new Uint8Array(510), 'request')).toBe(null);
      expect(await central.write(rx, new Uint8Array(511), 'request')).toBe(
        'org.bluez.Error.InvalidArguments: Invalid Length',
      );
      expect(await central.write(rx, new Uint8Array(515), 'command')).toBe(
        'org.bluez.Error.Failed: Failed to initiate write',
      );
      for (const size of [511, 514, 510]) expect(await central.write(rx, new Uint8Array(size), 'command')).toBe(null);
      expect(await central.write(rx, new Uint8Array(3), 'reliable')).toBe(null);
      await until(() => written.length === 3);
      expect(written.map(({ length }) => length)).toEqual([510, 510, 3]);
      expect(await central.write(tx, new Uint8Array(1), 'request')).toBe(
        'org.bluez.Error.NotPermitted: Write not permitted',
      );
      expect(await central.refusal(rx, 'ReadValue', 'a{sv}', [{}])).toBe(
        'org.bluez.Error.NotPermitted: Read not permitted',
      );
    });

    it('passes on what the program refuses with', async () => {
      await central.connect();
      const rx = await central.characteristic(RX);
      const failed = 'org.bluez.Error.Failed: Operation failed with ATT error: ';
      expect(await central.write(rx, Uint8Array.of(0xff, 0x81), 'request')).toBe(`${failed}0x81`);
      expect(await central.write(rx, Uint8Array.of(0xff, 0xfe), 'request')).toBe(`${failed}0xfe`);
    });

    it('does one request at a time per characteristic', async () => {
      await central.connect();
      const rx = await central.characteristic(RX);
      await air.double.setFaults({ writeMs: 30 }, 'hci1');
      const first = central.write(rx, Uint8Array.of(1), 'request');
      expect(await central.write(rx, Uint8Array.of(2), 'request')).toBe(
        'org.bluez.Error.InProgress: Operation already in progress',
      );
      expect(await first).toBe(null);
    });

    it('says what it has read to whoever listens, too', async () => {
      await central.connect();
      const tx = await central.characteristic(TX);
      const [value] = await central.call(tx, 'ReadValue', 'a{sv}', [{}]);
      expect(String(value)).toBe('battery=87');
      await until(() => central.values.length === 1);
    });

    it('cuts a notification that is longer than the link takes', async () => {
      await central.connect();
      await central.call(await central.characteristic(TX), 'StartNotify');
      await echo.notify({ service: SERVICE, characteristic: TX }, new Uint8Array(600));
      await until(() => central.values.length === 1);
      expect(central.values[0]!.value.length).toBe(512);
    });

    it('lets services go with their program, and come with the next', async () => {
      await central.connect();
      await echo.close();
      await until(async () => !(await central.characteristic(TX).catch(() => null)));
      echo = await openEcho('hci1', 'Echo');
      await until(async () => (await central.characteristic(TX).catch(() => null)) !== null);
    });

    it('gives up a connection to who is not there any more', async () => {
      await central.find();
      await echo.close();
      expect(await central.refusal(DEVICE, 'Connect')).toBe('org.bluez.Error.Failed: le-connection-abort-by-local');
    });

    it('switches off and on', async () => {
      await central.connect();
      await central.call('/org/bluez/hci0', 'Set', 'ssv', ['org.bluez.Adapter1', 'Powered', variant('b', false)]);
      expect(await central.refusal('/org/bluez/hci0', 'StartDiscovery')).toBe(
        'org.bluez.Error.NotReady: Resource Not Ready',
      );
      expect(await central.property(DEVICE, 'org.bluez.Device1', 'Connected')).toBe(false);
      expect(await central.refusal(DEVICE, 'Connect')).toBe('org.bluez.Error.Failed: Input/output error');
      await central.call('/org/bluez/hci0', 'Set', 'ssv', ['org.bluez.Adapter1', 'Powered', variant('b', true)]);
      await central.connect();
    });

    it('removes a device when asked, connected or not', async () => {
      await central.connect();
      await central.call('/org/bluez/hci0', 'RemoveDevice', 'o', [DEVICE]);
      expect(DEVICE in (await central.managed())).toBe(false);
      expect(await central.refusal('/org/bluez/hci0', 'RemoveDevice', 'o', [DEVICE])).toBe(
        'org.bluez.Error.DoesNotExist: Does Not Exist',
      );
      await central.connect();
    });

    it('can be made to fail in each of its ways', async () => {
      const { double } = air;
      await central.find();
      await double.setFaults({ connect: 'never' }, 'hci1');
      const connecting = central.refusal(DEVICE, 'Connect');
      expect(await central.refusal(DEVICE, 'Connect')).toBe(
        'org.bluez.Error.InProgress: Operation already in progress',
      );
      await central.call(DEVICE, 'Disconnect');
      expect(await connecting).toBe('org.bluez.Error.Failed: le-connection-abort-by-local');

      const once = { member: 'Connect', error: 'org.bluez.Error.Failed', text: 'le-connection-abort-by-local' };
      await double.setFaults({ connect: 'works', refuseOnce: once }, 'hci1');
      expect(await central.refusal(DEVICE, 'Connect')).toBe('org.bluez.Error.Failed: le-connection-abort-by-local');
      await double.setFaults({ resolve: 'before-services' }, 'hci1');
      await central.connect();
      expect(await central.characteristic(TX).catch(() => null)).toBe(null);
      await until(async () => (await central.characteristic(TX).catch(() => null)) !== null);

      await central.call(await central.characteristic(TX), 'StartNotify');
      await double.setFaults({ swapShare: 1 }, 'hci1');
      for (const byte of [1, 2, 3, 4]) await notify(byte);
      await until(() => heard().length === 4);
      expect(heard()).toEqual([[2], [1], [4], [3]]);
      await double.setFaults({ swapShare: 0, dropAtNotification: 2 }, 'hci1');
      await notify(5);
      await notify(6);
      await until(async () => !(await central.property(DEVICE, 'org.bluez.Device1', 'Connected')));
      expect(heard().at(-1)).toEqual([5]);

      await double.setFaults({ resolve: 'works', dropAtWrite: 1 }, 'hci1');
      await central.connect();
      expect(await central.write(await central.characteristic(RX), Uint8Array.of(1), 'request')).toBe(
        'org.bluez.Error.Failed: Not connected',
      );
      expect(written).toEqual([]);
    });

    it('shows two devices of one name', async () => {
      await using other = await openEcho('hci2', 'Echo');
      await central.find();
      await central.find(DEVICE.replace(/01$/, '02'));
      const names = Object.values(await central.managed()).map((shown) => shown['org.bluez.Device1']?.Name?.value);
      expect(names.filter((name) => name === 'Echo')).toHaveLength(2);
      expect(other.address).not.toBe(echo.address);
    });

    it('notifies faster than anybody from within', async () => {
      await central.connect();
      await central.call(await central.characteristic(TX), 'StartNotify');
      await air.double.burst({ adapter: 'hci1', characteristic: TX, count: 2_000, bytes: 100 });
      await until(() => central.values.length === 2_000);
      expect(central.values.every(({ value }, index) => value.readUInt32LE() === index)).toBe(true);
    });

    it.each([
      ['confirm', 'RequestConfirmation', null],
      ['show', 'DisplayPasskey', null],
      ['enter', 'RequestPasskey', null],
      ['allow', 'RequestAuthorization', null],
      ['confirm', 'reject', 'org.bluez.Error.AuthenticationRejected: Authentication Rejected'],
      ['refuse', 'nothing', 'org.bluez.Error.AuthenticationFailed: Authentication Failed'],
    ] as const)('asks the agent while pairing: %s, %s', async (pairing, question, refusal) => {
      const asked: string[] = [];
      const answer = (name: string) => () => {
        asked.push(name);
        if (question === 'reject') throw new DBusError('org.bluez.Error.Rejected', 'no');
        return name === 'RequestPasskey' ? [123_456] : undefined;
      };
      const questions = {
        RequestConfirmation: 'ou',
        DisplayPasskey: 'ouq',
        RequestPasskey: 'o',
        RequestAuthorization: 'o',
      };
      const methods = Object.fromEntries(Object.keys(questions).map((name) => [name, answer(name)]));
      const shapes = Object.entries(questions).map(
        ([name, into]) => [name, [into, name === 'RequestPasskey' ? 'u' : '']] as const,
      );
      const shape = { name: 'org.bluez.Agent1', methods: Object.fromEntries(shapes) };
      new ObjectTree(central.bus, '/agent').add('/agent/one', [{ shape, values: {}, methods }]);
      await central.call('/org/bluez', 'RegisterAgent', 'os', ['/agent/one', 'KeyboardDisplay']);
      await air.double.setFaults({ pairing }, 'hci1');
      await central.find();
      expect(await central.refusal(DEVICE, 'Pair')).toBe(refusal);
      expect(await central.property(DEVICE, 'org.bluez.Device1', 'Paired')).toBe(refusal === null);
      expect(asked).toEqual(question === 'nothing' ? [] : [question === 'reject' ? 'RequestConfirmation' : question]);
      await central.call('/org/bluez/hci0', 'RemoveDevice', 'o', [DEVICE]);
    });
  },
);
