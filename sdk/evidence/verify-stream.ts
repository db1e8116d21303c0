// Re-checks a stream from its sealed records alone: every signature, every link of the chain, and every result, by running the
// modules it names on the stored input again and comparing the records bit for bit.
import { coreCatalog } from '@maibo/cores';
import type { EvidenceRecord, StreamRecord } from '@maibo/protocols';
import { isMaiboError } from '../errors.ts';
import { PIPELINE } from '../pipeline/result.ts';
import { type CoreName, StreamProcessor } from '../pipeline/stream-processor.ts';
import { checkSeals, type Seals, type VerifySources } from './check-seals.ts';
import { type Replay, ResultReplay } from './compare-results.ts';
import { type GuestCheck, GuestReplay } from './guest-replay.ts';
import { openRecord } from './open-record.ts';
import { type Problem, placeName } from './problem.ts';
import { NO_HASH } from './record-chain.ts';
import type { StreamIdentity } from './record-types.ts';

export type { VerifySources } from './check-seals.ts';
export type { GuestCheck, GuestSource, Guests } from './guest-replay.ts';
export { type Problem, type ProblemCode, placeName } from './problem.ts';

export interface StreamCheck {
  readonly identity: StreamIdentity | null;
  readonly recordCount: number;
  readonly blockCount: number;
  readonly resultCount: number;
  /** Results that were run again and came out the same. */
  readonly resultsAgreed: number;
  /** Results whose input was trimmed: sealed, and not run again. */
  readonly resultsSkipped: number;
  /** Results of other makers' cores; they are not among the ones above. */
  readonly guests: readonly GuestCheck[];
  /** The first record that is kept behind record 0, where a trim record says that the ones before it are gone; null when all are here. */
  readonly keptFrom: number | null;
  /** False when the results were not run again: the seals do not hold, or the stream is not there from its beginning. */
  readonly replayed: boolean;
  readonly headHash: Uint8Array;
  /** Key ids (hex) that the records carry. */
  readonly signers: readonly string[];
  readonly problems: readonly Problem[];
}

const NOT_RUN: Replay = { agreed: 0, skipped: 0, problems: [] };

/** Reports every problem it can find and goes on behind it. `records` is read twice: for the seals, then for the results. */
export function verifyStream(
  records: () => Iterable<Uint8Array>,
  sources: VerifySources,
  options: { firstSeq?: number } = {},
): StreamCheck {
  const firstSeq = options.firstSeq ?? 0;
  const seals = checkSeals(records(), sources, firstSeq);
  // What was changed cannot be run again in good faith: the seals come first. And a core's state comes from all the input before.
  const canReplay = seals.problems.length === 0 && firstSeq === 0;
  const replay = canReplay ? replayResults(records, seals, sources) : NOT_RUN;
  const guests = canReplay ? replayGuests(records, seals, sources) : [];
  return {
    identity: seals.identity,
    recordCount: seals.recordCount,
    blockCount: seals.blockCount,
    resultCount: seals.resultCount,
    resultsAgreed: replay.agreed,
    resultsSkipped: replay.skipped,
    guests: guests.map(({ check }) => check),
    keptFrom: seals.hole?.before ?? null,
    replayed: canReplay,
    headHash: seals.prev ?? NO_HASH,
    signers: [...seals.signers],
    problems: [...seals.problems, ...replay.problems, ...guests.flatMap(({ problems }) => problems)],
  };
}

