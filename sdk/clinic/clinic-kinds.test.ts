import { gatt } from '@maibo/protocols';
import { describe, expect, it } from 'vitest';
import { CLINIC_KINDS, recogniseClinicDevice } from './clinic-kinds.ts';
import { shortText } from './device-text.ts';
import { pseudonymOf } from './pseudonym.ts';

const names = (...services: number[]) =>
  recogniseClinicDevice({ services: services.map(gatt.gattUuidText) }).map(({ name }) => name);

describe('a clinic device', () => {
  it('is recognised by the services it announces, and can be several things', () => {
    expect(names(0x180d)).toEqual(['heart-rate']);
    expect(names(0x180a, 0x1822, 0x1810)).toEqual(['blood-pressure', 'pulse-oximeter']);
    expect(names(0x180a, 0x180f)).toEqual([]);
    expect(recogniseClinicDevice({ services: ['6e400001-b5a3-f393-e0a9-e50e24dcca9e'] })).toEqual([]);
  });

  it('is collected by characteristics that its service holds', () => {
    for (const { service, measurements } of CLINIC_KINDS) {
      for (const uuid of measurements) expect(gatt.gattCharacteristics.get(uuid)?.services).toContain(service);
    }
  });

  it('never tells the pressure of a cuff that still inflates as a measurement', () => {
    const all = CLINIC_KINDS.flatMap(({ measurements }) => measurements);
    expect(all).not.toContain(gatt.intermediateCuffPressure.uuid);
    expect(all).not.toContain(gatt.intermediateTemperature.uuid);
  });
});

describe('a pseudonym', () => {
  const secret = new Uint8Array(32).fill(9);
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

  it('is the same for one device at one gateway, however its address is written, and another elsewhere', () => {
    const one = pseudonymOf(secret, 'C0:FF:EE:00:00:01');
    expect(one).toHaveLength(16);
    expect(hex(pseudonymOf(secret, 'c0:ff:ee:00:00:01'))).toBe(hex(one));
    expect(hex(pseudonymOf(secret, 'C0:FF:EE:00:00:02'))).not.toBe(hex(one));
    expect(hex(pseudonymOf(new Uint8Array(32).fill(8), 'C0:FF:EE:00:00:01'))).not.toBe(hex(one));
  });

  it('is the beginning of the HMAC-SHA256 that openssl gives', () => {
    // printf 'maibo clinic device 1\0C0:FF:EE:00:00:01' | openssl dgst -sha256 -mac HMAC -macopt hexkey:09..09 (32 bytes)
    expect(hex(pseudonymOf(secret, 'C0:FF:EE:00:00:01'))).toBe('2b2eaf9d8cb54349aa45738d7badce9b');
  });

  it('needs a secret that hides something', () => {
    expect(() => pseudonymOf(new Uint8Array(15), 'C0:FF:EE:00:00:01')).toThrow(/15 bytes/);
  });
});

describe('a text of a device', () => {
  it('loses what steers a terminal, and blanks', () => {
    expect(shortText('  Polar\u001b[31m  H10\u0000\u202e ')).toBe('Polar [31m H10');
    expect(shortText('\u0007\n')).toBe('');
  });

  it('fits a record, in whole characters', () => {
    const cut = shortText('心率带'.repeat(20));
    expect(Buffer.byteLength(cut)).toBe(63);
    expect(cut).toBe('心率带'.repeat(7));
  });
});
