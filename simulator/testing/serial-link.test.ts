// The serial link on a real tty: what the link contract does not ask of every bearer.
import { readdirSync, readlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  createLabLinkKey,
  DeviceSession,
  isMaiboError,
  type Link,
  openSerialLink,
  systemClock,
  systemEntropy,
} from '@maibo/sdk';
import { afterEach, describe, expect, it } from 'vitest';
import { openPty, type Pty } from '../device/pty.ts';
import { Wearable } from '../device/wearable.ts';
import { createWearerSource } from '../device/wearer-source.ts';
import { createWearer } from '../wearer/wearer.ts';
import { createRng } from '../world/rng.ts';
import { createHurriedClock, createManualClock } from './clocks.ts';
import { assertLost, failureOf, piecesOf, Reader, sizeOf } from './link-ends.ts';
import { LOAD_FACTOR, UNPLUG_MS } from './link-rig.ts';
import { garble, nonsense } from './uart.testkit.ts';

const probe = openPty();
await probe?.link.close();
const isSkipped = probe === null && process.env.MAIBO_REQUIRE_ALL !== '1';

const opened: Link[] = [];
afterEach(async () => {
  for (const link of opened.splice(0)) await link.close();
});

async function openBoth(): Promise<{ pty: Pty; host: Link }> {
  const pty = openPty()!;
  const host = await openSerialLink({ path: pty.slavePath });
  opened.push(host, pty.link);
  return { pty, host };
}

/** By then a flood has filled what there is to fill. */
const STUCK_MS = 500;
/** More than a tty and a link hold. */
const FLOOD = new Uint8Array(8 * 1024 * 1024);

describe.skipIf(isSkipped)(`a serial link on a tty${probe === null ? ' (no pty here)' : ''}`, () => {
  it('is exclusive, unless told otherwise', async () => {
    const { pty } = await openBoth();
    await expect(openSerialLink({ path: pty.slavePath })).rejects.toMatchObject({
      code: 'link-open',
      where: pty.slavePath,
      hint: expect.stringContaining('another program'),
    });
    const second = await openSerialLink({ path: pty.slavePath, lock: false });
    await second.close();
  });

  it('opens a tty without modem lines, and notes that it has none', async () => {
    const pty = openPty()!;
    const host = await openSerialLink({ path: pty.slavePath, dtr: false, rts: false });
    opened.push(host, pty.link);
    expect(host.notes).toEqual([expect.stringContaining('DTR and RTS were not set')]);
  });

  it('reads on while a write waits for room', async () => {
    const { pty, host } = await openBoth();
    const waiting = failureOf(host.write(FLOOD));
    await systemClock.sleep(STUCK_MS);
    const reader = new Reader(host);
    const sent = piecesOf(20, pty.link);
    for (const piece of sent) await pty.link.write(piece);
    await expect.poll(() => reader.sizeBytes, { timeout: 5_000 }).toBe(sizeOf(sent));
    await pty.link.close();
    assertLost(await waiting, 'the write that waited');
  });

  it('gives the port back when it is unplugged while nobody reads and nobody writes', async () => {
    const { pty } = await openBoth();
    const waiting = failureOf(pty.link.write(FLOOD));
    await systemClock.sleep(STUCK_MS);
    expect(openDescriptors(pty.slavePath)).toBe(1);
    await pty.link.close();
    await systemClock.sleep(UNPLUG_MS * LOAD_FACTOR);
    expect(openDescriptors(pty.slavePath)).toBe(0);
    assertLost(await waiting, 'the write that waited');
  });

  it.skipIf(process.getuid?.() !== 0)(
    'notices a hang-up of the tty itself, as by a USB adapter that is pulled (root only)',
    async () => {
      const hangUp = loadHangUp();
      for (const isRead of [true, false]) {
        const { pty, host } = await openBoth();
        const reader = isRead ? new Reader(host) : null;
        await systemClock.sleep(50);
        hangUp(pty.slavePath);
        await systemClock.sleep(UNPLUG_MS * LOAD_FACTOR);
        assertLost(await failureOf(host.write(Uint8Array.of(1))), 'a write');
        if (reader !== null) assertLost(reader.end, 'the reader');
      }
    },
  );

  it('costs no processor time when idle, nor when nobody reads what came, nor after a hang-up', async () => {
    const { pty, host } = await openBoth();
    const waiting = [failureOf(pty.link.write(FLOOD)), failureOf(host.write(FLOOD))];
    await systemClock.sleep(STUCK_MS);
    const full = await busyShare();
    await pty.link.close();
    await systemClock.sleep(100);
    const hungUp = await busyShare();
    // A read that spins takes all of a processor: far from a busy machine's noise.
    expect(Math.max(full, hungUp)).toBeLessThan(0.5);
    for (const failure of await Promise.all(waiting)) assertLost(failure, 'the write that waited');
  });
});

