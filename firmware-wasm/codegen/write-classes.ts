// generated/cores.gen.ts: a typed class for each core over host/core-instance.ts.

import {
  type BuiltCore,
  type ConstantShape,
  type CoreShape,
  camel,
  type FieldShape,
  type FindingCoreShape,
  kebab,
  NUMBER_TYPES,
  namesWith,
  pascal,
  type StructShape,
  valueFields,
} from './core-shape.ts';

export function writeClasses(banner: string, cores: readonly BuiltCore[]): string {
  return `${banner}
import { coreCatalog } from '../host/core-catalog.ts';
import { CoreInstance, type CoreLayout, nameOf, readValues } from '../host/core-instance.ts';
import type { CoreModule } from '../host/core-module.ts';

${writeSharedInputs(cores)}
${cores.flatMap(({ shape }) => (hasFindings(shape) ? [writeCore(shape)] : [])).join('\n')}`;
}

function hasFindings(core: CoreShape): core is FindingCoreShape {
  return core.finding !== null;
}

/** Inputs that several cores take, once. */
function writeSharedInputs(cores: readonly BuiltCore[]): string {
  const shared = new Map<string, string>();
  for (const { shape } of cores) {
    if (shape.sharedInput) shared.set(shape.input, writeInput(shape.sharedInput.struct, shape.sharedInput.constants));
  }
  return [...shared.values()].join('\n');
}

