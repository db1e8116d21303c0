// The C file of one core: constants, the functions that wasm2c made of the module, and the descriptor that maibo.c works with.

const LINE_BYTES = 24;
/** Where asc puts a module's first constant. */
const STATIC_DATA_AT = 1024;

/**
 * @param {import('./measure.mjs').CoreFacts} facts
 * @param {import('./translate.mjs').Translation} translation
 * @param {import('./measure.mjs').Measured} measured
 * @param {{ constantsInFlash: boolean }} options
 */
export function writeCore(facts, translation, measured, { constantsInFlash }) {
  const constants = mergeSegments(translation.segments, measured.arena);
  return `/* Made of ${facts.name}.wasm ${facts.version}, ${facts.sha256}, by wasm2c and build.mjs. Build output: not to be edited or kept. */
#include "maibo_embed.h"
#include "maibo_self_test.h"

#define MAIBO_LINEAR_BYTES ${measured.linearBytes}u
#define MAIBO_ORIGIN ${originOf(constants, measured, constantsInFlash)}u
#define MAIBO_HAS_FLASH ${constantsInFlash ? 1 : 0}
#define MAIBO_CONSTANTS_AT ${constants.at}u
#define MAIBO_PAGES ${Math.ceil(measured.linearBytes / 65_536)}u

#include "maibo_wasm.h"

static const u8 MAIBO_CONSTANTS[] = {${bytesOf(constants.data.length > 0 ? constants.data : [0])}};

/* The caller's storage. */
typedef struct {
  u8 memory[MAIBO_LINEAR_BYTES - MAIBO_ORIGIN];
  u32 trap;
  u32 reserved;
${translation.globals.map(({ type, name }) => `  ${type} ${name};\n`).join('')}} MAIBO_MAY_ALIAS w2c_core;

${translation.code}

${writeVerbs(facts, translation, constants, constantsInFlash)}
${writeDescriptor(facts, measured)}
${writeKnownInput(facts, measured)}`;
}

function writeVerbs(facts, { globals }, constants, constantsInFlash) {
  const id = idOf(facts);
  const { length } = constants.data;
  const load =
    constantsInFlash || length === 0 ? '' : `  (void)memcpy(instance->memory, MAIBO_CONSTANTS, ${length}u);\n`;
  const argument = (name) => {
    const type = facts.settings.find((setting) => setting.name === name).c;
    return `, ${type === 'int32_t' ? '(u32)' : ''}given->${name}`;
  };
  const given = (names) =>
    names.length > 0 ? `  const maibo_${id}_settings *const given = settings;\n` : '  (void)settings;\n';
  const names = facts.settings.map(({ name }) => name);
  return `static void instantiate(void *storage) {
  w2c_core *const instance = storage;
${load}${globals.map(({ name, value }) => `  instance->${name} = ${value};\n`).join('')}  instance->trap = 0u;
}
static int32_t size(void *storage, const void *settings) {
${given(facts.size)}  return (s32)w2c_core_size_0(storage${facts.size.map(argument).join('')});
}
static int32_t init(void *storage, uint32_t at, const void *settings) {
${given(names)}  return (s32)w2c_core_init_0(storage, at${names.map(argument).join('')});
}
static int32_t push(void *storage, uint32_t at, uint32_t from, uint32_t count) {
  return (s32)w2c_core_push_0(storage, at, from, count);
}
static int32_t poll(void *storage, uint32_t at, uint32_t into, uint32_t count) {
  return (s32)w2c_core_poll_0(storage, at, into, count);
}
static int32_t flush(void *storage, uint32_t at) {
  return (s32)w2c_core_flush_0(storage, at);
}
static int32_t reset(void *storage, uint32_t at) {
  return (s32)w2c_core_reset_0(storage, at);
}
`;
}

