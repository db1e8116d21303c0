// generated/cores.gen.ts: a typed class for each core over host/core-instance.ts. A core whose finding is a set of values with bits
// that say which of them exist answers once per window (compute); any other is a stream (push, flush).

import {
  type BuiltCore,
  type ConstantShape,
  type CoreShape,
  camel,
  type FieldShape,
  kebab,
  NUMBER_TYPES,
  namesWith,
  pascal,
  type StructShape,
} from './core-shape.ts';

export function writeClasses(banner: string, cores: readonly BuiltCore[]): string {
  return `${banner}
import { coreCatalog } from '../host/core-catalog.ts';
import { CoreInstance, type CoreLayout, nameOf } from '../host/core-instance.ts';
import type { CoreModule } from '../host/core-module.ts';

${cores.map(({ shape }) => writeCore(shape)).join('\n')}`;
}

function writeCore(core: CoreShape): string {
  const input = core.structs.find((struct) => struct.name === core.input);
  return [
    writeFinding(core),
    writeFlagNames(core),
    input ? writeInput(input, core.constants) : '',
    writeLayout(core, input),
    input && core.finding.hasValidBits ? writeWindowClass(core, input) : writeStreamClass(core, input),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

/** Constants that name the values of a field: KIND_* for `kind`, FLAG_* for `flags`. */
function namesOf(field: FieldShape, constants: readonly ConstantShape[]): ConstantShape[] {
  return namesWith(field.name.toUpperCase().replace(/S$/, ''), constants);
}

function writeFinding({ finding, constants }: CoreShape): string {
  return finding.hasValidBits ? writeValues(finding) : writePlainFinding(finding, constants);
}

function writePlainFinding(finding: StructShape, constants: readonly ConstantShape[]): string {
  const named = (field: FieldShape) => field.name !== 'flags' && namesOf(field, constants).length > 0;
  const members = finding.fields.map((field) => {
    const names = namesOf(field, constants).map((constant) => `'${kebab(constant.name)}'`);
    return `  /** ${field.doc} */\n  ${field.name}: ${named(field) ? names.join(' | ') : 'number'};`;
  });
  const tables = finding.fields.filter(named).map((field) => {
    const entries = namesOf(field, constants).map((constant) => `  ${constant.value}: '${kebab(constant.name)}',`);
    return `const ${tableName(finding, field)}: Readonly<Record<number, ${finding.name}['${field.name}']>> = {\n${entries.join('\n')}\n};\n`;
  });
  const reads = finding.fields.map((field) => {
    const number = readNumber(field);
    return `    ${field.name}: ${named(field) ? `nameOf(${tableName(finding, field)}, ${number})` : number},`;
  });
  return `/** ${finding.doc} */
export interface ${finding.name} {
${members.join('\n')}
}

${tables.join('\n')}
function read${finding.name}(view: DataView, at: number): ${finding.name} {
  return {
${reads.join('\n')}
  };
}
`;
}

/** A struct with valid bits: its f64 fields become values that may be null. */
function writeValues(finding: StructShape): string {
  const values = finding.fields.filter((field) => field.type === 'f64');
  const others = finding.fields.filter((field) => field.type !== 'f64' && field.name !== 'valid');
  const members = others.map((field) => `  /** ${field.doc} */\n  ${field.name}: number;`);
  const constant = `${screaming(finding.name)}_NAMES`;
  const first = values[0]!;
  return `/** Names of the values of ${finding.name}, in the order of their bits. */
export const ${constant} = [
${values.map((field) => `  /** ${field.doc} */\n  '${finding.prefix}${field.name}',`).join('\n')}
] as const;

/** ${finding.doc} */
export interface ${finding.name} {
${members.join('\n')}
  /** By name (${constant}); null: the value does not exist for this window. */
  values: Record<\`${finding.prefix}\${string}\`, number | null>;
}

function read${finding.name}(view: DataView, at: number): ${finding.name} {
  const valid = view.getUint32(at, true);
  const values: ${finding.name}['values'] = {};
  ${constant}.forEach((name, i) => {
    values[name] = (valid >>> i) & 1 ? view.getFloat64(at + ${first.offset} + 8 * i, true) : null;
  });
  return { ${others.map((field) => `${field.name}: ${readNumber(field)}`).join(', ')}, values };
}
`;
}

function writeFlagNames({ finding, constants }: CoreShape): string {
  const flags = finding.fields.find((field) => field.name === 'flags');
  if (!flags) return '';
  const entries = namesOf(flags, constants).map((constant) => `  [${constant.value}, '${kebab(constant.name)}'],`);
  const constant = `${screaming(finding.name)}_FLAGS`;
  const core = camel(finding.name.replace(/Finding$/, ''));
  return `const ${constant} = [
${entries.join('\n')}
] as const;

/** Names of the bits that are set in \`${finding.name}.flags\`. */
export function ${core}FlagNames(flags: number): string[] {
  return ${constant}.filter(([bit]) => (flags & bit) !== 0).map(([, name]) => name);
}
`;
}

/** An input's flag bits become booleans; \`reserved\` is written as 0. */
function writeInput(input: StructShape, constants: readonly ConstantShape[]): string {
  const members: string[] = [];
  const writes: string[] = [];
  for (const field of input.fields) {
    let value = field.name === 'reserved' ? '0' : `input.${field.name}`;
    if (field.name === 'flags') {
      const flags = namesOf(field, constants).map((flag) => ({ ...flag, name: camel(flag.name) }));
      members.push(...flags.map((flag) => `  /** ${flag.doc} */\n  ${flag.name}: boolean;`));
      value = flags.map((flag) => `(input.${flag.name} ? ${flag.value} : 0)`).join(' | ');
    } else if (field.name !== 'reserved') {
      members.push(`  /** ${field.doc} */\n  ${field.name}: number;`);
    }
    writes.push(`  view.set${NUMBER_TYPES[field.type].view}(at${plus(field.offset)}, ${value}, true);`);
  }
  return `/** ${input.doc} */
export interface ${input.name} {
${members.join('\n')}
}

function write${input.name}(view: DataView, at: number, input: Readonly<${input.name}>): void {
${writes.join('\n')}
}
`;
}

function writeLayout(core: CoreShape, input: StructShape | undefined): string {
  const inputBytes = input?.bytes ?? NUMBER_TYPES[core.input as keyof typeof NUMBER_TYPES].bytes;
  return `const ${layoutName(core)}: CoreLayout<${core.finding.name}> = {
  core: '${core.name}',
  inputBytes: ${inputBytes},
  findingBytes: ${core.finding.bytes},
  readFinding: read${core.finding.name},
};
`;
}

/** What both kinds of class share: making one, its identity, its bytes. */
function writeCommon(core: CoreShape): { head: string; tail: string } {
  const name = className(core);
  const parameters = core.verbs.find((verb) => verb.name === 'init')!.parameters.slice(1);
  const sizeNames = core.verbs.find((verb) => verb.name === 'size')!.parameters.map((parameter) => parameter.name);
  const option = (parameter: string) => `options.${parameter}`;
  const head = `  readonly module: CoreModule;
  readonly instanceBytes: number;
  readonly #core: CoreInstance<${core.finding.name}>;

  private constructor(core: CoreInstance<${core.finding.name}>) {
    this.#core = core;
    this.module = core.module;
    this.instanceBytes = core.instanceBytes;
  }

  /** A fresh instance in a memory of its own; of the built-in core unless \`module\` says which. */
  static create(options: { ${parameters.map(({ name }) => `${name}: number; `).join('')}module?: CoreModule }): ${name} {
    const module = options.module ?? coreCatalog.get('${core.name}');
    const initNumbers = [${parameters.map((parameter) => option(parameter.name)).join(', ')}];
    return new ${name}(new CoreInstance(module, ${layoutName(core)}, [${sizeNames.map(option).join(', ')}], initNumbers));
  }
`;
  const tail = `
  /** Forget the signal, keep the settings. */
  reset(): void {
    this.#core.reset();
  }

  /** The state as bytes; they belong to this build of the core. */
  snapshot(): Uint8Array {
    return this.#core.snapshot();
  }

  /** Continue from a snapshot of the same build and size; otherwise throws \`CoreSnapshotError\`. */
  restore(bytes: Uint8Array): void {
    this.#core.restore(bytes);
  }
}
`;
  return { head, tail };
}

function writeStreamClass(core: CoreShape, input?: StructShape): string {
  const { head, tail } = writeCommon(core);
  const [offered, push] = input
    ? [
        `${camelWord(input.name)}s: readonly Readonly<${input.name}>[]`,
        `pushStructs(${camelWord(input.name)}s, write${input.name})`,
      ]
    : ['samples: Float32Array', 'pushFloats(samples)'];
  return `/** The core \`${core.name}\`, version ${core.version}. */
export class ${className(core)} {
${head}
  /** Push any number; returns the findings that are ready. */
  push(${offered}): ${core.finding.name}[] {
    return this.#core.${push};
  }

  /** No more input; returns the last findings. \`push\` again only after \`reset\`. */
  flush(): ${core.finding.name}[] {
    return this.#core.flush();
  }
${tail}`;
}

function writeWindowClass(core: CoreShape, input: StructShape): string {
  const { head, tail } = writeCommon(core);
  const inputs = `${camelWord(input.name)}s`;
  return `/** The core \`${core.name}\`, version ${core.version}. */
export class ${className(core)} {
${head}
  /** The finding of one window. A window is complete in itself: what was computed before has no influence. */
  compute(${inputs}: readonly Readonly<${input.name}>[]): ${core.finding.name} {
    this.#core.reset();
    const early = this.#core.pushStructs(${inputs}, write${input.name});
    const [finding] = [...early, ...this.#core.flush()];
    if (!finding) throw new Error('core ${core.name} gave no finding');
    return finding;
  }
${tail}`;
}

const className = (core: CoreShape) => `${pascal(core.name)}Core`;
const layoutName = (core: CoreShape) => `${core.name.toUpperCase().replaceAll('-', '_')}_LAYOUT`;
const tableName = (struct: StructShape, field: FieldShape) => `${screaming(struct.name)}_${field.name.toUpperCase()}S`;
const plus = (offset: number) => (offset === 0 ? '' : ` + ${offset}`);
const camelWord = (name: string) => name.slice(0, 1).toLowerCase() + name.slice(1);
const screaming = (name: string) => name.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();

function readNumber(field: FieldShape): string {
  const { view, bytes } = NUMBER_TYPES[field.type];
  return `view.get${view}(at${plus(field.offset)}${bytes > 1 ? ', true' : ''})`;
}
