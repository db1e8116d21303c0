// Two links joined in memory: what one writes the other reads, in order, nothing lost. For platforms without ptys and for tests.
import { MaiboError } from '../errors.ts';
import type { Link } from '../world/world.ts';
import { ByteQueue } from './byte-queue.ts';

class MemoryLink implements Link {
  readonly name = 'memory';
  readonly #incoming = new ByteQueue();
  #peer: MemoryLink | null = null;

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
}

/** Both ends of one wire. */
export function createMemoryLinks(): [Link, Link] {
  const ends: [MemoryLink, MemoryLink] = [new MemoryLink(), new MemoryLink()];
  MemoryLink.join(...ends);
  return ends;
}