function writeDescriptor(facts, measured) {
  const [major, minor, patch] = facts.version.split('.').map(Number);
  return `const maibo_core maibo_${idOf(facts)} = {
  .name = "${facts.name}",
  .version = "${facts.version}",
  .hash = {${bytesOf(Buffer.from(facts.sha256, 'hex'))}},
  .name_hash = 0x${fnv1a(facts.name).toString(16)}u,
  .version_number = 0x${((major << 16) | (minor << 8) | patch).toString(16)}u,
  .storage_bytes = sizeof(w2c_core),
  .trap_at = offsetof(w2c_core, trap),
  .origin = MAIBO_ORIGIN,
  .instance_at = ${measured.arena}u,
  .instance_bytes_max = ${measured.instanceBytes}u,
  .staging_at = ${measured.stagingAt}u,
  .staging_bytes = ${measured.stagingBytes}u,
  .input_bytes = ${facts.input.bytes}u,
  .finding_bytes = ${facts.finding.bytes}u,
  .has_blocks = ${facts.size.includes('blockFrames') ? 1 : 0}u,
  .instantiate = instantiate,
  .size = size,
  .init = init,
  .push = push,
  .poll = poll,
  .flush = flush,
  .reset = reset,
};
MAIBO_CHECK(maibo_${idOf(facts)}_storage_bytes, sizeof(w2c_core) == MAIBO_${macroOf(facts)}_STORAGE_BYTES);
`;
}

function writeKnownInput(facts, { known }) {
  const id = idOf(facts);
  const values = facts.settings.map(({ name }) => `.${name} = ${known.settings[name]}`).join(', ');
  return `static const maibo_${id}_settings known_settings = {${values || '0'}};
static const u8 known_elements[] = {${bytesOf(known.elements.length > 0 ? known.elements : [0])}};
const maibo_known_input maibo_${id}_known_input = {
  &maibo_${id}, &known_settings, known_elements, ${known.elements.length / facts.input.bytes}u, ${known.pushCount}u, ${known.repeats}u, ${known.clockStepS.toFixed(1)}, 0x${known.hash.toString(16)}u,
};
`;
}

/**
 * maibo_config.h: what the chosen settings cost in bytes.
 * @param {{ facts: import('./measure.mjs').CoreFacts, storageBytes: number, measured: import('./measure.mjs').Measured, settings: Record<string, number> }[]} cores
 */
export function writeConfig(cores) {
  const parts = cores.map(({ facts, storageBytes, measured, settings }) => {
    const built = facts.size.map((name) => `${name} ${settings[name]}`).join(', ') || 'any settings';
    return `/* ${facts.name} ${facts.version}, built for ${built}. */
#define MAIBO_${macroOf(facts)}_STORAGE_BYTES ${storageBytes}u
#define MAIBO_${macroOf(facts)}_SNAPSHOT_BYTES ${measured.instanceBytes + 52}u
extern const maibo_known_input maibo_${idOf(facts)}_known_input;
`;
  });
  return `/* Written by build.mjs for the cores and settings of this library. */
#ifndef MAIBO_CONFIG_H
#define MAIBO_CONFIG_H

#include "maibo_embed.h"
#include "maibo_self_test.h"

${parts.join('\n')}
#endif
`;
}

/** sizeof of the caller's storage, as C lays it out. */
export function storageBytesOf({ globals, segments }, measured, constantsInFlash) {
  const origin = originOf(mergeSegments(segments, measured.arena), measured, constantsInFlash);
  const globalBytes = globals.reduce((at, { type }) => alignTo(at, widthOf(type)) + widthOf(type), 0);
  return alignTo(
    measured.linearBytes - origin + 8 + globalBytes,
    globals.some(({ type }) => widthOf(type) === 8) ? 8 : 4,
  );
}

/** What a core never touches, below its constants, takes no storage. */
function originOf(constants, measured, constantsInFlash) {
  return constantsInFlash ? measured.arena : constants.at;
}

const widthOf = (type) => (type.endsWith('64') ? 8 : 4);
const alignTo = (bytes, width) => Math.ceil(bytes / width) * width;
const idOf = (facts) => facts.name.replaceAll('-', '_');
const macroOf = (facts) => idOf(facts).toUpperCase();

function mergeSegments(segments, arena) {
  // Not from the first segment on: the compiler leaves out zeros, in front too.
  const at = Math.min(STATIC_DATA_AT, arena, ...segments.map((segment) => segment.at));
  const data = new Array(arena - at).fill(0);
  for (const segment of segments) {
    if (segment.at + segment.data.length > arena) throw new Error('a constant lies where instances do');
    segment.data.forEach((byte, i) => {
      data[segment.at - at + i] = byte;
    });
  }
  return { at, data };
}

function bytesOf(data) {
  const all = [...data].map(String);
  const lines = [];
  for (let i = 0; i < all.length; i += LINE_BYTES) lines.push(`  ${all.slice(i, i + LINE_BYTES).join(', ')}`);
  return `\n${lines.join(',\n')}\n`;
}

function fnv1a(text) {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 16_777_619) >>> 0;
  return hash;
}