/** How often this process has the file open, also when it is deleted by now. */
function openDescriptors(path: string): number {
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return [path, `${path} (deleted)`].includes(readlinkSync(`/proc/self/fd/${fd}`));
    } catch {
      return false; // the one that listed the folder
    }
  }).length;
}

/** Processor time of this process, as a share of one processor. */
async function busyShare(): Promise<number> {
  const before = process.cpuUsage();
  const startMs = systemClock.nowMonotonicMs();
  await systemClock.sleep(400);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / (systemClock.nowMonotonicMs() - startMs);
}

// Of <fcntl.h> and <asm/ioctls.h>.
const O_RDWR_NOCTTY_NONBLOCK = 0o4402;
const TIOCVHANGUP = 0x5437;

/** What the kernel does to a tty whose adapter is pulled. */
function loadHangUp(): (path: string) => void {
  const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi');
  const libc = koffi.load(null);
  const openFile = libc.func('int open(str, int)');
  const control = libc.func('int ioctl(int, unsigned long, int)');
  const closeFile = libc.func('int close(int)');
  return (path) => {
    const fd = openFile(path, O_RDWR_NOCTTY_NONBLOCK);
    expect(control(fd, TIOCVHANGUP, 0)).toBe(0);
    closeFile(fd);
  };
}

const keys = createLabLinkKey('gateway', 1);

/** What is held once everything that can go has gone: the system's buffers go a turn behind the objects that own them. */
async function heldBytes(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  for (let time = 0; time < 2; time++) {
    await systemClock.sleep(50);
    collectGarbage();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const trust = { devices: [createLabLinkKey('wearable', 'x').publicKey], label: null, isPairing: false };
const BAUD_RATE = 115_200;
const BITS_PER_BYTE = 10;
const HOUR_MS = 3_600_000;
const CHUNK_BYTES = 8_192;

describe.skipIf(isSkipped)(`a device that makes no sense, on a tty${probe === null ? ' (no pty here)' : ''}`, () => {
  it('costs nothing but time when it talks garbage for an hour', async () => {
    const rng = createRng(41);
    const garbage = Array.from({ length: 16 }, () => nonsense(rng, CHUNK_BYTES));
    const clock = createManualClock();
    const outcomes = new Set<string>();
    let sentBytes = 0;
    let heldBefore = 0;
    const talk = async (device: Link) => {
      for (let count = 1; ; count++) {
        await device.write(garbage[(count * 7) % garbage.length]!);
        sentBytes += CHUNK_BYTES;
        await clock.advance((CHUNK_BYTES * BITS_PER_BYTE * 1000) / BAUD_RATE);
      }
    };
    while (clock.nowMonotonicMs() < HOUR_MS) {
      const { pty, host } = await openBoth();
      const talking = failureOf(talk(pty.link));
      const failure = await failureOf(DeviceSession.open(host, { clock, entropy: systemEntropy }, { keys, trust }));
      outcomes.add(isMaiboError(failure) ? failure.code : String(failure));
      await host.close();
      await pty.link.close();
      await talking;
      opened.length = 0;
      if (heldBefore === 0 && clock.nowMonotonicMs() > HOUR_MS / 10) heldBefore = await heldBytes();
    }
    expect([...outcomes]).toEqual(['link-timeout']);
    expect(sentBytes).toBeGreaterThan(41_000_000);
    expect((await heldBytes()) - heldBefore).toBeLessThan(4 * 1024 * 1024);
  }, 120_000);

  it('is told apart by its baud rate: the error names it', async () => {
    const { pty, host } = await openBoth();
    const source = createWearerSource(createWearer({ seed: 5, durationS: 10, rateHz: 250 }), 'baud');
    const clock = createHurriedClock();
    const device: Link = {
      name: 'at 57600 baud',
      carries: 'bytes',
      packetBytesMax: null,
      chunks: garbled(pty.link.chunks, 115_200, 57_600),
      write: (bytes) => pty.link.write(garble(bytes, 57_600, 115_200)),
      close: () => pty.link.close(),
    };
    const wearable = new Wearable({
      link: device,
      source,
      clock,
      entropy: systemEntropy,
      hosts: [keys.publicKey],
      speed: 1,
    });
    const running = wearable.run();
    // What it says of itself when switched on; what it answers may be lost to the last byte.
    await device.write(new TextEncoder().encode('wearable 1.0 ready\r\n'));
    const opening = DeviceSession.open(host, { clock, entropy: systemEntropy }, { keys, trust });
    await expect(opening).rejects.toMatchObject({
      code: 'link-timeout',
      hint: expect.stringMatching(/115200 baud holds no frame: is the baud rate/),
    });
    await host.close();
    await pty.link.close();
    await running;
  });
});

async function* garbled(chunks: AsyncIterable<Uint8Array>, sentBaud: number, readBaud: number) {
  for await (const chunk of chunks) yield garble(chunk, sentBaud, readBaud);
}
