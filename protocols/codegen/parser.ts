// CDDL (the subset of README.md) -> Model. Every refusal names the file and the line.

import {
  CddlError,
  type CddlType,
  type Member,
  Model,
  type PrimitiveName,
  type Rule,
  references,
  type Source,
  type Span,
} from './model.ts';
import { type Token, type TokenStream, tokenize } from './tokens.ts';

/** Reads all sources as one schema. Throws CddlError. */
export function parseCddl(sources: readonly Source[]): Model {
  const rules = new Map<string, Rule>();
  for (const source of sources) {
    for (const rule of new Parser(tokenize(source.file, source.text)).rules()) {
      const earlier = rules.get(rule.name);
      if (earlier) {
        throw new CddlError(
          rule.place,
          `${rule.name} is already defined at ${earlier.place.file}:${earlier.place.line}`,
        );
      }
      rules.set(rule.name, rule);
    }
  }
  for (const rule of rules.values()) checkReferences(rule, rules);
  return new Model(rules);
}

function checkReferences(rule: Rule, rules: ReadonlyMap<string, Rule>): void {
  for (const name of references(rule.type)) {
    if (!rules.has(name)) throw new CddlError(rule.place, `${rule.name} refers to ${name}, which is not defined`);
  }
  const extensions = rule.type.kind === 'struct' ? rule.type.extensions : null;
  if (extensions !== null && rules.get(extensions)!.type.kind !== 'extensions') {
    throw new CddlError(rule.place, `${rule.name} ends with ? ${extensions}, which is not { n*m int => any }`);
  }
}

const PRIMITIVES = new Set<string>(['bool', 'tstr', 'bstr', 'int', 'uint', 'float64', 'null']);

interface Entry {
  readonly occurrence: Span | null;
  readonly key: string | null;
  readonly keyType: CddlType | null;
  readonly type: CddlType;
  readonly doc: string;
  readonly token: Token;
}

class Parser {
  private at = 0;
  private readonly tokens: readonly Token[];
  private readonly besides: ReadonlyMap<number, string>;

  constructor(stream: TokenStream) {
    this.tokens = stream.tokens;
    this.besides = stream.besides;
  }

  rules(): Rule[] {
    const rules: Rule[] = [];
    while (this.peek().kind !== 'end') rules.push(this.rule());
    return rules;
  }

  private rule(): Rule {
    const name = this.next();
    if (name.kind !== 'name') throw new CddlError(name.place, `a rule starts with its name, found ${name.text}`);
    this.expect('=');
    const type = this.type();
    const last = this.tokens[this.at - 1]!;
    // A comment beside a one-line rule is about the rule; inside a longer one it is about its member.
    const beside = last.place.line === name.place.line ? (this.besides.get(last.place.line) ?? '') : '';
    return { name: name.text, type, doc: join(name.above, beside), place: name.place };
  }

  private type(): CddlType {
    const options = [this.simpleType()];
    while (this.take('/')) options.push(this.simpleType());
    return options.length === 1 ? options[0]! : { kind: 'choice', options };
  }

  private simpleType(): CddlType {
    const token = this.next();
    if (token.kind === 'number') return this.literalOrRange(token);
    if (token.kind === 'text') return { kind: 'literal', value: token.text };
    if (token.kind === 'name') return this.named(token);
    if (token.text === '[') return this.array(token);
    if (token.text === '{') return this.map(token);
    if (token.text === '(') {
      const type = this.type();
      this.expect(')');
      return type;
    }
    throw new CddlError(token.place, `expected a type, found ${token.text}`);
  }

  private literalOrRange(token: Token): CddlType {
    const low = Number(token.text);
    if (!this.take('..')) return { kind: 'literal', value: low };
    const high = this.number();
    if (high < low) throw new CddlError(token.place, `range ${low}..${high} is empty`);
    return { kind: 'range', low, high };
  }

  private named(token: Token): CddlType {
    const size = this.peek().text === '.size' ? this.size() : null;
    if (this.peek().kind === 'control')
      throw new CddlError(this.peek().place, `${this.peek().text} is outside the subset`);
    if (!PRIMITIVES.has(token.text)) {
      if (size) throw new CddlError(token.place, `.size goes on tstr and bstr, not on ${token.text}`);
      return { kind: 'ref', name: token.text, place: token.place };
    }
    if (size && token.text !== 'tstr' && token.text !== 'bstr') {
      throw new CddlError(token.place, `.size goes on tstr and bstr, not on ${token.text}`);
    }
    return { kind: 'primitive', name: token.text as PrimitiveName, size };
  }

  private size(): Span {
    this.next();
    const hasParenthesis = this.take('(');
    const low = this.number();
    const high = this.take('..') ? this.number() : low;
    if (hasParenthesis) this.expect(')');
    return { low, high };
  }

