// Which segment holds which place, in memory; rebuilt from the directory at every start. A stream is one
// (device, log, epoch); inside it the index of a segment is its place.
import { type Outcome, refuse } from './refusal.ts';
import { type SegmentFacts, toHex, ZERO_HASH_HEX } from './segment-check.ts';

export interface StreamHead {
  readonly device: string;
  readonly log: number;
  readonly epoch: string;
  readonly segmentCount: number;
  /** The index this platform waits for: the first one that is missing. */
  readonly nextIndex: number;
  /** Null while segment 0 is missing. */
  readonly head: {
    readonly index: number;
    readonly segment: string;
    readonly last: number;
    readonly record: string;
  } | null;
}

export class SegmentIndex {
  private readonly bySha = new Map<string, SegmentFacts>();
  private readonly streams = new Map<string, Map<number, SegmentFacts>>();

  get(sha256Hex: string): SegmentFacts | undefined {
    return this.bySha.get(sha256Hex);
  }

  all(): SegmentFacts[] {
    return [...this.bySha.values()];
  }

  get segmentCount(): number {
    return this.bySha.size;
  }

  get streamCount(): number {
    return this.streams.size;
  }

  holderOf(facts: SegmentFacts): SegmentFacts | undefined {
    return this.streams.get(streamName(facts))?.get(facts.header.index);
  }

  add(facts: SegmentFacts): void {
    const name = streamName(facts);
    const stream = this.streams.get(name) ?? new Map<number, SegmentFacts>();
    stream.set(facts.header.index, facts);
    this.streams.set(name, stream);
    this.bySha.set(facts.sha256Hex, facts);
  }

  /** Whether a verified segment may take its place: free, after its predecessor, and joined to its neighbours. */
  checkPlace(facts: SegmentFacts): Outcome<null> {
    const { index } = facts.header;
    if (this.holderOf(facts) !== undefined) {
      return refuse(
        'place-taken',
        `another segment holds index ${index} of this stream`,
        'both are kept; ask the operator',
      );
    }
    const stream = this.streams.get(streamName(facts)) ?? new Map<number, SegmentFacts>();
    const previous = stream.get(index - 1);
    if (index > 0 && previous === undefined) {
      const expectedIndex = firstMissing(stream);
      const message = `segment ${index - 1} of this stream has not arrived`;
      return refuse('predecessor-missing', message, `send segment ${expectedIndex} first`, { expectedIndex });
    }
    const joined = checkJoin(previous, facts);
    const next = stream.get(index + 1); // only where a damaged file left a hole
    return joined.ok && next !== undefined ? checkJoin(facts, next) : joined;
  }

  heads(): StreamHead[] {
    return [...this.streams.keys()].sort().map((name) => describeStream(this.streams.get(name)!));
  }
}

function checkJoin(previous: SegmentFacts | undefined, facts: SegmentFacts): Outcome<null> {
  const { first, index } = facts.header;
  if (facts.prevHex !== (previous?.sha256Hex ?? ZERO_HASH_HEX)) {
    // A signed claim that another segment stood at index - 1: the signer told two histories.
    const message = `segment ${index} follows another segment ${index - 1} than the one stored here`;
    return refuse('place-taken', message, 'both are kept; ask the operator');
  }
  const expectedFirst = previous === undefined ? 0 : previous.header.last + 1;
  if (first !== expectedFirst) {
    const message = `record ${first}: the stream continues with record ${expectedFirst}`;
    return refuse('record-place', message, 'seal the segment again', { recordSeq: first });
  }
  if (facts.firstRecordPrevHex !== (previous?.lastRecordHex ?? ZERO_HASH_HEX)) {
    const message = `record ${first}: it does not follow the last record stored here`;
    return refuse('record-chain', message, 'seal the segment again', { recordSeq: first });
  }
  return { ok: true, value: null };
}

function describeStream(stream: ReadonlyMap<number, SegmentFacts>): StreamHead {
  const { header } = stream.values().next().value!;
  const nextIndex = firstMissing(stream);
  const head = stream.get(nextIndex - 1);
  return {
    device: toHex(header.device),
    log: header.log,
    epoch: toHex(header.epoch),
    segmentCount: stream.size,
    nextIndex,
    head:
      head === undefined
        ? null
        : { index: nextIndex - 1, segment: head.sha256Hex, last: head.header.last, record: head.lastRecordHex },
  };
}

function firstMissing(stream: ReadonlyMap<number, SegmentFacts>): number {
  let index = 0;
  while (stream.has(index)) index++;
  return index;
}

function streamName({ header }: SegmentFacts): string {
  return `${toHex(header.device)}/${header.log}/${toHex(header.epoch)}`;
}
