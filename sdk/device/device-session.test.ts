import { decodeMessage, encodeCbor, encodeFrame, type Message } from '@maibo/protocols';
import { afterEach, describe, expect, it } from 'vitest';
import { createMemoryLinks } from '../link/memory-link.ts';
import { ecgBlocks, makeEcg } from '../pipeline/made-signals.testkit.ts';
import { DeviceSession, type LogItem } from './device-session.ts';
import {
  blockMessage,
  EPOCH,
  fixedEntropy,
  hurriedClock,
  LOG,
  logEnd,
  type Script,
  ScriptedDevice,
} from './scripted-device.testkit.ts';

const blocks = ecgBlocks(makeEcg(12).counts);
const world = { clock: hurriedClock, entropy: fixedEntropy };
const devices: ScriptedDevice[] = [];

afterEach(async () => {
  for (const device of devices.splice(0)) await device.close();
});

function startDevice(script?: Script): ScriptedDevice {
  const device = new ScriptedDevice(blocks, script === undefined ? {} : { script });
  devices.push(device);
  return device;
}

/** Answers the first message of this type by the script, and everything else as usual. */
function once(type: Message['type'], answer: Script): Script {
  let done = false;
  return (message, device) => {
    if (done || message.type !== type) return null;
    done = true;
    return answer(message, device);
  };
}

async function readAll(device: ScriptedDevice, from = 0): Promise<{ items: LogItem[]; session: DeviceSession }> {
  const session = await DeviceSession.open(device.host, world);
  const items: LogItem[] = [];
  for await (const item of session.read(session.info.logs[0]!, from)) if (item.kind !== 'quiet') items.push(item);
  return { items, session };
}

function blockNumbers(items: readonly LogItem[]): number[] {
  return items.flatMap((item) => (item.kind === 'block' ? [item.block.seq] : []));
}

const ALL = blocks.map((block) => block.seq);

