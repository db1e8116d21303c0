// A link that tears, loses, damages and doubles what passes through it, by seed: the same seed and traffic, the same harm.
import type { Link } from '@maibo/sdk';
import { createRng, type Rng } from './rng.ts';

/** Chances per piece, each 0..1. */
export interface Harm {
  /** The piece is lost. */
  readonly drop?: number;
  /** One bit of it is turned. */
  readonly flip?: number;
  /** It comes twice. */
  readonly duplicate?: number;
}

export interface FaultyLinkOptions {
  readonly seed: number;
  readonly incoming?: Harm;
  readonly outgoing?: Harm;
  /** Chunks are torn into pieces of 1 to this many bytes before anything else happens to them; default: not torn. */
  readonly pieceBytesMax?: number;
}

export interface FaultyLink extends Link {
  /** What has been done so far, both ways. */
  readonly counts: Readonly<Record<keyof Harm, number>>;
}

export function createFaultyLink(link: Link, options: FaultyLinkOptions): FaultyLink {
  const rng = createRng(options.seed);
  const counts = { drop: 0, flip: 0, duplicate: 0 };
  const piecesMax = options.pieceBytesMax ?? Number.POSITIVE_INFINITY;
  const incoming = new Mangler(rng.fork('incoming'), options.incoming ?? {}, piecesMax, counts);
  const outgoing = new Mangler(rng.fork('outgoing'), options.outgoing ?? {}, piecesMax, counts);
  return {
    name: `faulty ${link.name}, seed ${options.seed}`,
    counts,
    carries: link.carries,
    get packetBytesMax() {
      return link.packetBytesMax;
    },
    chunks: mangled(link.chunks, incoming),
    write: async (bytes) => {
      for (const piece of outgoing.mangle(bytes)) await link.write(piece);
    },
    close: () => link.close(),
  };
}

async function* mangled(chunks: AsyncIterable<Uint8Array>, mangler: Mangler): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) yield* mangler.mangle(chunk);
}

class Mangler {
  readonly #rng: Rng;
  readonly #harm: Harm;
  readonly #pieceBytesMax: number;
  readonly #counts: Record<keyof Harm, number>;

  constructor(rng: Rng, harm: Harm, pieceBytesMax: number, counts: Record<keyof Harm, number>) {
    this.#rng = rng;
    this.#harm = harm;
    this.#pieceBytesMax = pieceBytesMax;
    this.#counts = counts;
  }

  *mangle(chunk: Uint8Array): Generator<Uint8Array> {
    for (let at = 0; at < chunk.length; ) {
      const size = this.#pieceSize(chunk.length - at);
      const piece = chunk.slice(at, at + size);
      at += size;
      if (this.#strikes('drop')) continue;
      if (this.#strikes('flip')) this.#flip(piece);
      yield piece;
      if (this.#strikes('duplicate')) yield piece.slice();
    }
  }

  #pieceSize(left: number): number {
    return Number.isFinite(this.#pieceBytesMax) ? Math.min(left, 1 + this.#rng.nextBelow(this.#pieceBytesMax)) : left;
  }

  #flip(piece: Uint8Array): void {
    const at = this.#rng.nextBelow(piece.length);
    piece[at] = piece[at]! ^ (1 << this.#rng.nextBelow(8));
  }

  #strikes(kind: keyof Harm): boolean {
    if (this.#rng.nextUnit() >= (this.#harm[kind] ?? 0)) return false;
    this.#counts[kind]++;
    return true;
  }
}
