// A driver's pushes as bytes for the firmware, and the same pushes played here, on V8, to know what the firmware must find. Placement in
// memory, the size of a poll and the hash are those of c/run-tape.c.

import { type DeviceDriver, keyOf } from './device-driver.ts';

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
const PAGE_BYTES = 65_536;

export function tapeOf({ pushes, elementBytes }: DeviceDriver): Uint8Array {
  const parts = pushes.flatMap((push) => [wordOf(push.length / elementBytes), push]);
  return Buffer.concat([...parts, wordOf(END)]);
}

function wordOf(value: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(value).buffer);
}

/** Throws if the core answers with an error. `onFindings` gets the bytes of each poll, its own copy. */
export function playHere(
  module: Uint8Array,
  driver: DeviceDriver,
  onFindings: (bytes: Uint8Array) => void = () => {},
): Played {
  const api = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;
  const core = new api.Instance(new api.Module(module)).exports as Verbs;
  const staticBytes = core.arena();
  const instanceBytes = expectOk(core.size(...driver.sizeNumbers), driver);
  const inputBytes = Math.max(...driver.pushes.map(({ length }) => length));
  const instance = aligned(staticBytes);
  const input = aligned(instance + instanceBytes);
  const findings = aligned(input + inputBytes);
  const linearBytes = aligned(findings + driver.pollCount * driver.findingBytes);
  const missing = linearBytes - core.memory.buffer.byteLength;
  if (missing > 0) core.memory.grow(Math.ceil(missing / PAGE_BYTES));
  expectOk(core.init(instance, ...driver.initNumbers), driver);
  let [hash, findingCount] = [0x811c9dc5, 0];
  const collect = () => {
    for (;;) {
      const count = expectOk(core.poll(instance, findings, driver.pollCount), driver);
      if (count === 0) return;
      const bytes = new Uint8Array(core.memory.buffer, findings, count * driver.findingBytes);
      for (const byte of bytes) hash = Math.imul(hash ^ byte, 16_777_619) >>> 0;
      onFindings(bytes.slice());
      findingCount += count;
    }
  };
  for (const push of driver.pushes) {
    new Uint8Array(core.memory.buffer).set(push, input);
    const count = push.length / driver.elementBytes;
    for (let taken = 0; taken < count; ) {
      const before = findingCount;
      const more = expectOk(core.push(instance, input + taken * driver.elementBytes, count - taken), driver);
      taken += more;
      collect();
      if (more === 0 && findingCount === before) throw new Error(`${keyOf(driver)}: takes no more`);
    }
  }
  expectOk(core.flush(instance), driver);
  collect();
  return { hash, findingCount, staticBytes, instanceBytes, inputBytes, linearBytes };
}

function aligned(place: number): number {
  return (place + 15) & ~15;
}

function expectOk(status: number, driver: DeviceDriver): number {
  if (status < 0) throw new Error(`${keyOf(driver)}: status ${status}`);
  return status;
}
