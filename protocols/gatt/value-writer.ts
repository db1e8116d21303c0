// Writes one characteristic value, little endian. What does not fit its field is our bug, not the peer's: TypeError.

import { isWellFormed } from '../cbor/utf8.ts';
import type { DateTimeFields } from './date-time.ts';
import { encodeFloat, encodeSfloat, type MedFloat } from './med-float.ts';

const utf8 = new TextEncoder();

export class ValueWriter {
  private readonly bytes: number[] = [];

  u8(value: number, field: string): void {
    this.unsigned(value, 1, field);
  }

  /** Two four-bit codes in a byte. */
  nibbles(low: number, high: number, field: string): void {
    if (low > 0xf) throw new TypeError(`${field} ${low} takes more than four bits`);
    this.u8(low | (high << 4), field);
  }

  i8(value: number, field: string): void {
    this.signed(value, 1, field);
  }

  u16(value: number, field: string): void {
    this.unsigned(value, 2, field);
  }

  i16(value: number, field: string): void {
    this.signed(value, 2, field);
  }

  u24(value: number, field: string): void {
    this.unsigned(value, 3, field);
  }

  u32(value: number, field: string): void {
    this.unsigned(value, 4, field);
  }

  sfloat(value: MedFloat): void {
    this.unsigned(encodeSfloat(value), 2, 'SFLOAT');
  }

  float(value: MedFloat): void {
    this.unsigned(encodeFloat(value), 4, 'FLOAT');
  }

  dateTime({ year, month, day, hours, minutes, seconds }: DateTimeFields): void {
    this.u16(year ?? 0, 'year');
    this.u8(month ?? 0, 'month');
    this.u8(day ?? 0, 'day');
    this.u8(hours, 'hours');
    this.u8(minutes, 'minutes');
    this.u8(seconds, 'seconds');
  }

  raw(bytes: Uint8Array): void {
    for (const byte of bytes) this.bytes.push(byte);
  }

  text(text: string): void {
    if (!isWellFormed(text)) throw new TypeError('text with a lone surrogate has no UTF-8');
    this.raw(utf8.encode(text));
  }

  finish(): Uint8Array {
    return Uint8Array.from(this.bytes);
  }

  private unsigned(value: number, size: number, field: string): void {
    if (!Number.isInteger(value) || value < 0 || value >= 2 ** (8 * size))
      throw new TypeError(`${field} ${value} is not an unsigned integer of ${size} bytes`);
    for (let index = 0; index < size; index++) this.bytes.push(Math.floor(value / 2 ** (8 * index)) & 0xff);
  }

  private signed(value: number, size: number, field: string): void {
    const top = 2 ** (8 * size - 1);
    if (!Number.isInteger(value) || value < -top || value >= top)
      throw new TypeError(`${field} ${value} is not a signed integer of ${size} bytes`);
    this.unsigned(value < 0 ? value + 2 * top : value, size, field);
  }
}
