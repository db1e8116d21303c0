// What the gateway counts, for Prometheus: few names, few labels, and none that grows with devices or time.
import type { GapReason } from '@maibo/protocols';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Batch } from '../store/store.ts';
import { type StateCounts, SUPERVISOR_STATES } from './device-states.ts';
import type { ForeignCore } from './foreign-cores.ts';

/** What is read at the moment somebody asks. */
export interface Measured {
  readonly states: StateCounts;
  readonly badFrames: () => number;
  readonly waitingSegments: () => number;
  readonly matchRules: () => number;
  /** 1 ready, 0 off, -1 absent; null: no radio is wanted. */
  readonly radioState: () => number | null;
  /** Null: not known. */
  readonly storeBytes: () => number | null;
  readonly freeBytes: () => number | null;
  readonly clockUncertaintyS: () => number;
  readonly isStoreFailing: () => boolean;
  readonly openSessions: () => number;
  readonly cores: () => readonly ForeignCore[];
}

/** As the link's SPEC numbers them. */
const GAP_REASONS: Readonly<Record<GapReason, string>> = { 1: 'wrapped', 2: 'erased', 3: 'corrupt', 4: 'freed' };

/** A commit waits for the disk: 1 ms on a fast one, seconds on a card that is dying. */
const COMMIT_BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

export class Tally {
  readonly #registry: Registry;
  readonly #records: Counter;
  readonly #acked: Counter;
  readonly #gaps: Counter<'reason'>;
  readonly #reconnects: Counter;
  readonly #failures: Counter<'code'>;
  readonly #receipts: Counter;
  readonly #commits: Histogram;
  readonly #trimmed: Counter;

  constructor(registry: Registry, measured: Measured) {
    this.#registry = registry;
    const registers = [registry];
    const counter = (name: string, help: string) => new Counter({ name, help, registers });
    this.#records = counter('maibo_records_total', 'Sealed records that were committed');
    this.#acked = counter('maibo_acked_items_total', 'Items that were committed and acknowledged to their device');
    this.#gaps = new Counter({
      name: 'maibo_gaps_total',
      help: 'Items that a device no longer had, by its reason',
      labelNames: ['reason'],
      registers,
    });
    this.#reconnects = counter('maibo_reconnects_total', 'Sessions after the first of a place');
    this.#failures = new Counter({
      name: 'maibo_failures_total',
      help: 'Visits that failed, by error code',
      labelNames: ['code'],
      registers,
    });
    this.#receipts = counter('maibo_receipts_total', 'Segments that the platform confirmed');
    this.#trimmed = counter('maibo_trimmed_records_total', 'Records that retention took away');
    this.#commits = new Histogram({
      name: 'maibo_commit_seconds',
      help: 'From asking for a commit until it is durable',
      buckets: COMMIT_BUCKETS_S,
      registers,
    });
    registerMeasured(registry, measured);
  }

  /** What is durable now, after so long. */
  committed({ records }: Pick<Batch, 'records'>, seconds: number): void {
    this.#commits.observe(seconds);
    this.#records.inc(records.length);
    let items = 0;
    for (const { record } of records) {
      if (record.kind === 'item') items++;
      if (record.kind !== 'gap') continue;
      const count = record.toBlock - record.fromBlock + 1;
      items += count;
      this.#gaps.inc({ reason: GAP_REASONS[record.reason] }, count);
    }
    this.#acked.inc(items);
  }

  reconnect(): void {
    this.#reconnects.inc();
  }

  failure(code: string): void {
    this.#failures.inc({ code });
  }

  receipt(): void {
    this.#receipts.inc();
  }

  trimmed(count: number): void {
    this.#trimmed.inc(count);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }
}

function registerMeasured(registry: Registry, measured: Measured): void {
  const gauge = (name: string, help: string, read: () => number | null) => {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        const value = read();
        if (value === null) this.remove();
        else this.set(value);
      },
    });
  };
  new Gauge({
    name: 'maibo_devices',
    help: 'Supervised places by state',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      for (const state of SUPERVISOR_STATES) this.set({ state }, measured.states.of(state));
    },
  });
  new Counter({
    name: 'maibo_link_bad_frames_total',
    help: 'Frames that came damaged',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(measured.badFrames());
    },
  });
  registerCores(registry, measured.cores);
  gauge('maibo_sessions', 'Sessions with Maibo devices that are open', measured.openSessions);
  gauge('maibo_outbox_segments', 'Segments that the platform has not confirmed', measured.waitingSegments);
  gauge('maibo_dbus_match_rules', 'Match rules held at the D-Bus daemon', measured.matchRules);
  gauge('maibo_radio_state', '1 ready, 0 off, -1 absent', measured.radioState);
  gauge('maibo_store_failing', '1 while nothing is read from devices because the store fails', () =>
    Number(measured.isStoreFailing()),
  );
  gauge('maibo_store_bytes', 'Size of the store with its side files', measured.storeBytes);
  gauge('maibo_disk_free_bytes', 'Room on the disk of the store', measured.freeBytes);
  gauge('maibo_clock_uncertainty_seconds', 'Half-width of the error of this clock', measured.clockUncertaintyS);
}

/** Cores of other makers have names: the configuration holds a few of them, and no device adds one. */
function registerCores(registry: Registry, cores: Measured['cores']): void {
  const each = (name: string, help: string, read: (core: ForeignCore) => number) => {
    new Gauge({
      ...{ name, help, registers: [registry], labelNames: ['core', 'version', 'engine', 'state'] },
      collect() {
        this.reset();
        for (const one of cores()) {
          const { name: core = 'unknown', version = '' } = one.core?.manifest ?? {};
          const state = one.state.is === 'stopped' ? `stopped: ${one.state.reason}` : one.state.is;
          this.inc({ core, version, engine: one.engine.kind, state }, read(one));
        }
      },
    });
  };
  each('maibo_foreign_cores', 'Cores of other makers by state', () => 1);
  each(
    'maibo_foreign_core_results',
    'Results of cores of other makers, sealed or about to be',
    (one) => one.resultCount,
  );
  each('maibo_foreign_core_stops', 'How often such a core was stopped', (one) => one.stopCount);
}
