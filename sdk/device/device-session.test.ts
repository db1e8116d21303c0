import { encodeItem, LOG_START, type Message, nodeSuite } from '@maibo/protocols';
import { afterEach, describe, expect, it } from 'vitest';
import { createMemoryLinks } from '../link/memory-link.ts';
import { ecgBlocks, makeEcg } from '../pipeline/made-signals.testkit.ts';
import type { Link } from '../world/world.ts';
import { DeviceSession, type LogItem, type SessionOptions } from './device-session.ts';
import {
  fixedEntropy,
  hurriedClock,
  itemBytes,
  PAIRED,
  ScriptedDevice,
  type ScriptedOptions,
} from './scripted-device.testkit.ts';

const blocks = ecgBlocks(makeEcg(12).counts);
const world = { clock: hurriedClock, entropy: fixedEntropy };
const devices: ScriptedDevice[] = [];

afterEach(async () => {
  for (const device of devices.splice(0)) await device.close();
});

function startDevice(options: ScriptedOptions = {}): ScriptedDevice {
  const device = new ScriptedDevice(blocks, options);
  devices.push(device);
  return device;
}

/** Changes the first message of this type. */
function once(type: Message['type'], change: (message: Message) => readonly Message[]): ScriptedOptions {
  let done = false;
  return {
    say: (message) => {
      if (done || message.type !== type) return [message];
      done = true;
      return change(message);
    },
  };
}

async function open(device: ScriptedDevice, options: SessionOptions = PAIRED): Promise<DeviceSession> {
  return DeviceSession.open(device.host, world, options);
}

async function readAll(device: ScriptedDevice, next = 0): Promise<LogItem[]> {
  const session = await open(device);
  const items: LogItem[] = [];
  const position = next === 0 ? LOG_START : { next, chain: null };
  for await (const item of session.read(session.info.logs[0]!, position)) if (item.kind !== 'quiet') items.push(item);
  await session.close();
  return items;
}

function numbersOf(items: readonly LogItem[]): number[] {
  return items.flatMap((item) => (item.kind === 'item' ? [item.seq] : []));
}

const ALL = blocks.map((block) => block.seq);

describe('opening a session', () => {
  it('tells who the device is, behind any junk on the line', async () => {
    const device = startDevice();
    await device.host.write(Uint8Array.from({ length: 5_000 }, (_, index) => (index * 37) & 0xff));
    const session = await open(device);
    expect(session.info).toMatchObject({ firmware: 'test', boot: 1 });
    expect(session.deviceKey).toEqual(PAIRED.trust.devices[0]);
    await session.close();
  });

  it('sends longer packets when the radio has agreed on more', async () => {
    const device = startDevice({ packetBytesMax: 244 });
    const sizes: number[] = [];
    let packetBytesMax = 20;
    const link: Link = {
      ...{ name: 'radio', carries: 'packets', chunks: device.host.chunks, close: () => device.host.close() },
      get packetBytesMax() {
        return packetBytesMax;
      },
      write: (bytes) => {
        sizes.push(bytes.length);
        return device.host.write(bytes);
      },
    };
    const session = await DeviceSession.open(link, world, PAIRED);
    expect(Math.max(...sizes)).toBe(20);
    packetBytesMax = 244;
    await session.markClock();
    await session.read(session.info.logs[0]!, LOG_START).next();
    expect(Math.max(...sizes)).toBeGreaterThan(20);
    await session.close();
  });

  it('ends as link-timeout when nobody answers', async () => {
    const [host] = createMemoryLinks();
    await expect(DeviceSession.open(host, world, PAIRED)).rejects.toMatchObject({ code: 'link-timeout' });
  });

  it('ends as device-refused at a device that was not paired', async () => {
    const stranger = { ...PAIRED, trust: { ...PAIRED.trust, devices: [new Uint8Array(32).fill(9)] } };
    await expect(open(startDevice(), stranger)).rejects.toMatchObject({ code: 'device-refused' });
  });

  it('ends when the device does not know this host', async () => {
    const keys = nodeSuite.keyPair(new Uint8Array(32).fill(77));
    const failed = await open(startDevice(), { ...PAIRED, keys }).catch((failure: unknown) => failure);
    expect(['link-timeout', 'device-refused']).toContain((failed as { code: string }).code);
  });

  it('ends as link-lost when the line is closed in the middle', async () => {
    const [host, far] = createMemoryLinks();
    const opening = expect(DeviceSession.open(host, world, PAIRED)).rejects.toMatchObject({ code: 'link-lost' });
    await far.close();
    await opening;
  });
});

