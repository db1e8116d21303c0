// Two links joined in memory: what one writes the other reads, in order, nothing lost. For platforms without ptys and for tests.
// With a packet size they are a radio's, else a wire's.
import { MaiboError } from '../errors.ts';
import type { Link } from '../world/world.ts';
import { ByteQueue } from './byte-queue.ts';

class MemoryLink implements Link {
  readonly name = 'memory';
  readonly packetBytesMax: number | null;
  readonly #incoming = new ByteQueue();
  #peer: MemoryLink | null = null;

  constructor(packetBytesMax: number | null) {
    this.packetBytesMax = packetBytesMax;
  }

  get carries(): 'bytes' | 'packets' {
    return this.packetBytesMax === null ? 'bytes' : 'packets';
  }

  static join(a: MemoryLink, b: MemoryLink): void {
    a.#peer = b;
    b.#peer = a;
  }

  get chunks(): AsyncIterable<Uint8Array> {
    return this.#incoming;
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#peer === null) throw new MaiboError('link-lost', 'the link is closed');
    this.#peer.#incoming.push(bytes.slice());
    await Promise.resolve();
  }

  async close(): Promise<void> {
    const peer = this.#peer;
    this.#peer = null;
    this.#incoming.end();
    if (peer !== null) await peer.close();
  }

  /** Both ends lose each other. */
  cut(): void {
    const peer = this.#peer;
    this.#peer = null;
    this.#incoming.end(new MaiboError('link-lost', 'unplugged'));
    peer?.cut();
  }
}

/** Both ends of one wire, or of one radio that takes packets up to this size. */
export function createMemoryLinks(packetBytesMax: number | null = null): [Link, Link] {
  return createMemoryWire(packetBytesMax).ends;
}

/** The same, with a plug to pull. */
export function createMemoryWire(packetBytesMax: number | null = null): { ends: [Link, Link]; unplug(): void } {
  const ends: [MemoryLink, MemoryLink] = [new MemoryLink(packetBytesMax), new MemoryLink(packetBytesMax)];
  MemoryLink.join(...ends);
  return { ends, unplug: () => ends[0].cut() };
}
