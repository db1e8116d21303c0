// What must hold in every world. The checkers see the truth and the stores, and nothing of how one came from the other.
import { CHAIN_START, chainAfter } from '@maibo/protocols';
import type { Row, StormStore } from './storm-store.ts';
import type { Truth } from './truth.ts';

export interface Findings {
  /** Acknowledged, and not in the store of whoever acknowledged it. */
  lost: number;
  /** In a store twice. */
  duplicated: number;
  /** Between two rows of a store, or before the first, without a row that names it. */
  unnamedGaps: number;
  /** In a store, and other than what was written; or named lost although the device had it. */
  wrong: number;
  /** Forged or told twice, and nobody noticed. */
  unnoticed: number;
  readonly details: string[];
}

const DETAILS_MAX = 10;

export function noFindings(): Findings {
  return { lost: 0, duplicated: 0, unnamedGaps: 0, wrong: 0, unnoticed: 0, details: [] };
}

export function isClean({ lost, duplicated, unnamedGaps, wrong, unnoticed }: Findings): boolean {
  return lost + duplicated + unnamedGaps + wrong + unnoticed === 0;
}

/** At the moment a device hears an acknowledgement. */
export function checkAck(findings: Findings, store: StormStore, log: string, upto: number): void {
  const { next } = store.position(log);
  if (next > upto) return;
  findings.lost += upto + 1 - next;
  note(findings, `${log}: acknowledged up to ${upto}, stored up to ${next - 1}`);
}

export function checkStore(findings: Findings, truth: Truth, store: StormStore): void {
  for (const [log, rows] of store.rows) {
    if (truth.isRewritten(log)) checkRewritten(findings, truth, store, log, rows);
    else checkRows(findings, truth, log, rows);
  }
}

function checkRows(findings: Findings, truth: Truth, log: string, rows: readonly Row[]): void {
  let next = 0;
  for (const row of rows) {
    if (row.seq < next) {
      findings.duplicated++;
      note(findings, `${log}: ${row.seq} again, expected ${next}`);
      continue;
    }
    if (row.seq > next) {
      findings.unnamedGaps++;
      note(findings, `${log}: ${next}..${row.seq - 1} are missing without a word`);
    }
    checkRow(findings, truth, log, row);
    next = row.kind === 'lost' ? row.to + 1 : row.kind === 'item' ? row.seq + 1 : row.seq;
  }
}

function checkRow(findings: Findings, truth: Truth, log: string, row: Row): void {
  if (row.kind === 'item') {
    const written = truth.itemOf(log, row.seq);
    if (written !== undefined && Buffer.compare(written, row.bytes) === 0) return;
    findings.wrong++;
    note(findings, `${log}: ${row.seq} is not what was written`);
  } else if (row.kind === 'lost') {
    for (let seq = row.seq; seq <= row.to; seq++) {
      if (truth.isGone(log, seq)) continue;
      findings.wrong++;
      note(findings, `${log}: ${seq} is named lost, and was there`);
    }
  }
}

/**
 * The device wrote other items under numbers it had used. A store that has one of the old ones, and the device's signature under the new
 * ones, has to have noticed, unless something was lost between: over a hole nobody can follow a chain.
 */
function checkRewritten(findings: Findings, truth: Truth, store: StormStore, log: string, rows: readonly Row[]): void {
  const isOld = (row: Row) =>
    row.kind === 'item' && Buffer.compare(truth.itemOf(log, row.seq) ?? new Uint8Array(0), row.bytes) !== 0;
  const oldest = rows.find(isOld);
  if (oldest === undefined || store.hasEvidence(log)) return;
  const isHole = rows.some(({ kind, seq }) => kind === 'lost' && seq > oldest.seq);
  if (isHole || !store.signed.get(log)?.some((signed) => isOfNewStory(truth, log, oldest.seq, signed))) return;
  findings.unnoticed++;
  note(findings, `${log}: written anew, and nobody noticed`);
}

function isOfNewStory(
  truth: Truth,
  log: string,
  from: number,
  { upto, chain }: { upto: number; chain: Uint8Array },
): boolean {
  if (upto < from) return false;
  let expected = CHAIN_START;
  for (let seq = 0; seq <= upto; seq++) expected = chainAfter(expected, truth.itemOf(log, seq) ?? new Uint8Array(0));
  return Buffer.compare(expected, chain) === 0;
}

function note(findings: Findings, detail: string): void {
  if (findings.details.length < DETAILS_MAX) findings.details.push(detail);
}
