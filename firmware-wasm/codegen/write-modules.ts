// generated/abi.gen.ts and generated/modules.gen.ts: the numbers of the ABI, and the modules themselves as base64, so that a host
// needs no file and no fetch to run a core.

import { type AbiShape, type BuiltCore, kebab } from './core-shape.ts';

export function writeAbi(banner: string, abi: AbiShape): string {
  const names = abi.statuses.map((status) => `  ${JSON.stringify(String(status.value))}: '${kebab(status.name)}',`);
  return `${banner}
/** The version of ABI.md that the cores follow. */
export const ABI_VERSION = ${abi.version};

/** Status number -> its name in ABI.md. */
export const STATUS_NAMES: Readonly<Record<number, string>> = {
${names.join('\n')}
};
`;
}

export function writeModules(banner: string, cores: readonly BuiltCore[]): string {
  return `${banner}
export interface GeneratedModule {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
  readonly base64: string;
}

export const GENERATED_MODULES: readonly GeneratedModule[] = [
${cores.map(writeModule).join('\n')}
];
`;
}

function writeModule({ shape, sha256, bytes }: BuiltCore): string {
  const base64 = Buffer.from(bytes).toString('base64');
  const lines = base64.match(/.{1,116}/g) ?? [];
  return `  {
    name: '${shape.name}',
    version: '${shape.version}',
    sha256: '${sha256}',
    base64:
${lines.map((line) => `      '${line}'`).join(' +\n')},
  },`;
}
