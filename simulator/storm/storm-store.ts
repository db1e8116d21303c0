// A gateway's disk: what was committed survives a kill, nothing else does.
import { CHAIN_START, type LogPosition } from '@maibo/protocols';

export type Row =
  | { readonly kind: 'item'; readonly seq: number; readonly bytes: Uint8Array; readonly chain: Uint8Array | null }
  | {
      readonly kind: 'lost';
      readonly seq: number;
      readonly to: number;
      readonly reason: number;
      readonly chain: Uint8Array | null;
    }
  /** Another epoch began: what would have followed is not known. */
  | { readonly kind: 'closed'; readonly seq: number };

export type Evidence = { readonly log: string; readonly what: 'forked' | 'rolled-back' | 'equivocation' };

export class StormStore {
  readonly rows = new Map<string, Row[]>();
  readonly evidence: Evidence[] = [];
  /** What the device signed, by log: the number and the chain. */
  readonly signed = new Map<string, { readonly upto: number; readonly chain: Uint8Array }[]>();
  readonly #dedupes: boolean;

  constructor(dedupes: boolean) {
    this.#dedupes = dedupes;
  }

  /** One transaction: all of it, or nothing. */
  commit(entries: readonly { readonly log: string; readonly row: Row }[]): void {
    for (const { log, row } of entries) this.#insert(log, row);
  }

  position(log: string): LogPosition {
    const last = this.rows.get(log)?.at(-1);
    if (last === undefined) return { next: 0, chain: CHAIN_START };
    if (last.kind === 'closed') return { next: last.seq, chain: null };
    return { next: (last.kind === 'lost' ? last.to : last.seq) + 1, chain: last.chain };
  }

  sign(log: string, upto: number, chain: Uint8Array): void {
    this.signed.set(log, [...(this.signed.get(log) ?? []), { upto, chain }]);
  }

  note(log: string, what: Evidence['what']): void {
    this.evidence.push({ log, what });
  }

  hasEvidence(log: string): boolean {
    return this.evidence.some((found) => found.log === log);
  }

  #insert(log: string, row: Row): void {
    const rows = this.rows.get(log) ?? [];
    this.rows.set(log, rows);
    const { next } = this.position(log);
    if (row.seq < next && this.#dedupes) {
      const same = rows.find((known) => known.seq === row.seq);
      if (row.kind === 'item' && same?.kind === 'item' && Buffer.compare(same.bytes, row.bytes) !== 0)
        this.note(log, 'equivocation');
      // Two sessions may name the same loss, one of them further.
      if (row.kind === 'lost' && row.to >= next) rows.push({ ...row, seq: next });
      return;
    }
    rows.push(row);
  }
}
