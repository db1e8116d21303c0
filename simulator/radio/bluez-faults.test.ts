// The SDK's radio over BlueZ, against the double: what goes wrong in a clinic, one test each.
import { readdirSync } from 'node:fs';
import { isMaiboError, openBluezRadio, systemClock } from '@maibo/sdk';
import { describe, expect, it } from 'vitest';
import { eventually, IN, OUT, openScene, SERVICE, skips, stateOf, take, VALUE } from './bluez-scene.testkit.ts';

const services = [SERVICE];
const handles = () => process.getActiveResourcesInfo().filter((kind) => kind !== 'Immediate').length;
const descriptors = () => readdirSync('/proc/self/fd').length;

describe.skipIf(skips)('the BlueZ radio', () => {
  it('stays flat over 300 reconnects: rules, listeners, descriptors, timers; each value once', {
    timeout: 120_000,
  }, async () => {
    await using scene = await openScene();
    const { radio, strap, double } = scene;
    await double.setFaults({ connectMs: 0, resolveMs: 0 });
    const round = async (index: number) => {
      const peer = await radio.connect(strap.address, { services });
      const values = await peer.listen(OUT);
      await strap.notify(OUT, Uint8Array.of(index & 0xff));
      await strap.notify(OUT, Uint8Array.of(0xff));
      expect(await take(values, 2)).toEqual([[index & 0xff], [0xff]]);
      if (index % 2 === 0) await peer.close();
      else await double.drop('hci1');
      await eventually(() => expect(peer.gone.aborted).toBe(true));
    };
    for (let index = 0; index < 5; index++) await round(index);
    const before = { counts: radio.counts, descriptors: descriptors(), handles: handles() };
    for (let index = 5; index < 300; index++) await round(index);
    expect(radio.counts).toEqual({ ...before.counts, reconnects: 299 });
    expect(radio.counts).toMatchObject({ matchRules: 2, listeners: 0, callsInFlight: 0, connections: 0, dropped: 0 });
    expect(await radio.matchRulesOfDaemon()).toBe(2);
    // A timer of before may have run out meanwhile.
    expect(descriptors()).toBeLessThanOrEqual(before.descriptors);
    expect(handles()).toBeLessThanOrEqual(before.handles);
  });

  it('gives up a connect that never answers, and connects when it does', async () => {
    await using scene = await openScene();
    const { radio, strap, double } = scene;
    await double.setFaults({ connect: 'never' }, 'hci1');
    await expect(radio.connect(strap.address, { deadlineMs: 400 })).rejects.toMatchObject({ code: 'link-timeout' });
    await double.clearFaults();
    await using peer = await radio.connect(strap.address, { services });
    expect(peer.has(OUT)).toBe(true);
  });

  it('ends a connect when nobody wants it any more, and leaves the device disconnected', async () => {
    await using scene = await openScene();
    const { radio, strap, double } = scene;
    await double.setFaults({ connect: 'never' }, 'hci1');
    const stop = new AbortController();
    const connecting = radio.connect(strap.address, { signal: stop.signal });
    await eventually(() => expect(radio.counts.callsInFlight).toBeGreaterThan(0));
    stop.abort(new Error('enough'));
    await expect(connecting).rejects.toThrow('enough');
    await double.clearFaults();
    await (await radio.connect(strap.address, { services })).close();
  });

  it('gives up services that never resolve, and has BlueZ forget the device after three times', async () => {
    await using scene = await openScene();
    const { radio, strap, double, log } = scene;
    await double.setFaults({ resolve: 'never' }, 'hci1');
    for (let attempt = 0; attempt < 3; attempt++) {
      const connecting = radio.connect(strap.address, { services, deadlineMs: 1_500 });
      await expect(connecting).rejects.toMatchObject({
        code: 'link-timeout',
        message: expect.stringMatching(/services/),
      });
    }
    await eventually(() => expect(log).toContain('device removed from BlueZ, to find it anew'));
    await double.clearFaults();
    await using peer = await radio.connect(strap.address, { services });
    expect(peer.services).toContain(SERVICE);
  });

  it('waits for services that are said to be there before they are', async () => {
    await using scene = await openScene();
    await scene.double.setFaults({ resolve: 'before-services' }, 'hci1');
    await using peer = await scene.radio.connect(scene.strap.address, { services });
    expect([OUT, IN, VALUE].map((at) => peer.has(at))).toEqual([true, true, true]);
  });

  it('says which service a device lacks', { timeout: 20_000 }, async () => {
    await using scene = await openScene();
    const absent = '0000180d-0000-1000-8000-00805f9b34fb';
    const connecting = scene.radio.connect(scene.strap.address, { services: [absent] });
    await expect(connecting).rejects.toMatchObject({ code: 'link-open', message: expect.stringContaining(absent) });
  });

  it('tells two devices of one name apart', async () => {
    await using scene = await openScene({ adapterCount: 3 });
    const { radio, strap } = scene;
    const other = await scene.addPeripheral('hci2', 'Strap');
    const heard = new Set<string>();
    for await (const { address, name } of radio.scan({ services })) {
      if (name === 'Strap') heard.add(address);
      if (heard.size === 2) break;
    }
    expect(heard).toEqual(new Set([strap.address, other.address]));
    await using first = await radio.connect(strap.address, { services });
    await using second = await radio.connect(other.address, { services });
    const [a, b] = [await first.listen(OUT), await second.listen(OUT)];
    await strap.notify(OUT, Uint8Array.of(1));
    await other.notify(OUT, Uint8Array.of(2));
    expect([await take(a, 1), await take(b, 1)]).toEqual([[[1]], [[2]]]);
  });

  it('goes off and comes back with its adapter', async () => {
    await using scene = await openScene();
    const { radio, strap, double } = scene;
    const peer = await radio.connect(strap.address, { services });
    const scanning = expect(take(bytesOf(radio.scan()), 100)).rejects.toMatchObject({ code: 'radio-off' });
    await double.power('hci0', false);
    await scanning;
    await stateOf(radio, 'off');
    await eventually(() => expect(peer.gone.reason).toMatchObject({ code: 'link-lost' }));
    await expect(radio.connect(strap.address)).rejects.toMatchObject({ code: 'radio-off' });
    await double.power('hci0', true);
    await stateOf(radio, 'ready');
    await (await radio.connect(strap.address, { services })).close();
  });

  it('outlives bluetoothd killed under it, and hears again from the next one', async () => {
    await using scene = await openScene();
    const { radio, strap, double } = scene;
    const peer = await radio.connect(strap.address, { services });
    const values = await peer.listen(OUT);
    await double.kill();
    await expect(take(values, 1)).rejects.toMatchObject({ code: 'link-lost' });
    await stateOf(radio, 'absent');
    await expect(radio.connect(strap.address)).rejects.toMatchObject({ code: 'radio-absent' });
    await double.restart();
    await stateOf(radio, 'ready');
    const again = await scene.addPeripheral('hci1', 'Strap');
    await using next = await radio.connect(again.address, { services });
    const more = await next.listen(OUT);
    await again.notify(OUT, Uint8Array.of(9));
    expect(await take(more, 1)).toEqual([[9]]);
    expect(await radio.matchRulesOfDaemon()).toBe(2);
  });

  it('outlives the bus killed under it: what is under way fails at once, and the next bus is found', async () => {
    await using scene = await openScene();
    const { radio, strap, double, bus } = scene;
    const peer = await radio.connect(strap.address, { services });
    await double.setFaults({ latencyMs: 5_000 }, 'hci1');
    const reading = peer.read(VALUE, { deadlineMs: 60_000 });
    const scanning = take(bytesOf(radio.scan()), 100);
    await eventually(() => expect(radio.counts.callsInFlight).toBeGreaterThan(0));
    const failing = Promise.all([
      expect(reading).rejects.toSatisfy((failure) => isMaiboError(failure, 'link-lost', 'radio-absent')),
      expect(scanning).rejects.toMatchObject({ code: 'radio-absent' }),
    ]);
    await bus.kill();
    await failing;
    expect(peer.gone.aborted).toBe(true);
    expect(radio.counts).toMatchObject({ callsInFlight: 0, connections: 0, listeners: 0, matchRules: 0 });
    await bus.restart();
    await double.restart();
    await stateOf(radio, 'ready');
    const again = await scene.addPeripheral('hci1', 'Strap');
    await (await radio.connect(again.address, { services })).close();
    expect(radio.counts.matchRules).toBe(2);
  });

  it('opens without a bus, and is ready once there is one', async () => {
    await using scene = await openScene();
    const { bus, double } = scene;
    await bus.kill();
    await using radio = await openBluezRadio({ busAddress: bus.address, clock: systemClock });
    expect(radio.state).toBe('absent');
    await expect(radio.connect('00:00:00:00:00:01')).rejects.toMatchObject({ code: 'radio-absent' });
    await bus.restart();
    await double.restart();
    await stateOf(radio, 'ready');
    expect(radio.name).toBe('hci0');
  });

  it('fails a write that the connection goes under', async () => {
    await using scene = await openScene();
    const { radio, strap, double } = scene;
    await double.setFaults({ dropAtWrite: 1 }, 'hci1');
    const peer = await radio.connect(strap.address, { services });
    await expect(peer.write(IN, Uint8Array.of(1), 'request')).rejects.toMatchObject({ code: 'link-lost' });
    await expect(peer.write(IN, Uint8Array.of(2), 'request')).rejects.toMatchObject({ code: 'link-lost' });
    await eventually(() => expect(radio.counts).toMatchObject({ connections: 0, callsInFlight: 0 }));
  });

  it('settles a write that is waiting when the connection goes', async () => {
    await using scene = await openScene();
    const { radio, strap, double } = scene;
    await double.setFaults({ writeMs: 60_000 }, 'hci1');
    const peer = await radio.connect(strap.address, { services });
    const writing = [1, 2, 3].map((byte) => peer.write(IN, Uint8Array.of(byte), 'request'));
    const failing = Promise.all(writing.map((each) => expect(each).rejects.toMatchObject({ code: 'link-lost' })));
    await double.drop('hci1');
    await failing;
  });

  it('looks for a device again that was removed while it was connecting', async () => {
    await using scene = await openScene();
    const { radio, strap, double } = scene;
    await double.setFaults({ connectMs: 300 }, 'hci1');
    const connecting = radio.connect(strap.address, { services });
    await eventually(() => expect(radio.counts.callsInFlight).toBe(1));
    await new Promise((resolve) => setTimeout(resolve, 100));
    await double.removeDevice('hci0', 'hci1').catch(() => undefined);
    await using peer = await connecting;
    expect(peer.has(OUT)).toBe(true);
  });

  it('connects again at once when BlueZ calls a connect off', async () => {
    await using scene = await openScene();
    const refuseOnce = { member: 'Connect', error: 'org.bluez.Error.Failed', text: 'le-connection-abort-by-local' };
    await scene.double.setFaults({ refuseOnce }, 'hci1');
    await using peer = await scene.radio.connect(scene.strap.address, { services });
    expect(peer.has(OUT)).toBe(true);
  });

  it('connects one device at a time, and the next when the one before has hung', async () => {
    await using scene = await openScene({ adapterCount: 3 });
    const { radio, strap, double } = scene;
    const other = await scene.addPeripheral('hci2', 'Cuff');
    await double.setFaults({ connect: 'never' }, 'hci1');
    const hung = radio.connect(strap.address, { deadlineMs: 500 });
    const next = radio.connect(other.address, { services });
    await expect(hung).rejects.toMatchObject({ code: 'link-timeout' });
    await (await next).close();
  });
});

async function* bytesOf(adverts: AsyncIterable<unknown>): AsyncGenerator<Uint8Array> {
  for await (const _ of adverts) yield new Uint8Array();
}
