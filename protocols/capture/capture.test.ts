import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { captureLines, replayLines, traceCapture } from '../inspect/describe-capture.ts';
import { PacketLink, type PacketLinkOptions } from '../packet/packet-link.ts';
import { entropyOf, type Harm, Run, randomOf } from '../packet/wire.testkit.ts';
import { encodeHandshakeMessage } from '../session/handshake-codec.ts';
import { CAPTURE_BYTES_MAX, type CaptureSide } from './capture.ts';
import { CaptureWriter } from './capture-writer.ts';
import { type Capture, isCaptureText, readCapture } from './read-capture.ts';
import { replayCapture } from './replay-capture.ts';

/** A link that writes down what it sends and what reaches it. */
class RecordedLink extends PacketLink {
  readonly #capture: CaptureWriter;

  constructor(options: PacketLinkOptions, capture: CaptureWriter) {
    super(options);
    this.#capture = capture;
  }

  override next(nowMs: number): Uint8Array | null {
    const packet = super.next(nowMs);
    if (packet !== null) this.#capture.packet(nowMs * 1000, 'host', packet);
    return packet;
  }

  override receive(packet: Uint8Array, nowMs: number): void {
    this.#capture.packet(nowMs * 1000, 'device', packet);
    super.receive(packet, nowMs);
  }
}

const HELLO = encodeHandshakeMessage({
  type: 'hello',
  versions: [2],
  nonce: new Uint8Array(8).fill(5),
  patterns: [1],
  capabilities: [],
});

function messageOf(number: number): Uint8Array {
  return Uint8Array.from({ length: 1 + ((number * 37) % 200) }, (_, index) => (number * 31 + index * 7 + 0xc1) & 0xff);
}

/** A conversation over a harmful wire, as the host wrote it down. */
function record(seed: number, harm: Harm, messages = 12): { text: string; run: Run } {
  const random = randomOf(seed);
  const options = { packetBytesMax: 20, entropy: entropyOf(random) };
  const lines: string[] = [];
  const writer = new CaptureWriter((line) => void lines.push(line), { side: 'host', bearer: 'simulator' });
  const host = new RecordedLink(options, writer);
  const device = new PacketLink(options);
  const run = new Run({ a: host, b: device, harm, random });
  run.until(() => host.isOpen && device.isOpen, 60_000);
  host.send(0, HELLO);
  for (let number = 0; number < messages; number++) device.send(number % 4, messageOf(number));
  const cameTo = (end: 'a' | 'b') => run.got[end].filter(({ event }) => event === 'message').length;
  run.until(() => cameTo('a') >= messages && cameTo('b') >= 1, 600_000);
  return { text: lines.join(''), run };
}

function read(text: string): Capture {
  const capture = readCapture(text);
  if (!capture.ok) throw new Error(capture.fault.detail);
  return capture.value;
}

