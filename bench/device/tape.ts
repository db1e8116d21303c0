// A driver's pushes as bytes for the firmware, and the same pushes played here, on V8, to know what the firmware must find. Placement in
// memory, the size of a poll and the hash are those of c/run-tape.c.

import type { DeviceDriver } from './device-driver.ts';

interface Verbs {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  arena(): number;
  size(...numbers: number[]): number;
  init(at: number, ...numbers: number[]): number;
  push(at: number, from: number, count: number): number;
  poll(at: number, into: number, count: number): number;
  flush(at: number): number;
}

interface WebAssemblyApi {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { readonly exports: unknown };
}

export interface Played {
  /** FNV-1a over the bytes of all findings. */
  readonly hash: number;
  readonly findingCount: number;
  readonly staticBytes: number;
  readonly instanceBytes: number;
  /** Of the longest push. */
  readonly inputBytes: number;
  /** Static data, instance, inputs and findings: what the firmware reserves. */
  readonly linearBytes: number;
}

const END = 0xffffffff;
const POLL_COUNT = 8;
const PAGE_BYTES = 65_536;

export function tapeOf({ pushes, elementBytes }: DeviceDriver): Uint8Array {
  const parts = pushes.flatMap((push) => [wordOf(push.length / elementBytes), push]);
  return Buffer.concat([...parts, wordOf(END)]);
}

function wordOf(value: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(value).buffer);
}

/** Throws if the core answers with an error. */
export function playHere(module: Uint8Array, driver: DeviceDriver): Played {
  const api = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;
  const core = new api.Instance(new api.Module(module)).exports as Verbs;
  const staticBytes = core.arena();
  const instanceBytes = expectOk(core.size(...driver.sizeNumbers), driver);
  const inputBytes = Math.max(...driver.pushes.map(({ length }) => length));
  const instance = aligned(staticBytes);
  const input = aligned(instance + instanceBytes);
  const findings = aligned(input + inputBytes);
  const linearBytes = aligned(findings + POLL_COUNT * driver.findingBytes);
  const missing = linearBytes - core.memory.buffer.byteLength;
  if (missing > 0) core.memory.grow(Math.ceil(missing / PAGE_BYTES));
  expectOk(core.init(instance, ...driver.initNumbers), driver);
  let [hash, findingCount] = [0x811c9dc5, 0];
  const collect = () => {
    for (;;) {
      const count = expectOk(core.poll(instance, findings, POLL_COUNT), driver);
      if (count === 0) return;
      for (const byte of new Uint8Array(core.memory.buffer, findings, count * driver.findingBytes)) {
        hash = Math.imul(hash ^ byte, 16_777_619) >>> 0;
      }
      findingCount += count;
    }
  };
  for (const push of driver.pushes) {
    new Uint8Array(core.memory.buffer).set(push, input);
    const count = push.length / driver.elementBytes;
    for (let taken = 0; taken < count; collect()) {
      const more = expectOk(core.push(instance, input + taken * driver.elementBytes, count - taken), driver);
      if (more === 0) throw new Error(`${driver.core}, ${driver.name}: takes no more`);
      taken += more;
    }
  }
  expectOk(core.flush(instance), driver);
  collect();
  return { hash, findingCount, staticBytes, instanceBytes, inputBytes, linearBytes };
}

function aligned(place: number): number {
  return (place + 15) & ~15;
}

function expectOk(status: number, { core, name }: DeviceDriver): number {
  if (status < 0) throw new Error(`${core}, ${name}: status ${status}`);
  return status;
}
