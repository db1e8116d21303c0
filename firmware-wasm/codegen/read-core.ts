// Reads the AssemblyScript of a core with ts-morph: its syntax is TypeScript's. What a reader of the source sees is what the
// hosts get: verbs from core.ts, structs and constants from layout.ts, status numbers from abi/status.ts.

import { join } from 'node:path';
import { type ClassDeclaration, type JSDocableNode, Project, type SourceFile } from 'ts-morph';
import {
  type AbiShape,
  type ConstantShape,
  type CoreShape,
  type FieldShape,
  NUMBER_TYPES,
  type NumberType,
  type StructShape,
  type VerbShape,
} from './core-shape.ts';

/** Version of a core whose core.ts has no @version tag in its first comment. */
const UNVERSIONED = '0.0.0';

export function readAbi(root: string): AbiShape {
  const project = openProject();
  const memory = project.addSourceFileAtPath(join(root, 'firmware-wasm/abi/memory.ts'));
  const status = project.addSourceFileAtPath(join(root, 'firmware-wasm/abi/status.ts'));
  const version = readConstants(memory).find((constant) => constant.name === 'ABI_VERSION');
  if (!version) throw new Error('abi/memory.ts does not say ABI_VERSION');
  return { version: version.value, statuses: readConstants(status) };
}

export function readCore(root: string, name: string): CoreShape {
  const project = openProject();
  const folder = join(root, 'firmware-wasm/cores', name);
  const core = project.addSourceFileAtPath(join(folder, 'core.ts'));
  const layout = project.addSourceFileAtPath(join(folder, 'layout.ts'));
  const structs = layout.getClasses().map(readStruct);
  const verbs = readVerbs(core);
  const input = elementOf(verbs, 'push', 'from');
  const findingName = elementOf(verbs, 'poll', 'into');
  const finding = structs.find((struct) => struct.name === findingName) ?? null;
  if (finding === null && !(findingName in NUMBER_TYPES))
    throw new Error(`core ${name}: layout.ts has no class ${findingName}`);
  return {
    name,
    version: /@version\s+(\d+\.\d+\.\d+)/.exec(headerOf(core))?.[1] ?? UNVERSIONED,
    verbs,
    structs,
    constants: readConstants(layout),
    input,
    sharedInput: readSharedInput(project.addSourceFileAtPath(join(root, 'firmware-wasm/abi/interval.ts')), input),
    finding,
  };
}

function readSharedInput(file: SourceFile, input: string): CoreShape['sharedInput'] {
  const declaration = file.getClass(input);
  return declaration ? { struct: readStruct(declaration), constants: readConstants(file) } : null;
}

function openProject(): Project {
  return new Project({ skipFileDependencyResolution: true, compilerOptions: { noLib: true } });
}

/** The comment before the first statement. */
function headerOf(file: SourceFile): string {
  return file.getFullText().slice(0, file.getStatements()[0]?.getStart() ?? 0);
}

function readVerbs(core: SourceFile): VerbShape[] {
  return core
    .getFunctions()
    .filter((declaration) => declaration.isExported())
    .map((declaration) => ({
      name: declaration.getNameOrThrow(),
      doc: docOf(declaration),
      parameters: declaration.getParameters().map((parameter) => ({
        name: parameter.getName(),
        type: parameter.getTypeNodeOrThrow().getText(),
      })),
    }));
}

/** T of the parameter `name: Ptr<T>` of a verb. */
function elementOf(verbs: readonly VerbShape[], verb: string, name: string): string {
  const parameters = verbs.find((candidate) => candidate.name === verb)?.parameters ?? [];
  const type = parameters.find((parameter) => parameter.name === name)?.type ?? '';
  const element = /^Ptr<(\w+)>$/.exec(type)?.[1];
  if (!element) throw new Error(`${verb}(): parameter ${name} must be a Ptr<...>, it is ${type || 'not there'}`);
  return element;
}

/** Fields in the order they are written, each aligned to its size, as the compiler lays out an @unmanaged class. */
function readStruct(declaration: ClassDeclaration): StructShape {
  const fields: FieldShape[] = [];
  let end = 0;
  for (const property of declaration.getProperties()) {
    const type = property.getTypeNodeOrThrow().getText() as NumberType;
    const known = NUMBER_TYPES[type];
    if (!known) throw new Error(`${declaration.getName()}.${property.getName()}: a layout holds numbers, not ${type}`);
    const offset = Math.ceil(end / known.bytes) * known.bytes;
    fields.push({ name: property.getName(), type, offset, doc: docOf(property) });
    end = offset + known.bytes;
  }
  const name = declaration.getNameOrThrow();
  // An array of structs keeps its f64 aligned only if padding is written out; the compiler would not add it at the end.
  if (end % 8 !== 0) throw new Error(`${name} is ${end} bytes long, not a multiple of 8`);
  const prefix = declaration
    .getJsDocs()
    .flatMap((doc) => doc.getTags())
    .find((tag) => tag.getTagName() === 'prefix');
  return {
    name,
    doc: docOf(declaration),
    bytes: end,
    fields,
    prefix: prefix?.getCommentText()?.split(/\s/)[0] ?? '',
    validWordCount: fields.findIndex((field, i) => field.name !== `valid${i || ''}` || field.type !== 'u32'),
  };
}

/** Exported constants with a whole number as their value. */
function readConstants(file: SourceFile): ConstantShape[] {
  return file
    .getVariableStatements()
    .filter((statement) => statement.isExported())
    .flatMap((statement) =>
      statement.getDeclarations().map((declaration) => ({
        name: declaration.getName(),
        value: Number(declaration.getInitializerOrThrow().getText().replaceAll('_', '')),
        doc: docOf(statement),
      })),
    )
    .filter((constant) => Number.isInteger(constant.value));
}

function docOf(node: JSDocableNode): string {
  return node
    .getJsDocs()
    .map((doc) => doc.getDescription().trim())
    .join(' ')
    .replace(/\s+/g, ' ');
}
