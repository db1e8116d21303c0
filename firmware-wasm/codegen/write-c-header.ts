// generated/maibo_cores.h: the same structs, numbers and identities for firmware that embeds a core.

import { type AbiShape, type BuiltCore, type CoreShape, NUMBER_TYPES, type StructShape } from './core-shape.ts';

export function writeCHeader(banner: string, abi: AbiShape, cores: readonly BuiltCore[]): string {
  const statuses = abi.statuses.map((status) => `#define MAIBO_${status.name} (${status.value}) /* ${status.doc} */`);
  return `${banner}
#ifndef MAIBO_CORES_H
#define MAIBO_CORES_H

#include <stddef.h>
#include <stdint.h>

/* C99 has no _Static_assert: an array of -1 elements stops every compiler. */
#if defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
#define MAIBO_CHECK(name, condition) _Static_assert(condition, #name)
#else
#define MAIBO_CHECK(name, condition) typedef char name[(condition) ? 1 : -1]
#endif

/* Version of ABI.md that the cores follow: what abi() returns. */
#define MAIBO_ABI_VERSION ${abi.version}

/* Status: what a verb answers. push and poll answer with a count when it is >= 0. */
${statuses.join('\n')}

${writeShared(cores)}
${cores.map(writeCore).join('\n')}
#endif
`;
}

function writeCore({ shape, sha256, bytes }: BuiltCore): string {
  const prefix = `MAIBO_${macro(shape.name)}`;
  const constants = shape.constants.map(
    (constant) => `#define ${prefix}_${constant.name} ${constant.value} /* ${constant.doc} */`,
  );
  return `/* ---- core ${shape.name} ----
 *
${writePrototypes(shape)}
 */
#define ${prefix}_VERSION "${shape.version}"
#define ${prefix}_WASM_BYTES ${bytes.length}
#define ${prefix}_SHA256 "${sha256}"
${constants.join('\n')}

${shape.structs.map((struct) => writeStruct(shape, struct)).join('\n')}`;
}

/** What several cores take, once. */
function writeShared(cores: readonly BuiltCore[]): string {
  const byName = new Map(
    cores.flatMap(({ shape: { sharedInput } }) => (sharedInput ? [[sharedInput.struct.name, sharedInput]] : [])),
  );
  return [...byName.values()]
    .map(({ struct, constants }) => {
      const name = `MAIBO_${macro(kebabWord(struct.name))}`;
      const defines = constants.map(
        (constant) => `#define ${name}_${constant.name} ${constant.value} /* ${constant.doc} */`,
      );
      return `/* ---- input of several cores ---- */\n${defines.join('\n')}\n\n${writeStruct(null, struct)}`;
    })
    .join('\n');
}

/** The verbs, as a comment: what they are called in C depends on how the module is turned into C. */
function writePrototypes(core: CoreShape): string {
  const type = (name: string) => NUMBER_TYPES[name as keyof typeof NUMBER_TYPES]?.c ?? 'uint32_t';
  return core.verbs
    .map((verb) => {
      const parameters = verb.parameters.map((parameter) => {
        const element = /^Ptr<(\w+)>$/.exec(parameter.type)?.[1];
        return `${type(parameter.type)} ${parameter.name}${element ? ` [${element}]` : ''}`;
      });
      const result = verb.name === 'arena' ? 'uint32_t' : 'int32_t';
      return ` *   ${result} ${verb.name}(${parameters.join(', ') || 'void'})`;
    })
    .join('\n');
}

function writeStruct(core: CoreShape | null, struct: StructShape): string {
  const name = structName(core, struct);
  const fields = struct.fields.map((field) => `  ${NUMBER_TYPES[field.type].c} ${field.name}; /* ${field.doc} */`);
  const offsets = struct.fields.map(
    (field) => `MAIBO_CHECK(${name}_${field.name}_at, offsetof(${name}, ${field.name}) == ${field.offset});`,
  );
  return `/* ${struct.doc} */
typedef struct {
${fields.join('\n')}
} ${name};
MAIBO_CHECK(${name}_bytes, sizeof(${name}) == ${struct.bytes});
${offsets.join('\n')}
`;
}

const macro = (name: string) => name.toUpperCase().replaceAll('-', '_');
const kebabWord = (name: string) => name.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();

/** EcgFinding of core ecg -> maibo_ecg_finding; Interval of several cores -> maibo_interval. */
export function structName(core: CoreShape | null, struct: StructShape): string {
  const snake = kebabWord(struct.name).replaceAll('-', '_');
  if (core === null) return `maibo_${snake}`;
  const prefix = core.name.replaceAll('-', '_');
  return `maibo_${snake.startsWith(`${prefix}_`) ? snake : `${prefix}_${snake}`}`;
}
