// Numbers with names. The number is what travels and is never lost; the name is null where the specification has none yet.

export interface Coded<Name extends string> {
  readonly code: number;
  /** Follows from `code`; null for a reserved code. */
  readonly name: Name | null;
}

export interface CodeTable<Name extends string> {
  of(code: number): Coded<Name>;
  named(name: Name): Coded<Name>;
}

/** Names by code. Where several codes mean the same, `named` gives the lowest. */
export function codes<const Name extends string>(names: Readonly<Record<number, Name>>): CodeTable<Name> {
  const byCode = new Map(Object.entries(names).map(([code, name]) => [Number(code), name]));
  const of = (code: number): Coded<Name> => ({ code, name: byCode.get(code) ?? null });
  return {
    of,
    named(name) {
      for (const [code, known] of byCode) if (known === name) return of(code);
      throw new TypeError(`no code for ${name}`);
    },
  };
}

export interface Bits<Name extends string> {
  /** All of them, reserved ones included. */
  readonly bits: number;
  /** Of the bits that are set and have a name, lowest first. Follows from `bits`. */
  readonly names: readonly Name[];
}

export interface BitTable<Name extends string> {
  of(bits: number): Bits<Name>;
  named(...names: Name[]): Bits<Name>;
}

/** Names by bit number, at most 32 bits. Fields of two and more bits are left out and read from `bits`. */
export function bitNames<const Name extends string>(names: Readonly<Record<number, Name>>): BitTable<Name> {
  const byBit = Object.entries(names).map(([bit, name]) => [2 ** Number(bit), name] as const);
  const of = (bits: number): Bits<Name> => ({
    bits,
    names: byBit.filter(([mask]) => (bits & mask) !== 0).map(([, name]) => name),
  });
  return {
    of,
    named: (...wanted) => of(byBit.reduce((bits, [mask, name]) => bits + (wanted.includes(name) ? mask : 0), 0)),
  };
}

/** The mask for a flag, or nothing. */
export function flag(mask: number, isSet: boolean): number {
  return isSet ? mask : 0;
}