describe('hello', () => {
  it('is answered after any junk on the line', async () => {
    const junk = Uint8Array.from({ length: 5_000 }, (_, index) => (index * 37) & 0xff);
    const device = startDevice(once('hello', () => [junk]));
    const session = await DeviceSession.open(device.host, world);
    expect(session.info.firmware).toBe('test');
  });

  it('is asked again when the first answer is lost', async () => {
    const device = startDevice(once('hello', () => []));
    await DeviceSession.open(device.host, world);
    expect(device.heardOf('hello')).toHaveLength(2);
  });

  it('does not take the answer to somebody else', async () => {
    const stranger = once('hello', (_, self) => [self.helloOk(new Uint8Array(8))]);
    const device = startDevice(stranger);
    await DeviceSession.open(device.host, world);
    expect(device.heardOf('hello')).toHaveLength(2);
  });

  it('ends as link-timeout when nobody answers', async () => {
    const [host] = createMemoryLinks();
    await expect(DeviceSession.open(host, world)).rejects.toMatchObject({ code: 'link-timeout' });
  });

  it('ends as link-timeout when the line is busy with something else', async () => {
    let talking = true;
    const device = startDevice((message) => (message.type === 'hello' ? [] : null));
    const talk = async () => {
      while (talking) {
        await device.say({ type: 'time-pong', id: 99, boot: 1, ticks: 0 }).catch(() => undefined);
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    };
    const talked = talk();
    await expect(DeviceSession.open(device.host, world)).rejects.toMatchObject({ code: 'link-timeout' });
    talking = false;
    await talked;
  });

  it('ends as device-refused when the device refuses', async () => {
    const device = startDevice(once('hello', () => [{ type: 'failure', code: 1, detail: 'version 9 only' }]));
    await expect(DeviceSession.open(device.host, world)).rejects.toMatchObject({ code: 'device-refused' });
  });

  it('ends as device-refused when the device chose a version nobody offered', async () => {
    const device = startDevice(
      once('hello', (message, self) =>
        message.type === 'hello' ? [{ ...self.helloOk(message.nonce), version: 9 }] : null,
      ),
    );
    await expect(DeviceSession.open(device.host, world)).rejects.toMatchObject({ code: 'device-refused' });
  });

  it('ends as link-lost when the line is closed in the middle', async () => {
    const device = startDevice((message) => (message.type === 'hello' ? [] : null));
    const opening = expect(DeviceSession.open(device.host, world)).rejects.toMatchObject({ code: 'link-lost' });
    await device.close();
    await opening;
  });
});

describe('reading a log', () => {
  it('gives every block once, in order, and then the end', async () => {
    const { items, session } = await readAll(startDevice());
    expect(blockNumbers(items)).toEqual(ALL);
    expect(items.at(-1)).toEqual({ kind: 'end', head: blocks.length, final: true });
    expect(session.stats).toMatchObject({ repulls: 0, duplicates: 0 });
  });

  it('starts where it is told', async () => {
    const { items } = await readAll(startDevice(), 7);
    expect(blockNumbers(items)).toEqual(ALL.slice(7));
  });

  it('asks once for one missing block, however many later ones come in', async () => {
    const lossy = once('pull', (_, self) =>
      self.serve(0).filter((message) => message.type !== 'block' || message.seq !== 3),
    );
    const device = startDevice(lossy);
    const { items, session } = await readAll(device);
    expect(blockNumbers(items)).toEqual(ALL);
    expect(device.heardOf('pull').map((pull) => pull.from)).toEqual([0, 3]);
    expect(session.stats.repulls).toBe(1);
  });

  it('asks again after silence when the end of the log is lost', async () => {
    const device = startDevice(once('pull', (_, self) => self.serve(0).slice(0, -1)));
    const { items } = await readAll(device);
    expect(blockNumbers(items)).toEqual(ALL);
    expect(device.heardOf('pull').map((pull) => pull.from)).toEqual([0, blocks.length]);
  });

  it('drops what comes twice or in disorder', async () => {
    const shuffled = once('pull', (_, self) =>
      self
        .serve(0)
        .flatMap((message) => [message, message])
        .reverse(),
    );
    const device = startDevice(shuffled);
    const { items } = await readAll(device);
    expect(blockNumbers(items)).toEqual(ALL);
  });

  it('goes on behind a gap that the device names', async () => {
    const gap: Message = { type: 'gap', log: LOG, epoch: EPOCH, from: 0, to: 4, reason: 1 };
    const device = startDevice(once('pull', (_, self) => [gap, ...self.serve(5)]));
    const { items } = await readAll(device);
    expect(items[0]).toEqual({ kind: 'gap', from: 0, to: 4, reason: 1 });
    expect(blockNumbers(items)).toEqual(ALL.slice(5));
  });

  it('passes over a message number that it does not know', async () => {
    const unknown = encodeFrame(encodeCbor([99, 'from the future']));
    expect(decodeMessage(encodeCbor([99, 'from the future']))).toMatchObject({
      ok: false,
      fault: { code: 'unknown-number' },
    });
    const device = startDevice(once('pull', (_, self) => [unknown, ...self.serve(0)]));
    const { items, session } = await readAll(device);
    expect(blockNumbers(items)).toEqual(ALL);
    expect(session.stats.faults.get('unknown-number')).toBe(1);
  });

  it('passes over blocks of another log or another epoch', async () => {
    const foreign = blockMessage({ ...blocks[0]!, bytes: new Uint8Array([1, 1]) });
    const strangers = [
      { ...foreign, log: 2 },
      { ...foreign, epoch: new Uint8Array(4) },
    ];
    const { items } = await readAll(startDevice(once('pull', (_, self) => [...strangers, ...self.serve(0)])));
    expect(blockNumbers(items)).toEqual(ALL);
    expect(items[0]).toMatchObject({ block: { bytes: blocks[0]!.bytes } });
  });

  it('passes over blocks without samples or with half a sample', async () => {
    const bad = [new Uint8Array(0), new Uint8Array(3)].map((samples) => ({ ...blockMessage(blocks[0]!), samples }));
    const { items } = await readAll(startDevice(once('pull', (_, self) => [...bad, ...self.serve(0)])));
    expect(blockNumbers(items)).toEqual(ALL);
  });

  it('does not believe an end that lies before what was sent', async () => {
    const device = startDevice(once('pull', (_, self) => [...self.serve(0).slice(0, 6), logEnd(2), ...self.serve(6)]));
    const { items } = await readAll(device);
    expect(blockNumbers(items)).toEqual(ALL);
    expect(items.at(-1)).toMatchObject({ head: blocks.length });
  });

  it('does not believe numbers that no log reaches', async () => {
    const far = Number.MAX_SAFE_INTEGER;
    const nonsense: Message[] = [
      { type: 'gap', log: LOG, epoch: EPOCH, from: 0, to: far, reason: 1 },
      { ...blockMessage(blocks[0]!), seq: far },
      { type: 'gap', log: LOG, epoch: EPOCH, from: 5, to: 2, reason: 1 },
    ];
    const { items } = await readAll(startDevice(once('pull', (_, self) => [...nonsense, ...self.serve(0)])));
    expect(blockNumbers(items)).toEqual(ALL);
  });

  it('ends as link-timeout when the device falls silent, after asking a few times', async () => {
    const device = startDevice((message) => (message.type === 'pull' ? [] : message.type === 'time-ping' ? [] : null));
    await expect(readAll(device)).rejects.toMatchObject({ code: 'link-timeout' });
    expect(device.heardOf('pull')).toHaveLength(6);
  });

  it('ends as device-refused when the device answers with a failure', async () => {
    const device = startDevice(once('pull', () => [{ type: 'failure', code: 4, detail: 'the log was erased' }]));
    await expect(readAll(device)).rejects.toMatchObject({ code: 'device-refused' });
  });

  it('ends as link-lost when the line goes away', async () => {
    const device = startDevice((message) => (message.type === 'pull' ? [] : null));
    const reading = expect(readAll(device)).rejects.toMatchObject({ code: 'link-lost' });
    await new Promise((resolve) => setTimeout(resolve, 5));
    await device.close();
    await reading;
  });
});

describe('the clock mark', () => {
  it('does not depend on how long the wire took under a lab clock', async () => {
    const session = await DeviceSession.open(startDevice().host, world);
    expect(await session.markClock()).toEqual({ boot: 1, ticks: 0, utcUs: hurriedClock.nowUtcUs(), uncertaintyUs: 0 });
  });

  it('ends as link-timeout when no ping is answered', async () => {
    const session = await DeviceSession.open(
      startDevice((message) => (message.type === 'time-ping' ? [] : null)).host,
      world,
    );
    await expect(session.markClock()).rejects.toMatchObject({ code: 'link-timeout' });
  });
});