describe('a capture file', () => {
  it('gives back what was written', () => {
    const from = fc.constantFrom<CaptureSide>('host', 'device');
    const bytes = fc.uint8Array({ maxLength: 300 });
    const packets = fc.array(fc.tuple(fc.nat(1e9), from, bytes), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(packets, (entries) => {
        const lines: string[] = [];
        const writer = new CaptureWriter((line) => void lines.push(line), { side: 'device', bearer: 'uart' });
        const sorted = entries.toSorted(([a], [b]) => a - b);
        for (const [nowUs, side, packet] of sorted) writer.packet(nowUs, side, packet);
        const startUs = sorted[0]![0];
        expect(read(lines.join(''))).toEqual({
          header: { side: 'device', bearer: 'uart' },
          entries: sorted.map(([nowUs, side, packet]) => {
            return { kind: 'packet', tUs: nowUs - startUs, from: side, bytes: packet };
          }),
          faults: [],
          unknownCount: 0,
          isCut: false,
        });
      }),
    );
  });

  it('holds messages by size, in clear ones by their bytes, and events', () => {
    const lines: string[] = [];
    const writer = new CaptureWriter((line) => void lines.push(line), { side: 'host', bearer: 'ble' });
    writer.message(500, 'device', 4, 231);
    writer.message(600, 'host', 0, 3, Uint8Array.of(1, 2, 3));
    writer.event(550, 'mtu 244');
    expect(read(lines.join('')).entries).toEqual([
      { kind: 'message', tUs: 0, from: 'device', channel: 4, size: 231, bytes: null },
      { kind: 'message', tUs: 100, from: 'host', channel: 0, size: 3, bytes: Uint8Array.of(1, 2, 3) },
      { kind: 'event', tUs: 100, text: 'mtu 244' },
    ]);
  });

  it('can be read after a crash at any byte, less the line that was being written', () => {
    const { text } = record(1, {}, 2);
    const whole = read(text);
    const headEnd = text.indexOf('\n') + 1;
    for (let end = headEnd; end < text.length; end++) {
      const cut = text.slice(0, end);
      const found = read(cut);
      expect(found.faults).toEqual([]);
      expect(found.isCut).toBe(!cut.endsWith('\n'));
      expect(found.entries).toEqual(whole.entries.slice(0, cut.split('\n').length - 2));
    }
    for (let end = 0; end < headEnd; end++) expect(readCapture(text.slice(0, end)).ok).toBe(false);
  });

  it('loses only the lines that are broken', () => {
    const good = ['{"maibo-capture":1,"side":"host","bearer":"ble","more":1}', '{"t":5,"event":"one","more":[]}'];
    const bad = [
      'nonsense',
      '[]',
      '{"t":-1,"event":"x"}',
      '{"t":4,"event":"earlier"}',
      '{"t":6,"packet":"00"}',
      '{"t":6,"from":"host","packet":"0"}',
      `{"t":6,"from":"host","packet":"${'00'.repeat(CAPTURE_BYTES_MAX + 1)}"}`,
      '{"t":6,"from":"host","message":{"channel":1}}',
      '{"t":6,"from":"host","message":{"channel":1,"size":2,"bytes":"00"}}',
      '{"t":6,"from":"host","message":null}',
    ];
    const text = [...good, ...bad, '{"t":7,"smell":"burnt"}', '{"t":8,"event":"two"}', ''].join('\n');
    const capture = read(text);
    expect(capture.entries.map((entry) => entry.kind === 'event' && entry.text)).toEqual(['one', 'two']);
    expect(capture.faults.map(({ line }) => line)).toEqual(bad.map((_, index) => index + 3));
    expect(capture.unknownCount).toBe(1);
  });

  it('of another version, or without a header, is refused', () => {
    expect(readCapture('')).toMatchObject({ fault: { code: 'bad-shape' } });
    expect(readCapture('{"t":0,"event":"x"}\n')).toMatchObject({ fault: { code: 'bad-shape' } });
    expect(readCapture('{"maibo-capture":1}\n')).toMatchObject({ fault: { code: 'bad-shape' } });
    expect(readCapture('{"maibo-capture":2,"side":"host"}\n')).toMatchObject({ fault: { code: 'unknown-number' } });
  });

  it('says when it is full, and stays so', () => {
    const lines: string[] = [];
    const writer = new CaptureWriter((line) => void lines.push(line), { side: 'host', bearer: 'ble' }, 3);
    for (let turn = 0; turn < 10; turn++) writer.packet(turn, 'host', Uint8Array.of(turn));
    expect(read(lines.join('')).entries).toMatchObject([{ kind: 'packet' }, { kind: 'packet' }, { kind: 'event' }]);
    expect(lines).toHaveLength(4);
    expect(() => writer.packet(9, 'host', new Uint8Array(1))).not.toThrow();
  });

  it('is what FORMAT.md shows', () => {
    const example = /```\n([^`]*)```/.exec(readFileSync(new URL('FORMAT.md', import.meta.url), 'utf8'))?.[1] ?? '';
    const capture = read(example);
    expect(capture).toMatchObject({ faults: [], unknownCount: 0, isCut: false });
    expect(new Set(capture.entries.map(({ kind }) => kind))).toEqual(new Set(['packet', 'message', 'event']));
    expect(replayCapture(capture).events.at(-1)?.event).toMatchObject({ event: 'message', channel: 0 });
  });

  it('is known by its first bytes', () => {
    expect(isCaptureText(record(1, {}, 1).text)).toBe(true);
    expect(isCaptureText('{"t":0}')).toBe(false);
  });

  it('never throws on any text', () => {
    const { text } = record(2, {}, 3);
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.string({ maxLength: 6 }), fc.nat(40), (at, put, cut) => {
        const found = readCapture(text.slice(0, at) + put + text.slice(at + cut));
        if (!found.ok) return;
        captureLines(found.value);
        replayCapture(found.value);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the trace', () => {
  it('names every kind of packet, its numbers, and the messages in clear', () => {
    const lines = captureLines(read(record(3, {}).text)).join('\n');
    expect(lines).toMatch(
      /^capture taken by the host, over simulator: \d+ entries\n {4}0\.000000 {2}host {4}RESET asks, nonce/,
    );
    expect(lines).toMatch(/device {2}DATA {2}seq 0, channel 0, whole, 1 bytes/);
    expect(lines).toMatch(/device {2}DATA {2}seq \d+, channel 1, first of 38, 17 bytes/);
    expect(lines).toMatch(/device {2}ACK {3}next \d+, credit 16/);
    expect(lines).toMatch(/message hello on channel 0, \d+ bytes, in clear\n.*versions: \[2\]/);
    expect(lines).toMatch(/message on channel 1, 38 bytes, sealed/);
  });

  it('shows what was acknowledged beyond a hole, and packets that are none', () => {
    const { text } = record(4, { drop: 0.15 }, 40);
    const lines = captureLines(read(`${text}{"t":900000000,"from":"device","packet":"c000"}\n`)).join('\n');
    expect(lines).toMatch(/ACK {3}next \d+, credit \d+, beyond it( \d+)+/);
    expect(lines).toMatch(/900\.000000 {2}device {2}\? {5}bad-shape at byte 0: packet of a kind that is not known$/);
  });

  it('puts the same messages together as the link did', () => {
    const { text, run } = record(5, { drop: 0.1, duplicate: 0.1, reorder: 0.1 }, 30);
    const sizes = run.got.a.flatMap((event) => (event.event === 'message' ? [event.bytes.length] : []));
    const traced = traceCapture(read(text)).flatMap(({ from, lines }) => {
      if (from !== 'device') return [];
      return lines.slice(1).flatMap((line) => /^message .*, (\d+) bytes, /.exec(line)?.[1] ?? []);
    });
    expect(traced.map(Number)).toEqual(sizes);
  });
});

describe('replay', () => {
  it('makes of the packets what the link made of them', () => {
    // By whole numbers: of doubles most that are drawn are next to nothing.
    const chance = fc.nat(200).map((count) => count / 1_000);
    const harms = fc.record({ drop: chance, duplicate: chance, reorder: chance });
    fc.assert(
      fc.property(fc.nat(), harms, (seed, harm) => {
        const { text, run } = record(seed, harm);
        const replay = replayCapture(read(text));
        expect(replay.events.map(({ event }) => event)).toEqual(run.got.a);
      }),
      { numRuns: 60 },
    );
  });

  it('plays the other direction too', () => {
    const { text } = record(6, {});
    const replay = replayCapture(read(text), 'device');
    expect(replay.side).toBe('device');
    expect(replay.events.map(({ event }) => event)).toEqual([
      { event: 'open' },
      { event: 'message', channel: 0, bytes: HELLO },
    ]);
    const lines = replayLines(replay).join('\n');
    expect(lines).toMatch(/^a fresh link of the device was given \d+ packets:\n.*open\n.*message hello on channel 0/);
  });

  it('says when the packets break the rules', () => {
    const { text } = record(7, {}, 2);
    // Two messages of one packet and of three; the fifth goes on with a message that never began.
    const stray = '{"t":900000000,"from":"device","packet":"0304ff"}';
    const capture = read(`${text}${stray}\n`);
    expect(captureLines(capture).at(-1)).toContain('violation: a packet of no message');
    expect(replayCapture(capture).events.at(-1)?.event).toMatchObject({ event: 'dead', why: 'violation' });
  });
});
