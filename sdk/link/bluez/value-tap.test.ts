// Messages as they are on the wire (D-Bus Specification, "Message Protocol"), cut into pieces anywhere: notifications are taken off, all
// others come through as they were.
import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tapValues } from './value-tap.ts';

const PATH = '/org/bluez/hci0/dev_C0_FF_EE_00_00_01/service0010/char0011';
const SENDER = ':1.7';

/** Bytes behind each other, each aligned as its kind wants it. */
class Wire {
  readonly bytes: number[] = [];

  align(multiple: number): this {
    while (this.bytes.length % multiple !== 0) this.bytes.push(0);
    return this;
  }

  number(value: number): this {
    this.align(4);
    this.bytes.push(value & 0xff, (value >> 8) & 0xff, (value >> 16) & 0xff, value >>> 24);
    return this;
  }

  text(text: string): this {
    this.number(text.length).bytes.push(...Buffer.from(text), 0);
    return this;
  }

  signature(text: string): this {
    this.bytes.push(text.length, ...Buffer.from(text), 0);
    return this;
  }

  /** What `write` writes, behind its length; the length does not count the padding before the first element. */
  array(multiple: number, write: (wire: Wire) => void): this {
    const at = this.align(4).bytes.length;
    this.number(0).align(multiple);
    const start = this.bytes.length;
    write(this);
    const size = this.bytes.length - start;
    for (const [index, shift] of [0, 8, 16, 24].entries()) this.bytes[at + index] = (size >>> shift) & 0xff;
    return this;
  }
}

interface MadeSignal {
  readonly value?: Uint8Array;
  readonly type?: number;
  readonly member?: string;
  readonly name?: string;
  readonly key?: string;
  readonly alsoNotifying?: boolean;
  readonly invalidates?: boolean;
}

function message(signal: MadeSignal): Buffer {
  const body = bodyOf(signal);
  const head = new Wire();
  head.bytes.push(0x6c, signal.type ?? 4, 1, 1);
  head.number(body.length).number(99);
  const fields: [number, string, string][] = [
    [1, 'o', PATH],
    [2, 's', 'org.freedesktop.DBus.Properties'],
    [3, 's', signal.member ?? 'PropertiesChanged'],
    [8, 'g', 'sa{sv}as'],
    [7, 's', SENDER],
  ];
  head.array(8, (wire) => {
    for (const [code, type, text] of fields) {
      wire.align(8).bytes.push(code);
      wire.signature(type);
      if (type === 'g') wire.signature(text);
      else wire.text(text);
    }
  });
  return Buffer.from([...head.align(8).bytes, ...body]);
}

function bodyOf({ value = new Uint8Array(), name, key, alsoNotifying, invalidates }: MadeSignal): readonly number[] {
  const body = new Wire().text(name ?? 'org.bluez.GattCharacteristic1');
  body.array(8, (wire) => {
    wire
      .align(8)
      .text(key ?? 'Value')
      .signature('ay')
      .number(value.length)
      .bytes.push(...value);
    if (alsoNotifying) wire.align(8).text('Notifying').signature('b').number(1);
  });
  return body.array(4, (wire) => {
    if (invalidates) wire.text('MTU');
  }).bytes;
}

/** Reads as the library does: 16 bytes, then the rest. Gives what each side got, in the order it came. */
async function readThrough(pieces: readonly Buffer[]): Promise<unknown[]> {
  const stream = new PassThrough();
  const got: unknown[] = [];
  tapValues(stream, (sender, path, value) => got.push({ sender, path, value: [...value] }));
  let head: Buffer | null = null;
  stream.on('readable', () => {
    for (;;) {
      if (head === null) {
        head = stream.read(16) as Buffer | null;
        if (head === null) return;
      }
      const rest = stream.read(Math.ceil(head.readUInt32LE(12) / 8) * 8 + head.readUInt32LE(4)) as Buffer | null;
      if (rest === null) return;
      got.push(Buffer.concat([head, rest]).toString('hex'));
      head = null;
    }
  });
  for (const piece of pieces) {
    stream.write(piece);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await new Promise((resolve) => setImmediate(resolve));
  return got;
}

const others: MadeSignal[] = [
  { alsoNotifying: true },
  { invalidates: true },
  { member: 'PropertiesChange' },
  { name: 'org.bluez.GattDescriptor1' },
  { key: 'Velue' },
  { type: 3 },
];

describe('the short way for notifications', () => {
  it('takes notifications of any size, and nothing else, however the bytes are cut', async () => {
    const made = fc.oneof(
      fc.uint8Array({ maxLength: 512 }).map((value): MadeSignal => ({ value })),
      fc.constantFrom(...others),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(made, { maxLength: 12 }),
        fc.array(fc.integer({ min: 1, max: 300 })),
        async (all, cuts) => {
          const bytes = Buffer.concat(all.map(message));
          const pieces: Buffer[] = [];
          let at = 0;
          for (const cut of cuts) pieces.push(bytes.subarray(at, (at += cut)));
          pieces.push(bytes.subarray(at));
          const expected = all.map((signal) =>
            signal.value === undefined
              ? message(signal).toString('hex')
              : { sender: SENDER, path: PATH, value: [...signal.value] },
          );
          expect(await readThrough(pieces)).toEqual(expected);
        },
      ),
    );
  });

  it('leaves alone what only looks like one: any byte of it may be wrong', async () => {
    const whole = message({ value: Uint8Array.of(1, 2, 3, 4) });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 16, max: whole.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (at, flip) => {
          const bent = Buffer.from(whole);
          bent[at] = (bent[at] ?? 0) ^ flip;
          const [got, ...more] = await readThrough([bent]);
          expect(more).toEqual([]);
          if (typeof got === 'string') expect(got).toBe(bent.toString('hex'));
          else expect((got as { value: number[] }).value.length).toBeLessThanOrEqual(whole.length);
        },
      ),
    );
  });
});
