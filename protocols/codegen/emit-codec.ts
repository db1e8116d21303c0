// Model -> readers (decoded CBOR -> typed value, every constraint checked) and writers (typed value -> CBOR value).

import { fieldName, quote } from './emit-types.ts';
import type { CddlType, Member, Model, Rule } from './model.ts';
import { hasTypeName, literalOf, numberOf, pascal, primitiveOf, unionOf } from './names.ts';

const SAFE = Number.MAX_SAFE_INTEGER;
const PARAMETERS = 'v: Wire, s: Shape, up: Where | null, name: string, index: number';

export function emitCodec(model: Model): string {
  return new CodecEmitter(model).emit();
}

class CodecEmitter {
  private readonly model: Model;
  private readonly constants = new Map<string, string>();
  private readonly types = new Set<string>();
  private readonly roots: ReadonlySet<Rule>;

  constructor(model: Model) {
    this.model = model;
    this.roots = new Set(model.roots());
  }

  emit(): string {
    const bodies: string[] = [];
    for (const rule of this.model.rules.values()) if (this.hasFunctions(rule)) bodies.push(...this.functions(rule));
    const constants = [...this.constants].map(([text, name]) => `const ${name} = ${text} as const;`);
    return [
      "import type { CborValue } from '../cbor/cbor-value.ts';",
      "import { isObject, kindOf, type Shape, type Where } from '../message/shape.ts';",
      `import type {\n${[...this.types]
        .sort()
        .map((name) => `  ${name},`)
        .join('\n')}\n} from './types.gen.ts';`,
      '',
      'type Wire = CborValue | undefined;',
      '// What a reader returns after a fault; the caller looks at the fault and drops it.',
      'const NOTHING = undefined as never;',
      ...constants,
      '',
      `${bodies.join('\n\n')}\n`,
    ].join('\n');
  }

  /** Scalars are checked where they stand; only what has structure gets functions. */
  private hasFunctions(rule: Rule): boolean {
    if (!hasTypeName(this.model, rule)) return false;
    const { kind } = rule.type;
    return kind === 'struct' || kind === 'list' || kind === 'table' || (kind === 'choice' && !isLiterals(rule.type));
  }

  private functions(rule: Rule): string[] {
    this.types.add(pascal(rule.name));
    const union = unionOf(this.model, rule.type);
    const writer = this.isPlain(rule.type) ? [] : [union ? this.unionWriter(rule) : this.writer(rule)];
    if (union) return [this.unionReader(rule), ...writer];
    if (rule.type.kind === 'struct') return [this.structReader(rule), ...writer];
    const body = this.read(rule.type, 'v', 'up, name, index');
    return [`${this.head(rule, 'read', PARAMETERS, pascal(rule.name))} {\n  return ${body};\n}`, ...writer];
  }

  private head(rule: Rule, verb: 'read' | 'write', parameters: string, result: string): string {
    return `${this.roots.has(rule) ? 'export ' : ''}function ${verb}${pascal(rule.name)}(${parameters}): ${result}`;
  }

  private structReader(rule: Rule): string {
    const { members, wire, extensions } = rule.type as Extract<CddlType, { kind: 'struct' }>;
    const open =
      wire === 'array'
        ? this.openArray(members.length, extensions)
        : `s.members(v, up, name, index, ${this.constant(`[${members.map((member) => quote(member.key!)).join(', ')}]`)})`;
    const lines = members.map((member, index) => this.fieldReader(rule, member, index));
    // Members of a union are told apart by their number before they are read here; one that travels alone is not.
    const number = this.roots.has(rule) ? numberOf(rule.type) : null;
    const check = number === null ? [] : [`  s.oneOf(w[0], here, 'number', 0, ${this.constant(`[${number}]`)});`];
    return [
      `${this.head(rule, 'read', PARAMETERS, pascal(rule.name))} {`,
      `  const w = ${open};`,
      '  const here: Where = { up, name, index };',
      ...check,
      '  return {',
      ...lines,
      '  };',
      '}',
    ].join('\n');
  }

  private openArray(count: number, extensions: string | null): string {
    if (extensions === null) return `s.items(v, up, name, index, ${count}, ${count})`;
    const { count: span } = this.model.rule(extensions).type as Extract<CddlType, { kind: 'extensions' }>;
    return `s.extended(v, up, name, index, ${count}, ${span.low}, ${finite(span.high)})`;
  }

