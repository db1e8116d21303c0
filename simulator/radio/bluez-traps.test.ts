// The traps of BlueZ and of the libraries over it (node-ble 1.13, dbus-next 0.10), each met by running them: the SDK's radio steps into none.
//
// Two of the known ones cannot come up: AcquireWrite and AcquireNotify (no file descriptors over this library) are never called, and nothing
// with numbers for keys (ManufacturerData) is sent by a central; on the way in it is not kept.
import { Message, sessionBus, Variant } from '@jellybrick/dbus-next';
import { openBluezRadio, systemClock } from '@maibo/sdk';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  eventually,
  IN,
  OUT,
  openScene,
  type Scene,
  SERVICE,
  skips,
  stateOf,
  take,
  VALUE,
} from './bluez-scene.testkit.ts';
import { pause } from './timing.ts';

const services = [SERVICE];

describe.skipIf(skips)('traps of BlueZ, D-Bus and their libraries', () => {
  it('match rules that leak: two rules after any number of connections, by the daemon’s own count', async () => {
    await using scene = await openScene();
    for (let count = 0; count < 10; count++) await (await connected(scene)).close();
    expect(scene.radio.counts.matchRules).toBe(2);
    expect(await scene.radio.matchRulesOfDaemon()).toBe(2);
  });

  it('signals that are not heard after a restart of the service until something is asked', async () => {
    await using scene = await openScene();
    await scene.double.restart();
    await stateOf(scene.radio, 'ready');
    const again = await scene.addPeripheral('hci1', 'Strap');
    for await (const { address } of scene.radio.scan({ services })) if (address === again.address) break;
  });

  it('errors of the bus that nobody listens to end the process', async () => {
    const uncaught = vi.fn();
    process.on('uncaughtException', uncaught);
    onTestFinished(() => void process.off('uncaughtException', uncaught));
    await using scene = await openScene();
    await scene.bus.kill();
    await stateOf(scene.radio, 'absent');
    await pause(50);
    expect(uncaught).not.toHaveBeenCalled();
  });

  it('calls that never settle when the bus dies', async () => {
    await using scene = await openScene();
    const peer = await connected(scene);
    await scene.double.setFaults({ latencyMs: 60_000 }, 'hci1');
    const settled = Promise.allSettled([
      peer.read(VALUE, { deadlineMs: 600_000 }),
      peer.write(IN, Uint8Array.of(1), 'request', { deadlineMs: 600_000 }),
      peer.listen(OUT, { deadlineMs: 600_000 }),
    ]);
    await eventually(() => expect(scene.radio.counts.callsInFlight).toBe(3));
    await scene.bus.kill();
    expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    await expect(scene.radio.connect(scene.strap.address)).rejects.toMatchObject({ code: 'radio-absent' });
  });

  it('events that come once more with each reconnect', async () => {
    await using scene = await openScene();
    const gone = vi.fn();
    for (let count = 1; count <= 4; count++) {
      const peer = await connected(scene);
      peer.gone.addEventListener('abort', gone);
      await scene.double.drop('hci1');
      await eventually(() => expect(peer.gone.aborted).toBe(true));
      await pause(20);
      expect(gone).toHaveBeenCalledTimes(count);
    }
  });

  it('values that come twice to who listens twice, or once more after a refusal', async () => {
    await using scene = await openScene();
    const { double, strap } = scene;
    const peer = await connected(scene);
    const refuseOnce = { member: 'StartNotify', error: 'org.bluez.Error.Failed', text: 'no' };
    await double.setFaults({ refuseOnce }, 'hci1');
    await expect(peer.listen(OUT)).rejects.toMatchObject({ code: 'radio-refused' });
    expect(scene.radio.counts.listeners).toBe(0);
    const [a, b] = await Promise.all([peer.listen(OUT), peer.listen(OUT)]);
    for (const byte of [1, 2, 3]) await strap.notify(OUT, Uint8Array.of(byte));
    expect(await take(a, 3)).toEqual([[1], [2], [3]]);
    expect(await take(b, 3)).toEqual([[1], [2], [3]]);
    await a.close();
    await strap.notify(OUT, Uint8Array.of(4));
    expect(await take(b, 1)).toEqual([[4]]);
    expect(scene.radio.counts).toMatchObject({ listeners: 1, dropped: 0 });
  });

  it('objects of the last connection that go on receiving', async () => {
    await using scene = await openScene();
    const old = await connected(scene);
    const stale = await old.listen(OUT);
    await scene.double.drop('hci1');
    await expect(take(stale, 1)).rejects.toMatchObject({ code: 'link-lost' });
    const peer = await connected(scene);
    const values = await peer.listen(OUT);
    await scene.strap.notify(OUT, Uint8Array.of(1));
    expect(await take(values, 1)).toEqual([[1]]);
    await expect(take(stale, 1)).rejects.toMatchObject({ code: 'link-lost' });
    await expect(old.read(VALUE)).rejects.toMatchObject({ code: 'link-lost' });
    await expect(old.listen(OUT)).rejects.toMatchObject({ code: 'link-lost' });
    await old.close();
    expect(await peer.read(VALUE)).toEqual(Uint8Array.of(42));
  });

  it('services that are waited for without end, or taken for there before they are', async () => {
    await using scene = await openScene();
    await scene.double.setFaults({ resolve: 'never' }, 'hci1');
    const connecting = scene.radio.connect(scene.strap.address, { services, deadlineMs: 400 });
    await expect(connecting).rejects.toMatchObject({ code: 'link-timeout' });
    await scene.double.setFaults({ resolve: 'before-services' }, 'hci1');
    expect((await connected(scene)).has(OUT)).toBe(true);
  });

  it('closing the notifications of a connection that is gone: no error, nothing left', async () => {
    await using scene = await openScene();
    const peer = await connected(scene);
    const values = await peer.listen(OUT);
    await scene.double.drop('hci1');
    await values.close();
    await values.close();
    await peer.close();
    await eventually(() =>
      expect(scene.radio.counts).toMatchObject({ listeners: 0, connections: 0, callsInFlight: 0 }),
    );
  });

  it('more than 128 calls in flight: 300 all get their answers', async () => {
    await using scene = await openScene();
    const asked = Array.from({ length: 300 }, () => scene.radio.matchRulesOfDaemon());
    expect(scene.radio.counts.callsInFlight).toBeGreaterThan(128);
    expect(new Set(await Promise.all(asked))).toEqual(new Set([2]));
    const peer = await connected(scene);
    const bytes = Array.from({ length: 300 }, (_, index) => index & 0xff);
    await Promise.all(bytes.map((byte) => peer.write(IN, Uint8Array.of(byte), 'request')));
    expect(scene.written.map(([byte]) => byte)).toEqual(bytes);
  });

  it('writes of the wrong kind: plain bytes, a kind that is always said, and sizes that are told', async () => {
    await using scene = await openScene({ settings: { mtu: 100 } });
    const peer = await connected(scene);
    const memory = Uint8Array.of(9, 1, 2, 3, 9);
    await peer.write(IN, memory.subarray(1, 4), 'request');
    await peer.write(IN, memory.subarray(1, 4), 'command');
    await eventually(() => expect(scene.written).toEqual([Uint8Array.of(1, 2, 3), Uint8Array.of(1, 2, 3)]));
    expect(peer.attMtu).toBe(100);
    await peer.write(IN, new Uint8Array(97), 'command');
    const tooLong = { code: 'radio-refused', message: expect.stringMatching(/98 .* 97/) };
    await expect(peer.write(IN, new Uint8Array(98), 'command')).rejects.toMatchObject(tooLong);
    await peer.write(IN, new Uint8Array(400), 'request');
    await expect(peer.write(IN, new Uint8Array(513), 'request')).rejects.toMatchObject({ code: 'radio-refused' });
    await expect(peer.read(OUT)).rejects.toMatchObject({ code: 'radio-refused' });
  });

  it('a scan that is on already, by another program too', async () => {
    await using scene = await openScene();
    const { radio, strap, bus } = scene;
    await using other = await openBluezRadio({ adapter: 'hci0', busAddress: bus.address, clock: systemClock });
    const scans = [radio.scan(), radio.scan(), other.scan()].map((adverts) => adverts[Symbol.asyncIterator]());
    for (const scan of scans) expect((await scan.next()).value).toMatchObject({ address: strap.address });
    // The other one scans on while we connect.
    await (await connected(scene)).close();
    for (const scan of scans) await scan.return?.(undefined);
    expect(radio.counts.listeners).toBe(0);
  });

  it('two errors for one cause: both are a lost connection', async () => {
    for (const [error, text] of [
      ['org.bluez.Error.Failed', 'Not connected'],
      ['org.freedesktop.DBus.Error.UnknownMethod', 'gone'],
    ] as const) {
      await using scene = await openScene();
      const peer = await connected(scene);
      await scene.double.setFaults({ refuseOnce: { member: 'ReadValue', error, text } }, 'hci1');
      await expect(peer.read(VALUE)).rejects.toMatchObject({ code: 'link-lost' });
      expect(peer.gone.aborted).toBe(true);
    }
  });

  it('a read that looks like a notification', async () => {
    await using scene = await openScene();
    const peer = await connected(scene);
    const values = await peer.listen(VALUE);
    expect(await peer.read(VALUE)).toEqual(Uint8Array.of(42));
    await scene.strap.notify(VALUE, Uint8Array.of(7));
    expect(await take(values, 1)).toEqual([[7]]);
    await values.close();
    expect(await peer.read(VALUE)).toEqual(Uint8Array.of(42));
    expect(scene.radio.counts.dropped).toBe(0);
  });

  it('reads and writes that another one is in the way of', async () => {
    await using scene = await openScene();
    const peer = await connected(scene);
    const refuseOnce = { member: 'WriteValue', error: 'org.bluez.Error.InProgress', text: 'In Progress' };
    await scene.double.setFaults({ refuseOnce }, 'hci1');
    await peer.write(IN, Uint8Array.of(1), 'request');
    expect(scene.written).toEqual([Uint8Array.of(1)]);
  });

  it('strangers on the bus who say they are BlueZ, or send what the library stumbles over', async () => {
    const uncaught = vi.fn();
    process.on('uncaughtException', uncaught);
    onTestFinished(() => void process.off('uncaughtException', uncaught));
    await using scene = await openScene();
    const peer = await connected(scene);
    const values = await peer.listen(OUT);
    const stranger = sessionBus({ busAddress: scene.bus.address });
    await new Promise<void>((resolve) => stranger.once('connect', resolve));
    const destination = await uniqueNameOfRadio(stranger);
    const device = `/org/bluez/hci0/dev_${scene.strap.address.replaceAll(':', '_')}`;
    const signal = { path: device, interface: 'org.freedesktop.DBus.Properties', member: 'PropertiesChanged' };
    const body = ['org.bluez.Device1', { Connected: new Variant('b', false) }, []];
    stranger.send(new Message({ type: 4, ...signal, destination, signature: 'sa{sv}as', body }));
    sendLostDescriptor(stranger, destination);
    await pause(50);
    await scene.strap.notify(OUT, Uint8Array.of(5));
    expect(await take(values, 1)).toEqual([[5]]);
    expect(peer.gone.aborted).toBe(false);
    expect(uncaught).not.toHaveBeenCalled();
    stranger.disconnect();
  });
});

