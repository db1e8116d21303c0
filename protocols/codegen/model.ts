// What the reader hands to the emitters: the subset of CDDL (RFC 8610) this package is written in.

export interface SourcePlace {
  readonly file: string;
  readonly line: number;
}

export interface Span {
  readonly low: number;
  readonly high: number;
}

export type PrimitiveName = 'bool' | 'tstr' | 'bstr' | 'int' | 'uint' | 'float64' | 'null';

export type CddlType =
  | { readonly kind: 'literal'; readonly value: number | string }
  | { readonly kind: 'range'; readonly low: number; readonly high: number }
  | { readonly kind: 'primitive'; readonly name: PrimitiveName; readonly size: Span | null }
  | { readonly kind: 'ref'; readonly name: string; readonly place: SourcePlace }
  | { readonly kind: 'choice'; readonly options: readonly CddlType[] }
  | {
      readonly kind: 'struct';
      readonly wire: 'array' | 'map';
      readonly members: readonly Member[];
      /** Numbered arrays only: the rule of the extensions that may follow the members, or null. */
      readonly extensions: string | null;
    }
  /** `{ n*m int => any }`: what later versions may add, told apart by key; a negative key is critical. */
  | { readonly kind: 'extensions'; readonly count: Span }
  | { readonly kind: 'list'; readonly count: Span; readonly item: CddlType }
  | { readonly kind: 'table'; readonly count: Span; readonly key: CddlType; readonly item: CddlType };

export interface Member {
  /** Null only for the leading literal of a numbered message. */
  readonly key: string | null;
  readonly type: CddlType;
  readonly doc: string;
}

export interface Rule {
  readonly name: string;
  readonly type: CddlType;
  readonly doc: string;
  readonly place: SourcePlace;
}

export interface Source {
  readonly file: string;
  readonly text: string;
}

export class Model {
  readonly rules: ReadonlyMap<string, Rule>;

  constructor(rules: ReadonlyMap<string, Rule>) {
    this.rules = rules;
  }

  rule(name: string): Rule {
    const rule = this.rules.get(name);
    if (!rule) throw new Error(`no rule ${name}`);
    return rule;
  }

  /** Follows references until something else is reached. */
  resolve(type: CddlType): Exclude<CddlType, { kind: 'ref' }> {
    let at = type;
    while (at.kind === 'ref') at = this.rule(at.name).type;
    return at;
  }

  /** Structured rules nobody refers to: what travels on its own and gets a codec of its own. */
  roots(): Rule[] {
    const used = new Set<string>();
    for (const rule of this.rules.values()) for (const name of references(rule.type)) used.add(name);
    return [...this.rules.values()].filter((rule) => !used.has(rule.name) && this.isStructured(rule.type));
  }

  private isStructured(type: CddlType): boolean {
    const at = this.resolve(type);
    return at.kind === 'struct' || (at.kind === 'choice' && at.options.every((option) => this.isStructured(option)));
  }
}

/** Names a type refers to directly. */
export function references(type: CddlType): string[] {
  switch (type.kind) {
    case 'ref':
      return [type.name];
    case 'choice':
      return type.options.flatMap(references);
    case 'struct':
      return [
        ...type.members.flatMap((member) => references(member.type)),
        ...(type.extensions === null ? [] : [type.extensions]),
      ];
    case 'list':
      return references(type.item);
    case 'table':
      return [...references(type.key), ...references(type.item)];
    default:
      return [];
  }
}

export class CddlError extends Error {
  constructor(place: SourcePlace, message: string) {
    super(`${place.file}:${place.line}: ${message}`);
    this.name = 'CddlError';
  }
}
