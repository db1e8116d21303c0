// What the generators need to know of a core, and nothing about where it was read.

/** A field of a struct, at its place. */
export interface FieldShape {
  readonly name: string;
  readonly type: NumberType;
  readonly offset: number;
  readonly doc: string;
}

/** An @unmanaged class of a core's layout.ts. */
export interface StructShape {
  readonly name: string;
  readonly doc: string;
  readonly bytes: number;
  readonly fields: readonly FieldShape[];
  /** From the tag @prefix: what the names of the values begin with in TypeScript. */
  readonly prefix: string;
  /** Fields `valid`, `valid1`, ... in front: a bit for each of the values, which are the f64 fields that end the struct. */
  readonly validWordCount: number;
}

/** The values of a struct with valid bits: the f64 fields behind the last field of another type. */
export function valueFields(struct: StructShape): readonly FieldShape[] {
  return struct.fields.slice(struct.fields.findLastIndex((field) => field.type !== 'f64') + 1);
}

/** A constant of layout.ts such as `KIND_BEAT: u16 = 1`. */
export interface ConstantShape {
  readonly name: string;
  readonly value: number;
  readonly doc: string;
}

export interface ParameterShape {
  readonly name: string;
  readonly type: string;
}

export interface VerbShape {
  readonly name: string;
  readonly doc: string;
  readonly parameters: readonly ParameterShape[];
}

export interface CoreShape {
  readonly name: string;
  readonly version: string;
  readonly verbs: readonly VerbShape[];
  readonly structs: readonly StructShape[];
  readonly constants: readonly ConstantShape[];
  /** Element that push takes: a number type or the name of a struct. */
  readonly input: string;
  /** The struct that several cores take, from abi/interval.ts, with its constants; null where the input is the core's own. */
  readonly sharedInput: { readonly struct: StructShape; readonly constants: readonly ConstantShape[] } | null;
  /** Struct that poll gives; null where it gives plain numbers: such a core's class is written by hand, in host/. */
  readonly finding: StructShape | null;
}

/** A core whose findings are structs. */
export interface FindingCoreShape extends CoreShape {
  readonly finding: StructShape;
}

export interface AbiShape {
  readonly version: number;
  /** OK, BAD_ADDRESS, ... with their numbers. */
  readonly statuses: readonly ConstantShape[];
}

/** A core with its compiled module. */
export interface BuiltCore {
  readonly shape: CoreShape;
  readonly sha256: string;
  readonly bytes: Uint8Array;
}

export const NUMBER_TYPES = {
  f64: { bytes: 8, view: 'Float64', c: 'double' },
  f32: { bytes: 4, view: 'Float32', c: 'float' },
  u32: { bytes: 4, view: 'Uint32', c: 'uint32_t' },
  i32: { bytes: 4, view: 'Int32', c: 'int32_t' },
  u16: { bytes: 2, view: 'Uint16', c: 'uint16_t' },
  i16: { bytes: 2, view: 'Int16', c: 'int16_t' },
  u8: { bytes: 1, view: 'Uint8', c: 'uint8_t' },
  i8: { bytes: 1, view: 'Int8', c: 'int8_t' },
} as const;

export type NumberType = keyof typeof NUMBER_TYPES;

/** `FLAG_AFTER_GAP` without `FLAG_`, for the constants that begin so. */
export function namesWith(prefix: string, constants: readonly ConstantShape[]): ConstantShape[] {
  return constants
    .filter((constant) => constant.name.startsWith(`${prefix}_`))
    .map((constant) => ({ ...constant, name: constant.name.slice(prefix.length + 1) }));
}

/** AFTER_GAP -> after-gap */
export function kebab(constantName: string): string {
  return constantName.toLowerCase().replaceAll('_', '-');
}

/** AFTER_GAP, after-gap -> afterGap */
export function camel(name: string): string {
  return name.toLowerCase().replace(/[-_](\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** hrv-nonlinear -> HrvNonlinear */
export function pascal(name: string): string {
  const word = camel(name);
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
