// The decimal floats of IEEE 11073-20601: SFLOAT (12-bit mantissa, 4-bit exponent) and FLOAT (24 and 8).
// Mantissa and exponent are kept, so that 36.60 and 36.6 stay what the device sent and every bit pattern comes back.

export type MedFloatSpecial = 'nan' | 'nres' | 'positive-infinity' | 'negative-infinity' | 'reserved';

export interface MedFloat {
  readonly mantissa: number;
  /** Of ten. */
  readonly exponent: number;
  /** mantissa * 10^exponent, rounded once to a double; null when the pattern is a special value. Follows from the two above. */
  readonly value: number | null;
  /** nan: no value. nres: not at this resolution. Infinities: beyond what the sensor or the format can say. */
  readonly special: MedFloatSpecial | null;
}

interface FloatFormat {
  readonly name: string;
  readonly mantissaBits: number;
  readonly exponentBits: number;
  /** Digits every mantissa of that many digits may have, plus one where it still fits. */
  readonly digitsMax: number;
}

const SFLOAT: FloatFormat = { name: 'SFLOAT', mantissaBits: 12, exponentBits: 4, digitsMax: 4 };
const FLOAT: FloatFormat = { name: 'FLOAT', mantissaBits: 24, exponentBits: 8, digitsMax: 7 };

/** The nearest SFLOAT with the exponent closest to 0. null is NaN; what is too large becomes an infinity. */
export function sfloat(value: number | null): MedFloat {
  return nearest(SFLOAT, value);
}

/** An SFLOAT exactly as given: mantissa -2048..2047, exponent -8..7. */
export function sfloatOf(mantissa: number, exponent: number): MedFloat {
  return checked(SFLOAT, mantissa, exponent);
}

export function decodeSfloat(bits: number): MedFloat {
  return build(SFLOAT, signed(bits & 0xfff, 12), signed((bits >> 12) & 0xf, 4));
}

/** 0..0xffff. Throws TypeError on a MedFloat whose parts do not belong together. */
export function encodeSfloat(float: MedFloat): number {
  const { mantissa, exponent } = consistent(SFLOAT, float);
  return ((exponent & 0xf) << 12) | (mantissa & 0xfff);
}

/** The nearest FLOAT; see `sfloat`. */
export function float(value: number | null): MedFloat {
  return nearest(FLOAT, value);
}

/** A FLOAT exactly as given: mantissa -2^23..2^23-1, exponent -128..127. */
export function floatOf(mantissa: number, exponent: number): MedFloat {
  return checked(FLOAT, mantissa, exponent);
}

export function decodeFloat(bits: number): MedFloat {
  return build(FLOAT, signed(bits & 0xff_ffff, 24), bits >> 24);
}

/** 0..0xffffffff. Throws TypeError on a MedFloat whose parts do not belong together. */
export function encodeFloat(float: MedFloat): number {
  const { mantissa, exponent } = consistent(FLOAT, float);
  return ((exponent << 24) | (mantissa & 0xff_ffff)) >>> 0;
}

/** value * 10^power without the error of a binary factor: kg/L to mg/dL, mol/L to mmol/L. */
export function shiftedValue({ mantissa, exponent, value }: MedFloat, power: number): number | null {
  return value === null ? null : Number(`${mantissa}e${exponent + power}`);
}

function build(format: FloatFormat, mantissa: number, exponent: number): MedFloat {
  const special = exponent === 0 ? specialOf(format, mantissa) : null;
  // Through text, because a product with 10^-1 would be rounded twice.
  const value = special === null ? Number(`${mantissa}e${exponent}`) : null;
  return { mantissa, exponent, value, special };
}

/** 20601 gives the special values with exponent 0 only; the same mantissas with another exponent are numbers. */
function specialOf({ mantissaBits }: FloatFormat, mantissa: number): MedFloatSpecial | null {
  const top = 2 ** (mantissaBits - 1);
  if (mantissa === top - 1) return 'nan';
  if (mantissa === -top) return 'nres';
  if (mantissa === top - 2) return 'positive-infinity';
  if (mantissa === -(top - 2)) return 'negative-infinity';
  return mantissa === -(top - 1) ? 'reserved' : null;
}

function checked(format: FloatFormat, mantissa: number, exponent: number): MedFloat {
  if (!fits(mantissa, format.mantissaBits) || !fits(exponent, format.exponentBits))
    throw new TypeError(`${mantissa} * 10^${exponent} is not ${format.name}`);
  return build(format, mantissa, exponent);
}

/** Somebody who spreads a MedFloat and sets only `value` must not send the old number. */
function consistent(format: FloatFormat, { mantissa, exponent, value, special }: MedFloat): MedFloat {
  const same = checked(format, mantissa, exponent);
  if (value !== same.value || special !== same.special)
    throw new TypeError(`value ${value} (${special}) does not belong to ${mantissa} * 10^${exponent}; build it anew`);
  return same;
}

function nearest(format: FloatFormat, value: number | null): MedFloat {
  const top = 2 ** (format.mantissaBits - 1);
  if (value === null) return build(format, top - 1, 0);
  if (Number.isNaN(value)) throw new TypeError('NaN is no value here; say null');
  const sign = value < 0 ? -1 : 1;
  const infinity = build(format, sign * (top - 2), 0);
  if (!Number.isFinite(value)) return infinity;
  // The mantissas beyond top - 3 are special with exponent 0: left alone with every exponent, as receivers differ.
  const largest = top - 3;
  const lowest = -(2 ** (format.exponentBits - 1));
  let [mantissa, exponent] = roundedDigits(Math.abs(value), format.digitsMax, largest);
  if (exponent < lowest) {
    const [digits, power] = shortestDigits(Math.abs(value));
    mantissa = Math.round(Number(`${digits}e${power - lowest}`));
    exponent = lowest;
  }
  while (exponent > 0 && mantissa * 10 <= largest) {
    mantissa *= 10;
    exponent--;
  }
  if (mantissa === 0) return build(format, 0, 0);
  return exponent > -lowest - 1 ? infinity : build(format, sign * mantissa, exponent);
}

/** As many decimal digits as the mantissa holds, trailing zeros dropped. */
function roundedDigits(value: number, digitsMax: number, largest: number): [mantissa: number, exponent: number] {
  const whole = splitDigits(value.toExponential(digitsMax - 1));
  return whole[0] <= largest ? whole : splitDigits(value.toExponential(digitsMax - 2));
}

function shortestDigits(value: number): [mantissa: number, exponent: number] {
  return splitDigits(value.toExponential());
}

/** "3.640e+1" is 364 and -1. */
function splitDigits(text: string): [mantissa: number, exponent: number] {
  const [digits, power] = text.split('e') as [string, string];
  const [whole, part = ''] = digits.split('.') as [string, string?];
  const kept = part.replace(/0+$/, '');
  return [Number(whole + kept), Number(power) - kept.length];
}

function signed(bits: number, size: number): number {
  return bits >= 2 ** (size - 1) ? bits - 2 ** size : bits;
}

function fits(value: number, bits: number): boolean {
  const top = 2 ** (bits - 1);
  return Number.isInteger(value) && value >= -top && value < top && !Object.is(value, -0);
}