describe('reading a log', () => {
  it('gives every item once, in order, the signed chain, and then the end', async () => {
    const items = await readAll(startDevice());
    expect(numbersOf(items)).toEqual(ALL);
    expect(items.at(-2)).toMatchObject({ kind: 'checkpoint', agrees: true, checkpoint: { upto: blocks.length - 1 } });
    expect(items.at(-1)).toEqual({ kind: 'end', head: blocks.length, final: true });
    expect(items[3]).toMatchObject({ block: { seq: 3, bytes: blocks[3]!.bytes }, bytes: itemBytes(blocks[3]!) });
  });

  it('starts where it is told, and then cannot tell whether the chain agrees', async () => {
    const items = await readAll(startDevice(), 7);
    expect(numbersOf(items)).toEqual(ALL.slice(7));
    expect(items.at(-2)).toMatchObject({ kind: 'checkpoint', agrees: null });
  });

  it('goes on with what is written later, and says when the device is quiet', async () => {
    const device = startDevice({ goesOn: true });
    const session = await open(device);
    const numbers: number[] = [];
    let quiets = 0;
    for await (const item of session.read(session.info.logs[0]!, LOG_START)) {
      if (item.kind === 'item') numbers.push(item.seq);
      if (item.kind === 'quiet' && ++quiets === 1) device.append({ ...blocks[11]!, seq: 12 });
      if (numbers.length === 13) break;
    }
    expect([numbers.length, quiets]).toEqual([13, 1]);
    await session.close();
  });

  it('ends at once when it is aborted', async () => {
    const session = await open(startDevice({ goesOn: true }));
    const stop = new AbortController();
    const reading = (async () => {
      for await (const item of session.read(session.info.logs[0]!, LOG_START, stop.signal))
        if (item.kind === 'quiet') stop.abort();
    })();
    await reading;
    await session.close();
  });

  it('names what is gone', async () => {
    const device = startDevice();
    device.log.spoil(4);
    const items = await readAll(device);
    expect(items.find(({ kind }) => kind === 'gap')).toMatchObject({ from: 4, to: 4, reason: 3 });
    expect(numbersOf(items)).toEqual(ALL.filter((seq) => seq !== 4));
  });

  it('ends as link-lost when the line goes away', async () => {
    const device = startDevice({ goesOn: true });
    const session = await open(device);
    const reading = (async () => {
      for await (const item of session.read(session.info.logs[0]!, LOG_START))
        if (item.kind === 'quiet') await device.close();
    })();
    await expect(reading).rejects.toMatchObject({ code: 'link-lost' });
  });

  const codedInstead = (message: Message, samples: Uint8Array) => {
    const item = { type: 'sample-item', boot: 1, ticks: 0, firstSample: 0, format: 3, samples } as const;
    return { ...message, items: [encodeItem(item)] } as Message;
  };
  const lies: [string, ScriptedOptions][] = [
    ['skips an item', once('items', (message) => [{ ...message, first: 1 } as Message])],
    ['sends one twice', once('items', (message) => [message, message])],
    [
      'has half a sample',
      once('items', (message) => [
        { ...message, items: [itemBytes({ ...blocks[0]!, bytes: new Uint8Array(3) })] } as Message,
      ]),
    ],
    [
      'has no samples',
      once('items', (message) => [
        { ...message, items: [itemBytes({ ...blocks[0]!, bytes: new Uint8Array(0) })] } as Message,
      ]),
    ],
    ['has a coded block that is none', once('items', (message) => [codedInstead(message, Uint8Array.of(0x20, 1, 7))])],
    [
      'has a coded block of two channels',
      once('items', (message) => [codedInstead(message, Uint8Array.of(0x21, 1, 7, 0, 7, 0))]),
    ],
    [
      'sends what is no item',
      once('items', (message) => [{ ...message, items: [Uint8Array.of(0x83, 9, 9, 9)] } as Message]),
    ],
    ['ends before what was sent', once('log-end', (message) => [{ ...message, head: 2 } as Message])],
    [
      'loses what no log reaches',
      once('items', (message) => [
        {
          type: 'lost',
          log: 1,
          epoch: (message as { epoch: Uint8Array }).epoch,
          from: 0,
          to: Number.MAX_SAFE_INTEGER,
          reason: 1,
          chain: null,
        },
      ]),
    ],
    [
      'signs with nobody’s key',
      once('checkpoint', (message) => [{ ...message, signature: new Uint8Array(64) } as Message]),
    ],
    ['answers with a failure', once('items', () => [{ type: 'failure', code: 4, detail: 'the log was erased' }])],
  ];
  it.each(lies)('ends as device-refused when the device %s', async (_, options) => {
    await expect(readAll(startDevice(options))).rejects.toMatchObject({ code: 'device-refused' });
  });

  it('tells of a chain that is not the stored one', async () => {
    const session = await open(startDevice());
    const found: LogItem[] = [];
    for await (const item of session.read(session.info.logs[0]!, { next: 5, chain: new Uint8Array(32).fill(1) }))
      if (item.kind === 'checkpoint') found.push(item);
    expect(found).toMatchObject([{ agrees: false }]);
    await session.close();
  });
});

describe('the clock mark', () => {
  it('does not depend on how long the wire took under a lab clock', async () => {
    const session = await open(startDevice());
    expect(await session.markClock()).toEqual({ boot: 1, ticks: 0, utcUs: hurriedClock.nowUtcUs(), uncertaintyUs: 0 });
    await session.close();
  });

  it('ends as link-timeout when no ping is answered', async () => {
    const session = await open(startDevice({ say: (message) => (message.type === 'time-pong' ? [] : [message]) }));
    await expect(session.markClock()).rejects.toMatchObject({ code: 'link-timeout' });
    await session.close();
  });
});
