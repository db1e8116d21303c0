// Every wait of a session ends: by its deadline, by its signal, with the link; and nothing of it is left behind.
import { getEventListeners } from 'node:events';
import { LOG_START, type LogInfo, nodeSuite } from '@maibo/protocols';
import { afterEach, describe, expect, it } from 'vitest';
import { createMemoryLinks } from '../link/memory-link.ts';
import { ecgBlocks, makeEcg } from '../pipeline/made-signals.testkit.ts';
import { physicalValue, samplesAsNumbers } from '../stream/sample-block.ts';
import type { Clock, Link } from '../world/world.ts';
import { DeviceSession } from './device-session.ts';
import { CREDIT_ITEMS } from './log-readers.ts';
import type { SampleChunk } from './sample-chunks.ts';
import { fixedEntropy, hurriedClock, PAIRED, ScriptedDevice, type ScriptedOptions } from './scripted-device.testkit.ts';
import type { SessionOptions } from './session-options.ts';
import type { SessionState } from './session-states.ts';

const blocks = ecgBlocks(makeEcg(12).counts);
const devices: ScriptedDevice[] = [];
let sleeping = 0;
/** Counts who sleeps. */
const clock: Clock = {
  ...hurriedClock,
  sleep: async (ms, signal) => {
    sleeping++;
    await hurriedClock.sleep(ms, signal);
    sleeping--;
  },
};
const world = { clock, entropy: fixedEntropy };

afterEach(async () => {
  for (const device of devices.splice(0)) await device.close();
  sleeping = 0;
});

function startDevice(options: ScriptedOptions = {}, all = blocks): ScriptedDevice {
  const device = new ScriptedDevice(all, options);
  devices.push(device);
  return device;
}

function open(link: Link, options: Partial<SessionOptions> = {}): Promise<DeviceSession> {
  return DeviceSession.open(link, world, { ...PAIRED, ...options });
}

/** A link on which a write never comes back, and perhaps no close either. */
function hangingLink(closes = true): Link {
  const [near] = createMemoryLinks();
  return {
    ...{ name: 'hanging', carries: 'bytes', packetBytesMax: null, chunks: near.chunks },
    write: () => new Promise(() => undefined),
    close: () => (closes ? near.close() : new Promise(() => undefined)),
  };
}

function expectNothingLeft(signal: AbortSignal): void {
  expect(getEventListeners(signal, 'abort')).toEqual([]);
  expect(sleeping).toBe(0);
}

async function collect<T>(all: AsyncIterable<T>, countMax = Number.POSITIVE_INFINITY): Promise<T[]> {
  const found: T[] = [];
  for await (const one of all) if (found.push(one) >= countMax) break;
  return found;
}

describe('aborting', () => {
  const why = new Error('no longer wanted');

  it.each<[string, () => Link]>([
    ['nobody answers', () => createMemoryLinks()[0]],
    ['a write hangs', () => hangingLink()],
    ['write and close hang', () => hangingLink(false)],
  ])('ends an opening while %s', async (_, link) => {
    const stop = new AbortController();
    const opening = expect(open(link(), { signal: stop.signal })).rejects.toBe(why);
    stop.abort(why);
    await opening;
    expectNothingLeft(stop.signal);
  });

  it('ends an opening that was aborted before it began, and closes the link', async () => {
    const [near, far] = createMemoryLinks();
    await expect(open(near, { signal: AbortSignal.abort(why) })).rejects.toBe(why);
    await collect(far.chunks); // ends, because the link is closed
  });

  it('ends a clock mark', async () => {
    const device = startDevice({ say: (message) => (message.type === 'time-pong' ? [] : [message]) });
    const session = await open(device.host);
    const stop = new AbortController();
    const marking = expect(session.markClock({ signal: stop.signal })).rejects.toBe(why);
    stop.abort(why);
    await marking;
    expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
    await session.close();
    expect(sleeping).toBe(0);
  });

  it.each<[string, (session: DeviceSession, log: LogInfo, signal: AbortSignal) => AsyncIterable<unknown>]>([
    ['reading', (session, log, signal) => session.read(log, LOG_START, signal)],
    ['samples', (session, log, signal) => session.samples(log, { signal })],
    ['previews', (session, log, signal) => session.live(log, { signal })],
    ['states', (session, _, signal) => session.states(signal)],
  ])('ends %s without a failure, before and while it waits', async (_, start) => {
    const session = await open(startDevice({ goesOn: true }, []).host);
    const log = session.info.logs[0]!;
    const stop = new AbortController();
    const waiting = collect(start(session, log, stop.signal));
    await hurriedClock.sleep(2_000);
    stop.abort();
    await waiting;
    expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
    await collect(start(session, log, AbortSignal.abort()));
    expect(session.state).toBe('ready');
    await session.close();
    expect(sleeping).toBe(0);
  });
});