function replayResults(records: () => Iterable<Uint8Array>, seals: Seals, sources: VerifySources): Replay {
  const where = `${placeName(seals.identity)} record 0`;
  if (seals.recordCount === 0) return NOT_RUN;
  if (seals.stream === null) {
    return {
      ...NOT_RUN,
      problems: [{ code: 'shape', where, message: 'the first record does not describe the stream' }],
    };
  }
  const own = `${PIPELINE.name} ${PIPELINE.version}`;
  const foreign = [...seals.pipelines].filter((pipeline) => pipeline !== own);
  if (foreign.length > 0) {
    const message = `made by ${foreign.join(', ')}, and this program has ${own}: use the release that made it`;
    return { ...NOT_RUN, problems: [{ code: 'pipeline-missing', where: placeName(seals.identity), message }] };
  }
  const missing = [...seals.moduleSets.values()]
    .flatMap((set) => [...set])
    .filter(([, hash]) => sources.module(hash) === null);
  if (missing.length > 0) {
    const problems = [...new Map(missing)].map(([name, hash]): Problem => {
      const message = `core ${name} ${hash} is not at hand: what it found cannot be run again`;
      return { code: 'module-missing', where: placeName(seals.identity), message };
    });
    return { ...NOT_RUN, problems };
  }
  try {
    const { stream, moduleSets } = seals;
    const replay = new ResultReplay(stream, seals, (isTakenUp) =>
      processorsFor(stream, moduleSets, sources, isTakenUp),
    );
    for (const bytes of records()) replay.take(recordOf(bytes));
    return replay.finish();
  } catch (failure) {
    const stopped = stoppedModule(failure, seals, sources);
    if (stopped !== null) {
      return { ...NOT_RUN, problems: [{ code: 'module-stopped', where: placeName(seals.identity), message: stopped }] };
    }
    // Well signed and still no stream that can be: a sample rate of 0, a block behind the end.
    if (!isMaiboError(failure, 'input-range')) throw failure;
    return {
      ...NOT_RUN,
      problems: [{ code: 'shape', where, message: `its records cannot be run: ${failure.message}` }],
    };
  }
}

/** One check for each core of another maker; those whose package nobody gave are named all the same. */
function replayGuests(records: () => Iterable<Uint8Array>, seals: Seals, { guests }: VerifySources) {
  const { stream } = seals;
  const all = [...seals.guests].map(([sha256, seal]) => {
    const source = guests?.(sha256) ?? null;
    const replay =
      source === null || stream === null
        ? null
        : new GuestReplay(stream, seals.hole === null, { ...seal, sha256 }, source);
    return { sha256, seal, replay };
  });
  if (all.some(({ replay }) => replay !== null)) {
    for (const bytes of records()) for (const { replay } of all) replay?.take(recordOf(bytes));
  }
  return all.map(({ sha256, seal: { name, version, resultCount }, replay }) => {
    replay?.finish();
    const check = { name, version, sha256, resultCount, agreed: replay?.agreed ?? 0 };
    return { check, problems: replay?.problems ?? [] };
  });
}

/** What to say when a module from elsewhere was ended, or gave what nothing behind it can use; null when it is not the reason. */
function stoppedModule(failure: unknown, seals: Seals, sources: VerifySources): string | null {
  if (isMaiboError(failure, 'core-stopped')) return failure.message;
  const hashes = [...seals.moduleSets.values()].flatMap((set) => [...set.values()]);
  const isElsewhere = hashes.some((hash) => sources.module(hash)?.start !== undefined);
  if (!isElsewhere || isMaiboError(failure)) return null;
  return `a module from elsewhere gave what cannot be used: ${(failure as Error).message}`;
}

/** One processor per set of modules that results name together: a gateway may have been updated in mid-stream. */
function processorsFor(
  stream: StreamRecord,
  sets: Seals['moduleSets'],
  sources: VerifySources,
  isTakenUp: boolean,
): StreamProcessor[] {
  const pick = (set: ReadonlyMap<string, string>, name: CoreName) => {
    const hash = set.get(name);
    return (hash === undefined ? null : sources.module(hash)) ?? coreCatalog.get(name);
  };
  const known = [...sets.values()].filter((set) => set.has('hrv'));
  const chosen = known.length > 0 ? known : [[...sets.values()][0] ?? new Map<string, string>()];
  return chosen.map((set) => new StreamProcessor(stream, (name) => pick(set, name), isTakenUp));
}

function recordOf(bytes: Uint8Array): EvidenceRecord {
  const opened = openRecord(bytes);
  if (!opened.ok) throw new Error('a record that was checked cannot be read');
  return opened.value.record;
}
