import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeCbor } from '../cbor/cbor.ts';
import { arbGattInfo } from '../generated/arbitraries.gen.ts';
import { fromHex, toHex } from '../inspect/hex.ts';
import { PACKET_BYTES_MAX } from '../packet/packet-codec.ts';
import {
  decodeMaiboInfo,
  encodeMaiboInfo,
  MAIBO_INFO_BYTES_MAX,
  MAIBO_INFO_UUID,
  MAIBO_PROPERTIES,
  MAIBO_RX_UUID,
  MAIBO_SERVICE_UUID,
  MAIBO_TX_UUID,
  packetBytesOfMtu,
  packetBytesTakenOfMtu,
} from './maibo-service.ts';
import { gattUuid16 } from './registry.ts';

describe('UUIDs', () => {
  const all = [MAIBO_SERVICE_UUID, MAIBO_RX_UUID, MAIBO_TX_UUID, MAIBO_INFO_UUID];

  // Written out: firmware and phones hold them too, so a change here is a change of everything that was ever made.
  test('are these for ever', () => {
    expect(all).toEqual([
      'c9110001-a7f8-4d43-9a86-bf132251c2fa',
      'c9110002-a7f8-4d43-9a86-bf132251c2fa',
      'c9110003-a7f8-4d43-9a86-bf132251c2fa',
      'c9110004-a7f8-4d43-9a86-bf132251c2fa',
    ]);
  });

  test('are none of the Bluetooth SIG, and random ones by their form', () => {
    for (const uuid of all) {
      expect(gattUuid16(uuid)).toBe(null);
      expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
  });

  test('each characteristic has its properties', () => {
    expect(MAIBO_PROPERTIES).toEqual({ [MAIBO_RX_UUID]: 0x0c, [MAIBO_TX_UUID]: 0x10, [MAIBO_INFO_UUID]: 0x02 });
  });
});

describe('INFO', () => {
  test.each([
    ['8301810200', { versions: [2], isPairingOpen: false, isBulkWaiting: false }],
    ['8301810203', { versions: [2], isPairingOpen: true, isBulkWaiting: true }],
    ['8301820203' + '02', { versions: [2, 3], isPairingOpen: false, isBulkWaiting: true }],
  ])('%s', (hex, info) => {
    expect(toHex(encodeMaiboInfo(info))).toBe(hex);
    expect(decodeMaiboInfo(fromHex(hex))).toEqual({ ok: true, value: info });
  });

  test('comes back as it went, and needs no MTU', () => {
    const anyInfo = fc.record({
      versions: arbGattInfo.map(({ versions }) => versions),
      isPairingOpen: fc.boolean(),
      isBulkWaiting: fc.boolean(),
    });
    fc.assert(
      fc.property(anyInfo, (info) => {
        const bytes = encodeMaiboInfo(info);
        expect(bytes.length).toBeLessThanOrEqual(MAIBO_INFO_BYTES_MAX);
        expect(decodeMaiboInfo(bytes)).toEqual({ ok: true, value: info });
      }),
    );
  });

  test('flags and extensions of a later version are passed over', () => {
    const expected = { ok: true, value: { versions: [2], isPairingOpen: false, isBulkWaiting: true } };
    expect(decodeMaiboInfo(encodeCbor([1, [2], 0xfe]))).toEqual(expected);
    expect(decodeMaiboInfo(encodeCbor([1, [2], 2, new Map([[0, [1, 2]]])]))).toEqual(expected);
  });

  test.each([
    ['83028102' + '00', { code: 'bad-shape', at: 1, detail: 'gatt-info.number: 2, expected 1' }],
    ['83018000', { code: 'bad-shape', at: 2, detail: 'gatt-info.versions: 0 items, at least 1' }],
    ['830185010203040500', { code: 'bad-shape', at: 2, detail: 'gatt-info.versions: 5 items, at most 4' }],
    ['83018102190100', { code: 'bad-shape', at: 4, detail: 'gatt-info.flags: 256, expected an integer 0..255' }],
    [
      '8401810200a12000',
      { code: 'unknown-number', at: 5, detail: 'gatt-info.extensions: critical key -1 is not known' },
    ],
    [`8401810200a1004d${'00'.repeat(13)}`, { code: 'over-budget', at: 0, detail: '21 bytes, at most 20' }],
    ['', { code: 'torn', at: 0, detail: 'ends where an item should start' }],
  ])('%s is refused', (hex, fault) => {
    expect(decodeMaiboInfo(fromHex(hex))).toEqual({ ok: false, fault });
  });

  test('hostile bytes give a value or a fault', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const found = decodeMaiboInfo(bytes);
        if (bytes.length > MAIBO_INFO_BYTES_MAX) expect(found.ok).toBe(false);
        if (found.ok) expect(found.value.versions.length).toBeGreaterThan(0);
      }),
      { numRuns: 2_000 },
    );
  });

  test('more versions than it can hold are our bug', () => {
    const info = { versions: [1, 2, 3, 4, 5], isPairingOpen: false, isBulkWaiting: false };
    expect(() => encodeMaiboInfo(info)).toThrow('gatt-info.versions: 5 items, at most 4');
  });
});

describe('packets within the MTU', () => {
  test.each([
    [null, 20],
    [Number.NaN, 20],
    [0, 20],
    [23, 20], // what every radio starts with
    [24, 21],
    [185, 182], // iOS for long
    [247, 244], // one radio packet of 251 bytes
    [515, 512],
    [517, 512], // Android; an attribute holds no more
    [65_535, 512],
  ])('ATT_MTU %s: %s bytes', (attMtu, bytes) => {
    expect(packetBytesOfMtu(attMtu)).toBe(bytes);
    expect(packetBytesTakenOfMtu(attMtu)).toBe(bytes + 3);
  });

  test('a peer that forgets the head is taken, and what it sends is a packet still', () => {
    fc.assert(
      fc.property(fc.integer({ min: 23, max: 515 }), (attMtu) => {
        expect(packetBytesTakenOfMtu(attMtu)).toBeGreaterThanOrEqual(attMtu);
        expect(packetBytesTakenOfMtu(attMtu)).toBeLessThanOrEqual(PACKET_BYTES_MAX);
      }),
    );
  });
});
