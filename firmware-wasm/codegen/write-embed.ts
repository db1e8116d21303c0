// generated/maibo_embed.h: the ten calls of embed/maibo.h with the types of each core. generated/embed.gen.json: what embed/build.mjs
// must know of a core to make C of its module.

import { type BuiltCore, type CoreShape, NUMBER_TYPES, type ParameterShape, type VerbShape } from './core-shape.ts';
import { structName } from './write-c-header.ts';

/** An element of a core's input or findings, as C sees it. */
interface Element {
  readonly c: string;
  readonly bytes: number;
}

export function writeEmbedHeader(banner: string, cores: readonly BuiltCore[]): string {
  return `${banner}
#ifndef MAIBO_EMBED_H
#define MAIBO_EMBED_H

#include <stddef.h>

#include "maibo.h"

#ifdef __cplusplus
extern "C" {
#endif

${cores.map(({ shape }) => writeCalls(shape)).join('\n')}
#ifdef __cplusplus
}
#endif

#endif
`;
}

export function writeEmbedFacts(banner: readonly string[], cores: readonly BuiltCore[]): string {
  const facts = cores.map(({ shape, sha256 }) => ({
    name: shape.name,
    version: shape.version,
    sha256,
    input: elementOf(shape, 'push'),
    finding: elementOf(shape, 'poll'),
    size: parametersOf(shape, 'size').map(({ name }) => name),
    settings: settingsOf(shape).map(({ name, type }) => ({ name, c: cType(type) })),
  }));
  return `${JSON.stringify({ banner, cores: facts }, null, 2)}\n`;
}

function writeCalls(core: CoreShape): string {
  const id = `maibo_${core.name.replaceAll('-', '_')}`;
  const input = elementOf(core, 'push').c;
  const finding = elementOf(core, 'poll').c;
  const settings = settingsOf(core).map(({ name, type }) => ({ name, c: cType(type) }));
  // C99 has no empty struct.
  const fields = settings.length > 0 ? settings : [{ name: 'none', c: 'uint32_t' }];
  const parameters = settings.map(({ name, c }) => `, ${c} ${name}`).join('');
  const values = settings.length > 0 ? settings.map(({ name }) => name).join(', ') : '0u';
  return `/* ---- core ${core.name} ---- */
extern const maibo_core ${id};

/* ${verbOf(core, 'init').doc} */
typedef struct {
${fields.map(({ name, c }) => `  ${c} ${name};`).join('\n')}
} ${id}_settings;

static inline int32_t ${id}_init(maibo_instance *instance, void *storage, uint32_t bytes${parameters}) {
  const ${id}_settings settings = {${values}};
  return maibo_init(instance, &${id}, storage, bytes, &settings);
}
/* ${verbOf(core, 'push').doc} */
static inline int32_t ${id}_push(maibo_instance *instance, const ${input} *from, uint32_t count) {
  if (instance != NULL && instance->core != NULL && instance->core != &${id}) return MAIBO_OTHER_CORE;
  return maibo_push(instance, from, count);
}
/* ${verbOf(core, 'poll').doc} */
static inline int32_t ${id}_poll(maibo_instance *instance, ${finding} *into, uint32_t count) {
  if (instance != NULL && instance->core != NULL && instance->core != &${id}) return MAIBO_OTHER_CORE;
  return maibo_poll(instance, into, count);
}
`;
}

const verbOf = (core: CoreShape, name: string): VerbShape => core.verbs.find((verb) => verb.name === name)!;

function parametersOf(core: CoreShape, verb: string): readonly ParameterShape[] {
  return verbOf(core, verb).parameters;
}

/** What `init` takes behind the instance's place. */
function settingsOf(core: CoreShape): readonly ParameterShape[] {
  return parametersOf(core, 'init').slice(1);
}

/** T of the `Ptr<T>` that push or poll takes. */
function elementOf(core: CoreShape, verb: 'push' | 'poll'): Element {
  const name = parametersOf(core, verb).flatMap(({ type }) => /^Ptr<(\w+)>$/.exec(type)?.[1] ?? [])[0]!;
  const number = NUMBER_TYPES[name as keyof typeof NUMBER_TYPES];
  if (number) return { c: number.c, bytes: number.bytes };
  const own = core.structs.find((struct) => struct.name === name);
  const struct = own ?? core.sharedInput!.struct;
  return { c: structName(own ? core : null, struct), bytes: struct.bytes };
}

function cType(type: string): string {
  const number = NUMBER_TYPES[type as keyof typeof NUMBER_TYPES];
  if (!number) throw new Error(`a setting of a core is a number, not ${type}`);
  return number.c;
}
