import { type Advertisement, type MaiboError, type RadioState, systemClock } from '@maibo/sdk';
import { describe, expect, it } from 'vitest';
import { AttRefusal, type GattAir, type GattDevice } from './gatt-device.ts';
import { createMemoryRadio } from './memory-radio.ts';

const SERVICE = '0000fff0-0000-1000-8000-00805f9b34fb';
const OUT = { service: SERVICE, characteristic: '0000fff1-0000-1000-8000-00805f9b34fb' };
const IN = { service: SERVICE, characteristic: '0000fff2-0000-1000-8000-00805f9b34fb' };

interface Echo extends GattDevice {
  air: GattAir | null;
  readonly subscriptions: boolean[];
}

/** Says again what it is written; refuses zeros. */
function createEcho(name = 'Echo'): Echo {
  const subscriptions: boolean[] = [];
  const echo: Echo = {
    name,
    air: null,
    subscriptions,
    advertises: [SERVICE],
    services: [
      {
        uuid: SERVICE,
        characteristics: [
          { uuid: OUT.characteristic, flags: ['notify'], subscribed: (isOn) => subscriptions.push(isOn) },
          {
            uuid: IN.characteristic,
            flags: ['read', 'write', 'write-without-response'],
            read: () => Uint8Array.of(7),
            write: (bytes) => {
              if (bytes[0] === 0) throw new AttRefusal(0x81);
              void echo.air?.notify(OUT, bytes);
            },
          },
        ],
      },
    ],
    run: async (air, signal) => {
      echo.air = air;
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    },
  };
  return echo;
}

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (thrown: MaiboError) => thrown.code,
  );

describe('a radio in memory', () => {
  it('hears who is there, and who comes; by service, if asked', async () => {
    await using radio = createMemoryRadio([createEcho('One')]);
    const heard: Advertisement[] = [];
    const stop = new AbortController();
    const scanning = (async () => {
      for await (const one of radio.scan({ services: [SERVICE], signal: stop.signal })) {
        heard.push(one);
        if (heard.length === 2) stop.abort();
      }
    })();
    await systemClock.sleep(1);
    radio.add({ ...createEcho('Other'), advertises: [] });
    radio.add(createEcho('Two'));
    await scanning;
    expect(heard.map(({ name }) => name)).toEqual(['One', 'Two']);
    expect(new Set(heard.map(({ address }) => address)).size).toBe(2);
  });

  it('reads, writes, listens, and stops listening', async () => {
    const echo = createEcho();
    await using radio = createMemoryRadio([echo]);
    await using peer = await radio.connect(radio.addressOf(echo), { services: [SERVICE] });
    expect(await peer.read(IN)).toEqual(Uint8Array.of(7));
    const values = await peer.listen(OUT);
    await peer.write(IN, Uint8Array.of(1), 'request');
    await peer.write(IN, Uint8Array.of(2), 'command');
    const taken: number[] = [];
    for await (const [first] of values) if (taken.push(first!) === 2) break;
    expect(taken).toEqual([1, 2]);
    await values.close();
    expect(echo.subscriptions).toEqual([true, false]);
    expect(radio.counts).toMatchObject({ listeners: 0, connections: 1 });
  });

  it('refuses what the device, the table or the MTU refuse', async () => {
    const echo = createEcho();
    await using radio = createMemoryRadio([echo], { attMtu: 23 });
    const peer = await radio.connect(radio.addressOf(echo));
    expect(await failure(peer.write(IN, Uint8Array.of(0), 'request'))).toBe('radio-refused');
    expect(await failure(peer.write(IN, Uint8Array.of(0), 'command'))).toBe(null);
    expect(await failure(peer.write(IN, new Uint8Array(21).fill(1), 'command'))).toBe('radio-refused');
    expect(await failure(peer.write(IN, new Uint8Array(21).fill(1), 'request'))).toBe(null);
    expect(await failure(peer.read(OUT))).toBe('radio-refused');
    expect(await failure(radio.connect(peer.address, { services: [OUT.characteristic] }))).toBe('link-open');
  });

  it('loses connections, and makes new ones', async () => {
    const echo = createEcho();
    await using radio = createMemoryRadio([echo]);
    const address = radio.addressOf(echo);
    const peer = await radio.connect(address);
    const values = await peer.listen(OUT);
    radio.drop(address);
    expect(peer.gone.aborted).toBe(true);
    expect(await failure(values[Symbol.asyncIterator]().next())).toBe('link-lost');
    expect(await failure(peer.read(IN))).toBe('link-lost');
    expect(echo.subscriptions).toEqual([true, false]);
    const again = await radio.connect(address);
    expect(await again.read(IN)).toEqual(Uint8Array.of(7));
    expect(radio.counts).toMatchObject({ connections: 1, reconnects: 1, listeners: 0 });
  });

  it('waits in vain for who is out of reach, as long as it was told', async () => {
    const echo = createEcho();
    await using radio = createMemoryRadio([echo]);
    const address = radio.addressOf(echo);
    radio.setInReach(address, false);
    expect(await failure(radio.connect(address, { deadlineMs: 10 }))).toBe('link-timeout');
    const stop = new AbortController();
    const connecting = radio.connect(address, { signal: stop.signal });
    stop.abort();
    await expect(connecting).rejects.toThrow();
    radio.setInReach(address, true);
    radio.refuseConnects(address, 1);
    expect(await failure(radio.connect(address))).toBe('link-open');
    expect(await failure(radio.connect(address))).toBe(null);
  });

  it('is switched off and on', async () => {
    const echo = createEcho();
    await using radio = createMemoryRadio([echo]);
    const peer = await radio.connect(radio.addressOf(echo));
    const seen: RadioState[] = [];
    const watching = (async () => {
      for await (const state of radio.states()) if (seen.push(state) === 3) break;
    })();
    await systemClock.sleep(1);
    radio.setState('off');
    expect(peer.gone.aborted).toBe(true);
    expect(await failure(radio.connect(peer.address))).toBe('radio-off');
    expect(await failure(radio.scan()[Symbol.asyncIterator]().next())).toBe('radio-off');
    radio.setState('ready');
    await watching;
    expect(seen).toEqual(['ready', 'off', 'ready']);
  });

  it('pairs with who agrees', async () => {
    const echo = createEcho();
    await using radio = createMemoryRadio([echo]);
    const address = radio.addressOf(echo);
    await radio.pair(address);
    radio.setPairing(address, { kind: 'confirm', digits: '123456' });
    expect(await failure(radio.pair(address))).toBe('pairing-failed');
    expect(await failure(radio.pair(address, { answer: async () => true }))).toBe(null);
    radio.setPairing(address, 'refuse');
    expect(await failure(radio.pair(address, { answer: async () => true }))).toBe('pairing-failed');
  });
});
