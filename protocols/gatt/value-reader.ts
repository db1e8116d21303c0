// Reads one characteristic value, little endian. The first fault is kept and everything after it reads as zero, so
// that a decoder is written straight down, without a branch per field; its result is then thrown away.

import { utf8FaultAt } from '../cbor/utf8.ts';
import { refused, type WireFault } from '../wire-fault.ts';
import { type DateTime, dateTimeOf } from './date-time.ts';
import { decodeFloat, decodeSfloat, type MedFloat } from './med-float.ts';

// ignoreBOM keeps a byte order mark in the text: it has to come back when the text is encoded.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export class ValueReader {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private at = 0;
  private found: WireFault | null = null;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Bytes not read yet. */
  get left(): number {
    return this.bytes.length - this.at;
  }

  u8(field: string): number {
    const at = this.take(1, field);
    return at < 0 ? 0 : this.view.getUint8(at);
  }

  i8(field: string): number {
    const at = this.take(1, field);
    return at < 0 ? 0 : this.view.getInt8(at);
  }

  u16(field: string): number {
    const at = this.take(2, field);
    return at < 0 ? 0 : this.view.getUint16(at, true);
  }

  i16(field: string): number {
    const at = this.take(2, field);
    return at < 0 ? 0 : this.view.getInt16(at, true);
  }

  u24(field: string): number {
    const at = this.take(3, field);
    return at < 0 ? 0 : this.view.getUint16(at, true) + this.view.getUint8(at + 2) * 0x1_0000;
  }

  u32(field: string): number {
    const at = this.take(4, field);
    return at < 0 ? 0 : this.view.getUint32(at, true);
  }

  sfloat(field: string): MedFloat {
    return decodeSfloat(this.u16(field));
  }

  float(field: string): MedFloat {
    return decodeFloat(this.u32(field));
  }

  dateTime(field: string): DateTime {
    const at = this.take(7, field);
    if (at < 0) return dateTimeOf(0, 0, 0, 0, 0, 0);
    const [month, day, hours, minutes, seconds] = this.bytes.subarray(at + 2, at + 7);
    return dateTimeOf(this.view.getUint16(at, true), month!, day!, hours!, minutes!, seconds!);
  }

  /** Everything to the end, in memory of its own. */
  rest(): Uint8Array {
    // Not slice: a Buffer's slice is a view of the receive buffer, and a Buffer itself.
    const rest = new Uint8Array(this.bytes.subarray(this.at));
    this.at = this.bytes.length;
    return rest;
  }

  /** Everything to the end, as text. */
  text(field: string): string {
    const from = this.at;
    const faultAt = utf8FaultAt(this.bytes, from, this.bytes.length);
    if (faultAt >= 0) this.refuse('bad-shape', faultAt, `${field}: not UTF-8`);
    this.at = this.bytes.length;
    return faultAt >= 0 ? '' : utf8.decode(this.bytes.subarray(from));
  }

  refuse(code: WireFault['code'], at: number, detail: string): void {
    this.found ??= refused(code, at, detail).fault;
  }

  /** What was wrong, unread bytes included. */
  fault(): WireFault | null {
    if (this.left > 0) this.refuse('bad-shape', this.at, `${this.left} bytes behind a value that ends here`);
    return this.found;
  }

  private take(size: number, field: string): number {
    const { at } = this;
    if (this.left < size) {
      this.refuse('torn', at, `${field} takes ${size} bytes, ${this.left} are left of ${this.bytes.length}`);
      this.at = this.bytes.length;
      return -1;
    }
    this.at += size;
    return at;
  }
}
