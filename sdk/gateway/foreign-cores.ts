// The cores of other makers that a gateway runs: packages that its configuration names, allowed by their signer or by the hash of their module,
// each behind an engine. One that is refused or stopped is told, and nothing else changes: other cores, devices and streams go on.
import { deviceIdOf, nodeSuite, type StreamRecord, sameBytes } from '@maibo/protocols';
import { type AllowedBy, allowPackage } from '../engine/allow-list.ts';
import { type CorePackage, openCorePackage } from '../engine/core-package.ts';
import { CoreStoppedError, type Engine, type StoppedCore } from '../engine/engine.ts';
import { GuestCore } from '../engine/guest-core.ts';
import type { EngineLimits } from '../engine/limits.ts';
import { ThreadEngine } from '../engine/thread-engine.ts';
import { PYTHON_DEFAULT, WasmtimeEngine } from '../engine/wasmtime-engine.ts';
import { isMaiboError, MaiboError } from '../errors.ts';
import { toHex } from '../evidence/record-types.ts';
import { guestMisfit } from '../pipeline/guest-processor.ts';
import type { CoreConfig, CoresConfig } from './config-types.ts';
import type { Log } from './gateway-world.ts';

/** While a core computes, nobody else in this process does: less than what an engine allows by itself. */
export const GATEWAY_CORE_LIMITS: Partial<EngineLimits> = { callMs: 1_000, callFuel: 200_000_000, totalMs: 5_000 };

const WHY_MAX = 200;

export type ForeignState =
  | { readonly is: 'running'; readonly allowedBy: AllowedBy }
  /** It never ran: what is wrong with the package, the list, or the engine. */
  | { readonly is: 'refused'; readonly code: string; readonly why: string }
  | ({ readonly is: 'stopped' } & Stop);

export type Stop = Pick<StoppedCore, 'reason' | 'why'>;

export interface ForeignCore {
  readonly config: CoreConfig;
  /** Null: there is no package to speak of. */
  readonly core: CorePackage | null;
  readonly engine: Engine;
  state: ForeignState;
  resultCount: number;
  stopCount: number;
}

export interface ForeignWorld {
  /** The file of a package. Errors: `input-missing`, `input-format`. */
  readonly readPackage: (path: string) => Uint8Array;
  readonly log: Log;
}

export class ForeignCores {
  readonly all: readonly ForeignCore[];
  readonly #log: Log;
  readonly #engines = new Map<string, Engine>();

  /** Opens and starts every one, so that what is wrong is told now and not in the middle of a stream. Never throws for a package. */
  constructor(config: CoresConfig, { readPackage, log }: ForeignWorld, limits = GATEWAY_CORE_LIMITS) {
    this.#log = log;
    this.all = config.packages.map((one) => {
      const engine = this.#engine(one.engine, config.python, limits);
      return this.#told(openOne(one, config, readPackage, engine));
    });
  }

  /** Those that take this stream and may still run. */
  forStream(stream: StreamRecord): ForeignCore[] {
    return this.all.filter(({ config, core, state }) => {
      if (core === null || state.is !== 'running') return false;
      const isHere = config.device === null || sameBytes(deviceIdOf(nodeSuite, config.device), stream.source.device);
      return isHere && guestMisfit(core.manifest, stream, config.signal ?? undefined) === null;
    });
  }

  /**
   * It failed in a stream, and is stopped in all; but not where the stream was the reason, or whatever ended its process. `isStart`: it could not even
   * be started, so there is no other process to be had.
   */
  fail(foreign: ForeignCore, failure: unknown, isStart = false): Stop {
    const stop = stopOf(failure);
    const { reason, why } = stop;
    const isMisfit = isMaiboError(failure, 'input-range');
    foreign.stopCount++;
    if ((reason !== 'lost' || isStart) && !isMisfit) foreign.state = { is: 'stopped', reason, why };
    const message = isMisfit ? 'a core does not take a stream' : 'a core was stopped; everything else goes on';
    this.#log.error({ ...namesOf(foreign), reason, why }, message);
    return stop;
  }

  close(): void {
    for (const engine of this.#engines.values()) engine.close();
  }

  #engine(kind: CoreConfig['engine'], python: string | null, limits: Partial<EngineLimits>): Engine {
    const known = this.#engines.get(kind);
    if (known !== undefined) return known;
    const isWasmtime = kind === 'wasmtime';
    const engine = isWasmtime
      ? new WasmtimeEngine({ python: python ?? PYTHON_DEFAULT, limits })
      : new ThreadEngine(limits);
    this.#engines.set(kind, engine);
    return engine;
  }

  #told(foreign: ForeignCore): ForeignCore {
    const { state } = foreign;
    if (state.is === 'refused') {
      this.#log.error({ ...namesOf(foreign), code: state.code, why: state.why }, 'a core is not run');
    } else if (state.is === 'running') {
      this.#log.info({ ...namesOf(foreign), allowedBy: state.allowedBy }, 'a core is ready');
    }
    return foreign;
  }
}

/** What nobody named is an answer that nobody could use. */
function stopOf(failure: unknown): Stop {
  if (failure instanceof CoreStoppedError) return failure.stopped;
  const why = String((failure as Error).message).slice(0, WHY_MAX);
  return { reason: isMaiboError(failure, 'engine-absent') ? 'start' : 'answer', why };
}

/** For logs: who it is, as far as that is known. */
function namesOf({ config, core, engine }: ForeignCore) {
  const known = core === null ? {} : { core: core.manifest.name, version: core.manifest.version };
  const module = core === null ? {} : { module: toHex(core.manifest.sha256).slice(0, 16) };
  return { ...known, ...module, engine: engine.kind, package: config.path };
}

function openOne(
  config: CoreConfig,
  allowed: CoresConfig,
  readPackage: ForeignWorld['readPackage'],
  engine: Engine,
): ForeignCore {
  const rest = { config, engine, resultCount: 0, stopCount: 0 };
  let core: CorePackage | null = null;
  try {
    const opened = openCorePackage(readPackage(config.path));
    if (!opened.ok) throw new MaiboError('core-refused', `no core package: ${opened.fault.detail}`);
    core = opened.value;
    const allowedBy = allowPackage(core, { signers: allowed.trustedKeys, hashes: allowed.allowedHashes });
    GuestCore.create(core, core.manifest.takes.rateHzMin, engine);
    return { ...rest, core, state: { is: 'running', allowedBy } };
  } catch (failure) {
    if (!isMaiboError(failure)) throw failure;
    return { ...rest, core, state: { is: 'refused', code: failure.code, why: failure.toLine() } };
  }
}