const connected = ({ radio, strap }: Scene) => radio.connect(strap.address, { services });

type Bus = ReturnType<typeof sessionBus>;

/** The last on the bus before the stranger. */
async function uniqueNameOfRadio(stranger: Bus): Promise<string> {
  const bus = { destination: 'org.freedesktop.DBus', path: '/org/freedesktop/DBus', interface: 'org.freedesktop.DBus' };
  const listed = await stranger.call(new Message({ ...bus, member: 'ListNames' }));
  const numbers = ((listed?.body[0] ?? []) as string[])
    .filter((name) => name.startsWith(':1.') && name !== stranger.name)
    .map((name) => Number(name.slice(3)));
  return `:1.${Math.max(...numbers)}`;
}

/** A valid message that speaks of a file descriptor which does not come along: a number whose type is changed on the wire. */
function sendLostDescriptor(stranger: Bus, destination: string): void {
  const { stream } = (stranger as unknown as { _connection: { stream: { write(data: Buffer): boolean } } })._connection;
  const write = stream.write.bind(stream);
  stream.write = (data) => {
    const signature = data.indexOf(Buffer.from([1, 'g'.charCodeAt(0), 0, 1, 'u'.charCodeAt(0), 0]));
    if (signature >= 0) data[signature + 4] = 'h'.charCodeAt(0);
    return write(data);
  };
  const signal = { path: '/a', interface: 'a.b', member: 'C', destination };
  stranger.send(new Message({ type: 4, ...signal, signature: 'u', body: [0] }));
}