  private fieldReader(rule: Rule, member: Member, index: number): string {
    if (member.key === null) return `    type: '${rule.name}',`;
    const name = fieldName(rule.type, member);
    const isArray = (rule.type as { wire: string }).wire === 'array';
    const value = isArray ? `w[${index}]` : `w.${name}`;
    return `    ${name}: ${this.read(member.type, value, `here, '${name}', ${isArray ? index : -1}`)},`;
  }

  private unionReader(rule: Rule): string {
    const { by, options } = unionOf(this.model, rule.type)!;
    const byNumber = by === 'number';
    const cases = options.map((option) => {
      const tag = byNumber ? numberOf(option.type)! : quote(literalOf(option, by)!);
      return `    case ${tag}:\n      return read${pascal(option.name)}(v, s, up, '${option.name}', index);`;
    });
    const tags = options.map((option) => literalOf(option, by)).join(', ');
    const otherwise = byNumber
      ? [
          "      if (Number.isSafeInteger(tag) && (tag as number) >= 0) return s.unknownNumber(tag as number, { up, name, index }, 'number', 0, NOTHING);",
          "      return s.refuse(up, name, index, 'not an array that starts with a message number', NOTHING);",
        ]
      : [
          `      return s.refuse({ up, name, index }, '${by}', -1, \`\${typeof tag === 'string' ? JSON.stringify(tag) : kindOf(tag)}, expected one of ${tags}\`, NOTHING);`,
        ];
    return [
      `${this.head(rule, 'read', PARAMETERS, pascal(rule.name))} {`,
      byNumber
        ? '  const tag = Array.isArray(v) ? (v[0] as Wire) : undefined;'
        : `  if (!isObject(v)) return s.refuse(up, name, index, \`\${kindOf(v)}, expected a map\`, NOTHING);\n  const tag = v.${by};`,
      '  switch (tag) {',
      ...cases,
      '    default:',
      ...otherwise,
      '  }',
      '}',
    ].join('\n');
  }

  private unionWriter(rule: Rule): string {
    const { by, options } = unionOf(this.model, rule.type)!;
    const cases = options.map((option) => {
      const tag = by === 'number' ? `'${option.name}'` : quote(literalOf(option, by)!);
      return `    case ${tag}:\n      return write${pascal(option.name)}(v);`;
    });
    const key = by === 'number' ? 'type' : by;
    return [
      `${this.head(rule, 'write', `v: ${pascal(rule.name)}`, 'CborValue')} {`,
      `  switch (v.${key}) {`,
      ...cases,
      '    default:',
      `      throw new TypeError(\`no ${rule.name} has the ${key} \${String((v as { ${key}?: unknown }).${key})}\`);`,
      '  }',
      '}',
    ].join('\n');
  }

  private writer(rule: Rule): string {
    const open = `${this.head(rule, 'write', `v: ${pascal(rule.name)}`, 'CborValue')} {\n  return `;
    if (rule.type.kind !== 'struct') return `${open}${this.write(rule.type, 'v')};\n}`;
    const { members, wire } = rule.type;
    if (wire === 'array') {
      const items = members.map((member) =>
        member.key === null
          ? String(numberOf(rule.type))
          : this.write(member.type, `v.${fieldName(rule.type, member)}`),
      );
      return `${open}[${items.join(', ')}];\n}`;
    }
    const lines = members.map((member) => `    ${member.key}: ${this.write(member.type, `v.${member.key}`)},`);
    return `${open}{\n${lines.join('\n')}\n  };\n}`;
  }

  /** The expression that reads `v` as `type`; `where` is the argument list up, name, index. */
  private read(type: CddlType, v: string, where: string): string {
    switch (type.kind) {
      case 'literal':
        return `s.oneOf(${v}, ${where}, ${this.constant(`[${quote(type.value)}]`)})`;
      case 'range':
        return `s.int(${v}, ${where}, ${type.low}, ${type.high})`;
      case 'primitive':
        return this.readPrimitive(type, v, where);
      case 'ref':
        return this.readRef(type.name, v, where);
      case 'choice':
        return this.readChoice(type.options, v, where);
      case 'list':
        return `s.list(${v}, ${where}, ${type.count.low}, ${finite(type.count.high)}, ${this.reader(type.item)})`;
      case 'table': {
        const count = `${type.count.low}, ${finite(type.count.high)}`;
        if (primitiveOf(this.model, type.key) !== 'string')
          throw new Error('only tables with text keys are in the subset');
        return `s.table(${v}, ${where}, ${count}, ${this.reader(type.key)}, ${this.reader(type.item)})`;
      }
      case 'struct':
      case 'extensions':
        throw new Error('structs are lifted before they are emitted, and extensions are not read');
    }
  }