function writeCore(core: FindingCoreShape): string {
  const own = core.structs.find((struct) => struct.name === core.input);
  const input = own ?? core.sharedInput?.struct;
  return [
    writeFinding(core),
    writeFlagNames(core),
    own ? writeInput(own, core.constants) : '',
    writeLayout(core, input),
    writeClass(core, input),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

/** Constants that name the values of a field: KIND_* for `kind`, FLAG_* for `flags`. */
function namesOf(field: FieldShape, constants: readonly ConstantShape[]): ConstantShape[] {
  return namesWith(field.name.toUpperCase().replace(/S$/, ''), constants);
}

/** The same of an input: INPUT_KIND_*, INPUT_FLAG_* where the core's own findings have names of theirs. */
function inputNamesOf(field: FieldShape, constants: readonly ConstantShape[]): ConstantShape[] {
  const own = namesOf({ ...field, name: `input_${field.name}` }, constants);
  return own.length > 0 || field.name !== 'flags' ? own : namesOf(field, constants);
}

function writeFinding({ finding, constants }: FindingCoreShape): string {
  return finding.validWordCount > 0 ? writeValues(finding, constants) : writePlainFinding(finding, constants);
}

function writePlainFinding(finding: StructShape, constants: readonly ConstantShape[]): string {
  const parts = writeFields(finding, finding.fields, constants);
  return `/** ${finding.doc} */
export interface ${finding.name} {
${parts.members.join('\n')}
}

${parts.tables.join('\n')}
function read${finding.name}(view: DataView, at: number): ${finding.name} {
  return {
${parts.reads.join('\n')}
  };
}
`;
}

/** Members of an interface, tables of names, and what reads the members. */
function writeFields(struct: StructShape, fields: readonly FieldShape[], constants: readonly ConstantShape[]) {
  const named = (field: FieldShape) => field.name !== 'flags' && namesOf(field, constants).length > 0;
  const members = fields.map((field) => {
    const names = namesOf(field, constants).map((constant) => `'${kebab(constant.name)}'`);
    return `  /** ${field.doc} */\n  ${field.name}: ${named(field) ? names.join(' | ') : 'number'};`;
  });
  const tables = fields.filter(named).map((field) => {
    const entries = namesOf(field, constants).map((constant) => `  ${constant.value}: '${kebab(constant.name)}',`);
    return `const ${tableName(struct, field)}: Readonly<Record<number, ${struct.name}['${field.name}']>> = {\n${entries.join('\n')}\n};\n`;
  });
  const reads = fields.map((field) => {
    const number = readNumber(field);
    return `    ${field.name}: ${named(field) ? `nameOf(${tableName(struct, field)}, ${number})` : number},`;
  });
  return { members, tables, reads };
}

/** A struct with valid bits: its values may be null. */
function writeValues(finding: StructShape, constants: readonly ConstantShape[]): string {
  const values = valueFields(finding);
  const others = finding.fields.filter(
    (field, i) => i >= finding.validWordCount && field.name !== 'reserved' && !values.includes(field),
  );
  const parts = writeFields(finding, others, constants);
  const constant = `${screaming(finding.name)}_NAMES`;
  return `/** Names of the values of ${finding.name}, in the order of their bits. */
export const ${constant} = [
${values.map((field) => `  /** ${field.doc} */\n  '${finding.prefix}${field.name}',`).join('\n')}
] as const;

/** ${finding.doc} */
export interface ${finding.name} {
${parts.members.join('\n')}
  /** By name (${constant}); null: the value does not exist. */
  values: Record<(typeof ${constant})[number], number | null>;
}

${parts.tables.join('\n')}
function read${finding.name}(view: DataView, at: number): ${finding.name} {
  return {
${parts.reads.join('\n')}
    values: readValues(view, at, at + ${values[0]!.offset}, ${constant}),
  };
}
`;
}

function writeFlagNames({ finding, constants }: FindingCoreShape): string {
  const flags = finding.fields.find((field) => field.name === 'flags');
  if (!flags) return '';
  const entries = namesOf(flags, constants).map((constant) => `  [${constant.value}, '${kebab(constant.name)}'],`);
  const constant = `${screaming(finding.name)}_FLAGS`;
  const core = camelWord(finding.name.replace(/Finding$/, ''));
  return `const ${constant} = [
${entries.join('\n')}
] as const;

/** Names of the bits that are set in \`${finding.name}.flags\`. */
export function ${core}FlagNames(flags: number): string[] {
  return ${constant}.filter(([bit]) => (flags & bit) !== 0).map(([, name]) => name);
}
`;
}

/** An input's flag bits become booleans, its kind a word; `reserved` is written as 0. */
function writeInput(input: StructShape, constants: readonly ConstantShape[]): string {
  const members: string[] = [];
  const writes: string[] = [];
  const tables: string[] = [];
  for (const field of input.fields) {
    const names = inputNamesOf(field, constants);
    let value = field.name === 'reserved' ? '0' : `input.${field.name}`;
    if (field.name === 'flags') {
      const flags = names.map((flag) => ({ ...flag, name: camel(flag.name) }));
      members.push(...flags.map((flag) => `  /** ${flag.doc} */\n  ${flag.name}: boolean;`));
      value = flags.map((flag) => `(input.${flag.name} ? ${flag.value} : 0)`).join(' | ');
    } else if (names.length > 0) {
      const entries = names.map((name) => `  '${kebab(name.name)}': ${name.value},`);
      tables.push(`const ${tableName(input, field)} = {\n${entries.join('\n')}\n} as const;\n`);
      members.push(`  /** ${field.doc} */\n  ${field.name}: keyof typeof ${tableName(input, field)};`);
      value = `${tableName(input, field)}[input.${field.name}]`;
    } else if (field.name !== 'reserved') {
      members.push(`  /** ${field.doc} */\n  ${field.name}: number;`);
    }
    writes.push(`  view.set${NUMBER_TYPES[field.type].view}(at${plus(field.offset)}, ${value}, true);`);
  }
  return `${tables.join('\n')}/** ${input.doc} */
export interface ${input.name} {
${members.join('\n')}
}

function write${input.name}(view: DataView, at: number, input: Readonly<${input.name}>): void {
${writes.join('\n')}
}
`;
}

function writeLayout(core: FindingCoreShape, input: StructShape | undefined): string {
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
function writeCommon(core: FindingCoreShape): { head: string; tail: string } {
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
  static create(options: { ${parameters.map(({ name }) => `${name}: number; `).join('')}module?: CoreModule }${parameters.length === 0 ? ' = {}' : ''}): ${name} {
    const module = options.module ?? coreCatalog.get('${core.name}');
    const initNumbers: number[] = [${parameters.map((parameter) => option(parameter.name)).join(', ')}];
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

function writeClass(core: FindingCoreShape, input?: StructShape): string {
  const { head, tail } = writeCommon(core);
  const inputs = input ? `${camelWord(input.name)}s` : 'samples';
  const type = input ? `readonly Readonly<${input.name}>[]` : 'Float32Array';
  const push = input ? `pushStructs(${inputs}, write${input.name})` : 'pushFloats(samples)';
  return `/** The core \`${core.name}\`, version ${core.version}. */
export class ${className(core)} {
${head}
  /** Push any number; returns the findings that are ready. */
  push(${inputs}: ${type}): ${core.finding.name}[] {
    return this.#core.${push};
  }

  /** No more input; returns the last findings. \`push\` again only after \`reset\`. */
  flush(): ${core.finding.name}[] {
    return this.#core.flush();
  }
${input && core.finding.validWordCount > 0 ? writeCompute(core, inputs, type) : ''}${tail}`;
}

/** For cores whose findings are windows of values: all that is wanted at once. */
function writeCompute(core: FindingCoreShape, inputs: string, type: string): string {
  return `
  /** All findings of a series that is complete in itself: what was pushed before has no influence. */
  compute(${inputs}: ${type}): ${core.finding.name}[] {
    this.reset();
    const early = this.push(${inputs});
    return [...early, ...this.flush()];
  }
`;
}

const className = (core: FindingCoreShape) => `${pascal(core.name)}Core`;
const layoutName = (core: FindingCoreShape) => `${core.name.toUpperCase().replaceAll('-', '_')}_LAYOUT`;
const tableName = (struct: StructShape, field: FieldShape) => `${screaming(struct.name)}_${field.name.toUpperCase()}S`;
const plus = (offset: number) => (offset === 0 ? '' : ` + ${offset}`);
const camelWord = (name: string) => name.slice(0, 1).toLowerCase() + name.slice(1);
const screaming = (name: string) => name.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();

function readNumber(field: FieldShape): string {
  const { view, bytes } = NUMBER_TYPES[field.type];
  return `view.get${view}(at${plus(field.offset)}${bytes > 1 ? ', true' : ''})`;
}