describe('deadlines', () => {
  it('end an opening as link-timeout, on a link that hangs too', async () => {
    await expect(open(hangingLink(), { deadlineMs: 200 })).rejects.toMatchObject({ code: 'link-timeout' });
    await expect(open(hangingLink(false))).rejects.toMatchObject({ code: 'link-timeout' });
    expect(sleeping).toBe(0);
  });

  it('end a clock mark as link-timeout', async () => {
    const device = startDevice({ say: (message) => (message.type === 'time-pong' ? [] : [message]) });
    const session = await open(device.host);
    await expect(session.markClock({ deadlineMs: 100 })).rejects.toMatchObject({ code: 'link-timeout' });
    await session.close();
    expect(sleeping).toBe(0);
  });

  it('end reading and previews as link-timeout where a silence is named', async () => {
    const session = await open(startDevice({ goesOn: true }).host);
    const log = session.info.logs[0]!;
    const silence = { silenceMs: 2_000 };
    await expect(collect(session.live(log, silence))).rejects.toMatchObject({ code: 'link-timeout' });
    await expect(collect(session.samples(log, silence))).rejects.toMatchObject({ code: 'link-timeout' });
    await session.close();
    expect(sleeping).toBe(0);
  });

  it('end a close on a link that hangs from some moment on', async () => {
    const device = startDevice({ goesOn: true });
    let hangs = false;
    const link: Link = {
      ...{ name: 'hanging', carries: 'bytes', packetBytesMax: null, chunks: device.host.chunks },
      write: (bytes) => (hangs ? new Promise(() => undefined) : device.host.write(bytes)),
      close: () => new Promise(() => undefined),
    };
    const session = await open(link);
    hangs = true;
    const reading = expect(collect(session.samples(session.info.logs[0]!))).rejects.toMatchObject({
      code: 'link-lost',
    });
    await Promise.all([session.close(), session.close()]);
    await reading;
    expect(session.gone.reason).toMatchObject({ code: 'link-lost' });
    expect(sleeping).toBe(0);
  });
});

