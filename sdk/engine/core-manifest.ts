// What a core package says of its core: who it is, what it takes, what it gives, what it may use. Read strictly: exactly these keys, every
// number in its range, every text short and plain.

import type { CborValue, Decoded } from '@maibo/protocols';
import { ManifestReader } from './manifest-reader.ts';

/** A number that `size` or `init` is called with: a constant, or the rate of the signal. */
export type CoreSetting = number | 'rateHz';
export type FieldType = 'u8' | 'u16' | 'u32' | 'i32' | 'f32' | 'f64';

export interface CoreManifest {
  readonly v: 1;
  readonly name: string;
  readonly version: string;
  readonly abi: 1;
  /** SHA-256 of the module. */
  readonly sha256: Uint8Array;
  /** An SPDX expression. */
  readonly licence: string;
  /** f32 samples, in frames of `channelCount`. */
  readonly takes: {
    readonly signal: string;
    readonly unit: string;
    readonly channelCount: number;
    readonly rateHzMin: number;
    readonly rateHzMax: number;
  };
  readonly size: readonly CoreSetting[];
  /** Behind the address. */
  readonly init: readonly CoreSetting[];
  readonly gives: { readonly bytes: number; readonly fields: readonly FindingField[] };
  readonly limits: { readonly pagesMax: number; readonly callMs: number };
}

export interface FindingField {
  readonly name: string;
  readonly type: FieldType;
  readonly at: number;
  readonly unit: string;
}

export const FIELD_BYTES: Readonly<Record<FieldType, number>> = { u8: 1, u16: 2, u32: 4, i32: 4, f32: 4, f64: 8 };

export const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const VERSION = /^\d{1,5}\.\d{1,5}\.\d{1,5}(-[a-z0-9.]{1,16})?$/;
const LICENCE = /^[A-Za-z0-9.+()-]+( (AND|OR|WITH) [A-Za-z0-9.+()-]+)*$/;
const UNIT = /^[\x20-\x7e]*$/;
const FIELD = /^[a-zA-Z][a-zA-Z0-9]*$/;
const SETTINGS_MAX = 7;
const FIELDS_MAX = 64;
const FINDING_BYTES_MAX = 1_024;
const PAGES_MAX = 256;
const CALL_MS_MAX = 2_000;

/** The manifest in this value. The fault says which key. */
export function readManifest(value: CborValue): Decoded<CoreManifest> {
  const read = new ManifestReader();
  const root = read.map(value, 'manifest', [
    ...['v', 'name', 'version', 'abi', 'sha256', 'licence', 'takes', 'size', 'init', 'gives', 'limits'],
  ]);
  read.int(root.v, 'v', 1, 1);
  read.int(root.abi, 'abi', 1, 1);
  const manifest: CoreManifest = {
    v: 1,
    name: read.text(root.name, 'name', 32, NAME),
    version: read.text(root.version, 'version', 32, VERSION),
    abi: 1,
    sha256: read.bytes(root.sha256, 'sha256', 32),
    licence: read.text(root.licence, 'licence', 64, LICENCE),
    takes: readTakes(read, root.takes),
    size: read.list(root.size, 'size', SETTINGS_MAX).map((one) => readSetting(read, one, 'size')),
    init: read.list(root.init, 'init', SETTINGS_MAX).map((one) => readSetting(read, one, 'init')),
    gives: readGives(read, root.gives),
    limits: readLimits(read, root.limits),
  };
  return read.done(manifest);
}

function readTakes(read: ManifestReader, value: CborValue | undefined): CoreManifest['takes'] {
  const map = read.map(value, 'takes', ['signal', 'unit', 'channelCount', 'rateHzMin', 'rateHzMax']);
  const takes = {
    signal: read.text(map.signal, 'takes.signal', 32, NAME),
    unit: read.text(map.unit, 'takes.unit', 16, UNIT),
    channelCount: read.int(map.channelCount, 'takes.channelCount', 1, 8),
    rateHzMin: read.number(map.rateHzMin, 'takes.rateHzMin', 0.01, 100_000),
    rateHzMax: read.number(map.rateHzMax, 'takes.rateHzMax', 0.01, 100_000),
  };
  if (takes.rateHzMin > takes.rateHzMax) read.refuse('takes.rateHzMax is below takes.rateHzMin');
  return takes;
}

function readSetting(read: ManifestReader, value: CborValue, where: string): CoreSetting {
  return value === 'rateHz' ? value : read.number(value, where, -1e9, 1e9);
}

function readGives(read: ManifestReader, value: CborValue | undefined): CoreManifest['gives'] {
  const map = read.map(value, 'gives', ['bytes', 'fields']);
  const bytes = read.int(map.bytes, 'gives.bytes', 1, FINDING_BYTES_MAX);
  const fields = read.list(map.fields, 'gives.fields', FIELDS_MAX).map((one) => readField(read, one, bytes));
  if (new Set(fields.map(({ name }) => name)).size < fields.length)
    read.refuse('gives.fields: a name stands there twice');
  return { bytes, fields };
}

function readField(read: ManifestReader, value: CborValue, bytes: number): FindingField {
  const map = read.map(value, 'gives.fields', ['name', 'type', 'at', 'unit']);
  const type = read.oneOf(map.type, 'gives.fields.type', Object.keys(FIELD_BYTES) as FieldType[]);
  return {
    name: read.text(map.name, 'gives.fields.name', 32, FIELD),
    type,
    at: read.int(map.at, 'gives.fields.at', 0, bytes - FIELD_BYTES[type]),
    unit: read.text(map.unit, 'gives.fields.unit', 16, UNIT),
  };
}

function readLimits(read: ManifestReader, value: CborValue | undefined): CoreManifest['limits'] {
  const map = read.map(value, 'limits', ['pagesMax', 'callMs']);
  return {
    pagesMax: read.int(map.pagesMax, 'limits.pagesMax', 1, PAGES_MAX),
    callMs: read.int(map.callMs, 'limits.callMs', 1, CALL_MS_MAX),
  };
}