  private array(open: Token): CddlType {
    const entries = this.entries(']');
    const [first] = entries;
    if (!first) throw new CddlError(open.place, 'an empty array says nothing');
    if (entries.length === 1 && first.occurrence) return { kind: 'list', count: first.occurrence, item: first.type };
    const extensions = first.type.kind === 'literal' ? extensionsOf(entries.at(-1)!) : null;
    const named = extensions === null ? entries : entries.slice(0, -1);
    const members = named.map((entry, index) => this.member(entry, index === 0 && entry.type.kind === 'literal'));
    return { kind: 'struct', wire: 'array', members, extensions };
  }

  private map(open: Token): CddlType {
    const entries = this.entries('}');
    const [first] = entries;
    if (!first) throw new CddlError(open.place, 'an empty map says nothing');
    if (first.keyType) {
      if (entries.length > 1 || !first.occurrence)
        throw new CddlError(first.token.place, 'a table is one `n*m key => type`');
      if (isName(first.type, 'any')) return this.extensions(first, first.occurrence);
      return { kind: 'table', count: first.occurrence, key: first.keyType, item: first.type };
    }
    const members = entries.map((entry) => this.member(entry, false));
    return { kind: 'struct', wire: 'map', members, extensions: null };
  }

  private extensions({ keyType, token }: Entry, count: Span): CddlType {
    if (keyType?.kind !== 'primitive' || keyType.name !== 'int')
      throw new CddlError(token.place, '`any` stands only in `n*m int => any`');
    return { kind: 'extensions', count };
  }

  private member(entry: Entry, mayBeBare: boolean): Member {
    const { key, type, doc, token } = entry;
    if (entry.occurrence)
      throw new CddlError(token.place, 'an optional or repeated member among others is outside the subset');
    if (entry.keyType) throw new CddlError(token.place, '`=>` belongs in a table of its own');
    if (key === null && !mayBeBare) throw new CddlError(token.place, 'a member needs a name');
    return { key, type, doc };
  }

  private entries(close: string): Entry[] {
    const entries: Entry[] = [];
    while (!this.take(close)) {
      entries.push(this.entry());
      if (!this.take(',') && this.peek().text !== close) {
        throw new CddlError(this.peek().place, `expected , or ${close}, found ${this.peek().text}`);
      }
    }
    return entries;
  }

  private entry(): Entry {
    const token = this.peek();
    const occurrence = this.occurrence();
    const hasName = this.peek().kind === 'name' && this.tokens[this.at + 1]?.text === ':';
    const key = hasName ? this.next().text : null;
    if (hasName) this.expect(':');
    let type = this.type();
    let keyType: CddlType | null = null;
    if (!hasName && this.take('=>')) {
      keyType = type;
      type = this.type();
    }
    return { occurrence, key, keyType, type, doc: join(token.above, this.besideMember()), token };
  }

  /** The trailing comment of the line this member ends on, if the member is the last thing on that line. */
  private besideMember(): string {
    const line = this.tokens[this.at - 1]!.place.line;
    const after = this.peek().text === ',' ? this.tokens[this.at + 1] : this.peek();
    const isLast = after?.place.line !== line;
    return isLast ? (this.besides.get(line) ?? '') : '';
  }

  private occurrence(): Span | null {
    if (this.take('*')) return { low: 0, high: Number.POSITIVE_INFINITY };
    if (this.take('+')) return { low: 1, high: Number.POSITIVE_INFINITY };
    if (this.take('?')) return { low: 0, high: 1 };
    if (this.peek().kind !== 'number' || this.tokens[this.at + 1]?.text !== '*') return null;
    const low = this.number();
    this.expect('*');
    const high = this.peek().kind === 'number' ? this.number() : Number.POSITIVE_INFINITY;
    return { low, high };
  }

  private peek(): Token {
    return this.tokens[this.at]!;
  }

  private next(): Token {
    const token = this.peek();
    if (token.kind !== 'end') this.at++;
    return token;
  }

  private take(text: string): boolean {
    const token = this.peek();
    if (token.kind !== 'mark' || token.text !== text) return false;
    this.at++;
    return true;
  }

  private expect(text: string): void {
    if (!this.take(text)) throw new CddlError(this.peek().place, `expected ${text}, found ${this.peek().text}`);
  }

  private number(): number {
    const token = this.next();
    if (token.kind !== 'number') throw new CddlError(token.place, `expected a number, found ${token.text}`);
    return Number(token.text);
  }
}

/** The rule named by a closing `? rule` without a member name. */
function extensionsOf({ occurrence, key, type }: Entry): string | null {
  const isOptional = occurrence?.low === 0 && occurrence.high === 1;
  return isOptional && key === null && type.kind === 'ref' ? type.name : null;
}

function isName(type: CddlType, name: string): boolean {
  return type.kind === 'ref' && type.name === name;
}

function join(...parts: string[]): string {
  return parts.filter((part) => part !== '').join(' ');
}
