// What a store notes beside the records must agree with them: a gateway starts from these notes.
import { CHAIN_START, type EvidenceRecord, sha256 } from '@maibo/protocols';
import { openRecord } from '../evidence/open-record.ts';
import { type StreamIdentity, toHex } from '../evidence/record-types.ts';
import { SEGMENT_BYTES_MAX, SEGMENT_RECORDS_MAX } from '../evidence/segment-builder.ts';
import { type Problem, placeName, type StreamCheck } from '../evidence/verify-stream.ts';
import { LinkFollower } from '../store/link-note.ts';
import type { Store, StoredSegment, StoredStream } from '../store/store.ts';

/** Segments follow each other from the first record that is kept on, and as soon as one is full it is there. */
export function checkCuts(stream: StoredStream, stored: readonly StoredSegment[], check: StreamCheck): Problem[] {
  const problems: Problem[] = [];
  const say = (message: string) => void problems.push({ code: 'segment', where: placeName(stream), message });
  let next = check.keptFrom ?? 0;
  const firstIndex = check.keptFrom === null ? 0 : (stored[0]?.index ?? 0);
  for (const [place, segment] of stored.entries()) {
    const fits = segment.index === firstIndex + place && segment.first === next && segment.last >= next;
    if (!fits || segment.last >= stream.chain.recordCount) {
      say(`segment ${segment.index} (records ${segment.first} to ${segment.last}) does not stand where it should`);
      return problems;
    }
    next = segment.last + 1;
  }
  const open = stream.segments.open;
  const sizeBytes = open.reduce((sum, item) => sum + item.length, 0);
  const isFull = open.length >= SEGMENT_RECORDS_MAX || sizeBytes >= SEGMENT_BYTES_MAX;
  if (isFull || (stream.ended && open.length > 0)) say(`the records from ${next} on should be in a segment`);
  return problems;
}

/** What the records say of themselves, as a gateway would note it. */
class Noted {
  /** Null when no record that is kept says it. */
  nextBlock: number | null = null;
  ended = false;
  clockSeq = 0;
  keptFrom = 0;
  readonly restarts: string[] = [];
  readonly link: LinkFollower;

  constructor(isTrimmed: boolean) {
    this.link = new LinkFollower({ chain: isTrimmed ? null : CHAIN_START, checkedUpto: -1 });
  }

  take(record: EvidenceRecord): void {
    const { seq } = record.place;
    if (record.kind === 'block') this.nextBlock = record.blockSeq + 1;
    else if (record.kind === 'item') this.nextBlock = record.itemSeq + 1;
    else if (record.kind === 'gap') this.nextBlock = record.toBlock + 1;
    else if (record.kind === 'end') this.ended = true;
    else if (record.kind === 'clock') this.clockSeq = seq;
    else if (record.kind === 'restart') this.restarts.unshift(`${seq} from ${record.fromSeq}`);
    else if (record.kind === 'trim') this.keptFrom = Math.max(this.keptFrom, record.before);
    this.link.follow(record);
  }
}

export function checkNotes(store: Store, stream: StoredStream, check: StreamCheck): Problem[] {
  const problems: Problem[] = [];
  const say = (where: string, message: string) => void problems.push({ code: 'store', where, message });
  const name = placeName(stream);
  const noted = new Noted(stream.trimmed !== null);
  let count = 0;
  for (const { seq, bytes, hash } of store.records(stream.id)) {
    count++;
    if (toHex(sha256(bytes)) !== toHex(hash)) say(`${name} record ${seq}`, 'its hash is not the one in the store');
    const opened = openRecord(bytes);
    if (opened.ok) noted.take(opened.value.record);
  }
  const nextBlock = noted.nextBlock ?? (stream.trimmed === null ? 0 : stream.nextBlock);
  if (stream.nextBlock !== nextBlock)
    say(name, `the store would ask for block ${stream.nextBlock}, the records end before ${nextBlock}`);
  if (stream.ended !== noted.ended) say(name, 'the store and the records differ on whether the stream has ended');
  const missing = check.keptFrom === null ? 0 : check.keptFrom - 1;
  if (stream.chain.recordCount !== count + missing) say(name, 'record numbers have a hole');
  if ((stream.trimmed?.before ?? 0) !== noted.keptFrom)
    say(name, 'the store and the records differ on what was trimmed');
  for (const message of startFaults(store, stream, noted)) say(name, message);
  const { identity } = check;
  if (identity !== null && identityHex(identity) !== identityHex(stream))
    say(name, `its records are of ${placeName(identity)}`);
  return problems;
}

/** What a start would rely on: marks, restart records, the device's chain. What version 1 did not note is not asked for. */
function startFaults(store: Store, stream: StoredStream, noted: Noted): string[] {
  const faults: string[] = [];
  if (stream.clockSeq !== null && stream.clockSeq !== noted.clockSeq)
    faults.push(`the store names record ${stream.clockSeq} as its last clock mark, which is ${noted.clockSeq}`);
  const points = store.restartPoints(stream.id).map(({ seq, fromSeq }) => `${seq} from ${fromSeq}`);
  if (points.join() !== noted.restarts.join()) faults.push('the store and the records differ on restart records');
  const chain = stream.link?.chain ?? null;
  const own = noted.link.note.chain;
  if (chain !== null && own !== null && toHex(chain) !== toHex(own))
    faults.push("the store's note of the device's chain is not that of the items");
  return faults;
}

function identityHex({ device, log, epoch }: StreamIdentity): string {
  return `${toHex(device)}/${log}/${toHex(epoch)}`;
}