describe('a session', () => {
  it('tells its states, and closes with its block', async () => {
    const told: SessionState[] = [];
    const seen: SessionState[] = [];
    let watching: Promise<void>;
    {
      await using session = await open(startDevice().host, { onState: (state) => told.push(state) });
      watching = (async () => {
        for await (const state of session.states()) seen.push(state);
      })();
      await collect(session.samples(session.info.logs[0]!));
    }
    await watching;
    expect(told).toEqual(['opening', 'ready', 'reading', 'ready', 'closed']);
    expect(seen[0]).toBe('ready');
    expect(seen.at(-1)).toBe('closed');
    expect(sleeping).toBe(0);
  });

  it('waits for the person who compares digits, and tells them when it no longer does', async () => {
    const told: SessionState[] = [];
    const stop = new AbortController();
    const keys = nodeSuite.keyPair(new Uint8Array(32).fill(51));
    const device = startDevice({ isPairing: true });
    const asked: { digits: string; signal: AbortSignal }[] = [];
    const opening = open(device.host, {
      keys,
      trust: { devices: [], label: null, isPairing: true },
      signal: stop.signal,
      onState: (state) => told.push(state),
      compareDigits: (digits, signal) => {
        asked.push({ digits, signal });
        stop.abort();
        return new Promise(() => undefined);
      },
    });
    await expect(opening).rejects.toMatchObject({ name: 'AbortError' });
    expect(asked).toMatchObject([{ digits: expect.stringMatching(/^\d{6}$/), signal: { aborted: true } }]);
    expect(told).toEqual(['opening', 'pairing', 'closed']);
  });

  it('gives samples in physical units, each once, though nobody acknowledges', async () => {
    const many = Array.from({ length: 700 }, (_, seq) => ({
      ...blocks[0]!,
      ...{ seq, firstSample: seq * blocks[0]!.sampleCount, ticks: seq * 1_000 },
    }));
    const session = await open(startDevice({}, many).host);
    const log = session.info.logs[0]!;
    const chunks = await collect(session.samples(log));
    expect(chunks.map(({ seq }) => seq)).toEqual(many.map(({ seq }) => seq));
    expect(chunks.every(({ missingBefore }) => missingBefore === 0)).toBe(true);
    const counts = samplesAsNumbers(many[0]!.format, many[0]!.bytes) as number[];
    const expected = Float32Array.from(counts, (count) => physicalValue(count, log.stream));
    expect(chunks[0]).toMatchObject({ samples: expected, rateHz: log.stream.rateHz, unit: log.stream.unit, ticks: 0 });
    await session.close();
  });

  it('is sent no more than its credit while nobody takes it', async () => {
    const many = Array.from({ length: 700 }, (_, seq) => ({
      ...blocks[0]!,
      ...{ seq, firstSample: seq * blocks[0]!.sampleCount, ticks: seq * 1_000 },
    }));
    let sent = 0;
    const say: ScriptedOptions['say'] = (message) => {
      if (message.type === 'items') sent += message.items.length;
      return [message];
    };
    const session = await open(startDevice({ say }, many).host);
    const reading = session.samples(session.info.logs[0]!);
    await reading.next();
    for (let before = -1; before !== sent; ) {
      before = sent;
      await hurriedClock.sleep(2_000);
    }
    expect(sent).toBeGreaterThan(1);
    expect(sent).toBeLessThanOrEqual(CREDIT_ITEMS);
    expect((await collect(reading)).length).toBe(many.length - 1);
    expect(sent).toBe(many.length);
    await session.close();
  });

  it('leaves nothing behind a hundred times over', async () => {
    const { signal } = new AbortController();
    for (let count = 0; count < 100; count++) {
      const device = new ScriptedDevice(blocks.slice(0, 2));
      await using session = await open(device.host, { signal });
      await session.markClock({ signal });
      await collect(session.samples(session.info.logs[0]!, { signal }));
      await session.close();
      await device.close();
    }
    expectNothingLeft(signal);
  });

  it('says how many samples are missing, and null where it cannot know', async () => {
    const device = startDevice();
    device.log.spoil(4);
    const session = await open(device.host);
    const log = session.info.logs[0]!;
    const chunks = await collect(session.samples(log, { from: { next: 2, chain: null } }));
    const { sampleCount } = blocks[4]!;
    expect(chunks.map(({ missingBefore }) => missingBefore).slice(0, 4)).toEqual([null, 0, sampleCount, 0]);
    await session.close();
  });

  it('shows previews while the log is read, and drops the oldest when nobody takes them', async () => {
    const device = startDevice({ goesOn: true }, []);
    const session = await open(device.host);
    const log = session.info.logs[0]!;
    const stop = new AbortController();
    const previews: SampleChunk[] = [];
    const showing = (async () => {
      for await (const chunk of session.live(log, { signal: stop.signal }))
        if (previews.push(chunk) === 3) stop.abort();
    })();
    while (previews.length < 3) {
      device.preview(blocks[previews.length]!);
      await hurriedClock.sleep(100);
    }
    await showing;
    expect(previews[0]).toMatchObject({ seq: null, missingBefore: null, samples: expect.any(Float32Array) });
    await session.close();
  });

  it('is read by one reader a log', async () => {
    const session = await open(startDevice({ goesOn: true }).host);
    const log = session.info.logs[0]!;
    const first = session.samples(log);
    await first.next();
    await expect(session.samples(log).next()).rejects.toMatchObject({ code: 'usage' });
    await first.return();
    await session.close();
  });
});