  private readPrimitive(type: Extract<CddlType, { kind: 'primitive' }>, v: string, where: string): string {
    const size = type.size ? `${type.size.low}, ${type.size.high}` : `0, ${SAFE}`;
    switch (type.name) {
      case 'bool':
        return `s.bool(${v}, ${where})`;
      case 'tstr':
        return `s.text(${v}, ${where}, ${size})`;
      case 'bstr':
        return `s.bytes(${v}, ${where}, ${size})`;
      case 'int':
        return `s.int(${v}, ${where}, ${-SAFE}, ${SAFE})`;
      case 'uint':
        return `s.int(${v}, ${where}, 0, ${SAFE})`;
      case 'float64':
        return `s.number(${v}, ${where})`;
      case 'null':
        return `(${v} === null ? null : s.refuse(${where}, \`\${kindOf(${v})}, expected null\`, null))`;
    }
  }

  private readRef(name: string, v: string, where: string): string {
    const rule = this.model.rule(name);
    if (this.hasFunctions(rule)) return `read${pascal(name)}(${v}, s, ${where})`;
    return this.read(rule.type, v, where);
  }

  private readChoice(options: readonly CddlType[], v: string, where: string): string {
    const resolved = options.map((option) => this.model.resolve(option));
    if (resolved.every((option) => option.kind === 'literal')) {
      return `s.oneOf(${v}, ${where}, ${this.constant(`[${resolved.map((option) => quote((option as { value: number }).value)).join(', ')}]`)})`;
    }
    if (options.every((option) => primitiveOf(this.model, option) === 'number')) return `s.number(${v}, ${where})`;
    const isNull = (index: number) =>
      resolved[index]!.kind === 'primitive' && (resolved[index] as { name: string }).name === 'null';
    const others = options.filter((_, index) => !isNull(index));
    const nullFirst = others.length < options.length ? `${v} === null ? null : ` : '';
    if (others.length === 1) return `(${nullFirst}${this.read(others[0]!, v, where)})`;
    const tests = others.map((option) => `${this.test(option, v)} ? ${this.read(option, v, where)} : `);
    return `(${nullFirst}${tests.join('')}s.refuse(${where}, \`\${kindOf(${v})} is not allowed here\`, NOTHING))`;
  }

  /** The JavaScript test that tells one option of a choice from the others by its CBOR major type. */
  private test(type: CddlType, v: string): string {
    const primitive = primitiveOf(this.model, type);
    if (primitive) return `typeof ${v} === '${primitive}'`;
    const at = this.model.resolve(type);
    if (at.kind === 'list') return `Array.isArray(${v})`;
    if (at.kind === 'primitive' && at.name === 'bstr') return `${v} instanceof Uint8Array`;
    throw new Error(`a choice with ${at.kind} in it is outside the subset`);
  }

  private reader(type: CddlType): string {
    if (type.kind === 'ref' && this.hasFunctions(this.model.rule(type.name))) return `read${pascal(type.name)}`;
    return `(v, s, up, name, index) => ${this.read(type, 'v', 'up, name, index')}`;
  }

  private write(type: CddlType, v: string): string {
    if (this.isPlain(type)) return v;
    if (type.kind === 'ref') return `write${pascal(type.name)}(${v})`;
    if (type.kind === 'list') return `${v}.map((one) => ${this.write(type.item, 'one')})`;
    throw new Error(`cannot write ${type.kind} with structs in it: outside the subset`);
  }

  /** True when the typed value already is its CBOR value. */
  private isPlain(type: CddlType): boolean {
    switch (type.kind) {
      case 'struct':
        return false;
      case 'ref':
        return this.isPlain(this.model.rule(type.name).type);
      case 'choice':
        return type.options.every((option) => this.isPlain(option));
      case 'list':
      case 'table':
        return this.isPlain(type.item);
      default:
        return true;
    }
  }

  private constant(text: string): string {
    const known = this.constants.get(text);
    if (known) return known;
    const name = `WORDS_${this.constants.size + 1}`;
    this.constants.set(text, name);
    return name;
  }
}

function isLiterals(type: CddlType): boolean {
  return type.kind === 'choice' && type.options.every((option) => option.kind === 'literal');
}

function finite(count: number): number {
  return Number.isFinite(count) ? count : SAFE;
}
