// The long-running box: looks after every device it is told of, stores what they have, sends it on, and says how it is.
//
//   port ─┐                     ┌─▶ store gate ─▶ group committer ─▶ store ─▶ forwarding loop ─▶ platform
//         ├─▶ supervisor ─▶ visit                                      └────▶ retention, once a day
//   air ──┘   (one a place)     └─▶ states, tally ─▶ /metrics, /healthz, /readyz
import { setMaxListeners } from 'node:events';
import { keyIdOf } from '@maibo/protocols';
import { Registry } from 'prom-client';
import type { Collecting } from './collecting.ts';
import type { GatewayConfig } from './config-types.ts';
import { DeviceClaims } from './device-claims.ts';
import { DeviceLog, failureFields } from './device-log.ts';
import { StateCounts } from './device-states.ts';
import { ForwardingLoop } from './forwarding-loop.ts';
import { type Health, type HealthSigns, isAlive, isReady, judgeHealth } from './gateway-health.ts';
import type { GatewayWorld, HttpAnswer, HttpListener } from './gateway-world.ts';
import { GroupCommitter } from './group-committer.ts';
import { HandshakeTurns } from './handshake-turns.ts';
import { OpenSessions } from './open-sessions.ts';
import { Overdue } from './overdue.ts';
import { clinicPlace, radioPlace, serialPlace } from './places.ts';
import { PortWatch } from './port-watch.ts';
import { RadioHub } from './radio-hub.ts';
import { keepRetention } from './retention.ts';
import { StoreGate } from './store-gate.ts';
import { type Place, Supervisor } from './supervisor.ts';
import { Tally } from './tally.ts';
import { WatchedCommitter } from './watched-committer.ts';

/** Commits wait this long for one another, or until so many records have come together. */
const COMMIT_WAIT_MS = 20;
const COMMIT_RECORDS_MAX = 256;
/** A handshake costs the processor some milliseconds: a thousand of them begin one after the other. */
const START_SPREAD_MS = 5;
/** How long devices are given to be said goodbye to. */
export const STOP_MS = 10_000;

export class Gateway {
  readonly #config: GatewayConfig;
  readonly #world: GatewayWorld;
  readonly #stopping = new AbortController();
  readonly #states = new StateCounts();
  readonly #overdue: Overdue;
  readonly #gate: StoreGate;
  readonly #tally: Tally;
  readonly #sessions = new OpenSessions();
  readonly #forwarding: ForwardingLoop | null;
  readonly #hub: RadioHub | null;
  readonly #collecting: Collecting;
  readonly #supervisors: readonly Supervisor[];
  #phase: HealthSigns['phase'] = 'starting';
  #running: Promise<unknown> = Promise.resolve();
  #http: HttpListener | null = null;

  /** `registry`: metrics of the process to show beside the gateway's own. */
  constructor(config: GatewayConfig, world: GatewayWorld, registry: Registry = new Registry()) {
    const { clock, entropy } = world;
    const { signal } = this.#stopping;
    setMaxListeners(0, signal); // every place listens to it
    this.#config = config;
    this.#world = world;
    this.#overdue = new Overdue(clock);
    this.#gate = new StoreGate({
      ...{ clock, entropy, signal },
      onClosed: (code) => this.#closeGate(code),
      onOpened: () => world.log.info({}, 'the store works again'),
    });
    this.#tally = this.#createTally(registry);
    this.#forwarding = this.#createForwarding();
    this.#hub = this.#createHub();
    this.#collecting = {
      world,
      committer: this.#createCommitter(),
      claims: new DeviceClaims(),
      sessions: this.#sessions,
      handshakes: new HandshakeTurns(clock),
      forwarding: this.#forwarding,
    };
    this.#supervisors = this.#createPlaces().map((place) => this.#supervise(place));
  }

  /** Where metrics and health are; null before `start`. */
  get url(): string | null {
    return this.#http?.url ?? null;
  }

  get health(): Health {
    return judgeHealth(this.#signs());
  }

  /** False when something hangs that only a new start would free. */
  get isAlive(): boolean {
    return isAlive(this.#signs());
  }

  /** Listens, then looks for devices. Errors: those of the world's HTTP server and of the store. */
  async start(): Promise<void> {
    const { http } = this.#config;
    const { log } = this.#world;
    this.#http = await this.#world.openHttp(http.host, http.port, (path) => this.#answer(path));
    try {
      this.#addKeys();
    } catch (failure) {
      await this.#http.close();
      throw failure;
    }
    this.#running = Promise.all([
      this.#forwarding?.run(),
      this.#hub?.run(),
      this.#keepRetention(),
      ...this.#supervisors.map((supervisor, index) => supervisor.run(index * START_SPREAD_MS)),
    ]);
    this.#phase = 'running';
    log.info({ places: this.#supervisors.length, url: this.#http.url }, 'gateway started');
  }

  /** A promise that failed where nobody waited for it: ours to mend, and no reason to leave a thousand devices alone. */
  noteStray(failure: unknown): void {
    this.#tally.failure('internal');
    this.#world.log.error(failureFields(failure), 'a failure that nobody waited for');
  }

  /** Takes nothing more, makes durable what it has, says goodbye. Within STOP_MS; what hangs is left behind. The store stays open. */
  async stop(): Promise<void> {
    if (this.#phase === 'stopping') return;
    this.#phase = 'stopping';
    this.#stopping.abort();
    const enough = new AbortController();
    const isDone = this.#running.then(() => true);
    const isLate = this.#world.clock.sleep(STOP_MS, enough.signal).then(() => false);
    const isClean = await Promise.race([isDone, isLate]);
    enough.abort();
    await this.#hub?.close().catch((failure: unknown) => this.#fail(failure));
    await this.#http?.close();
    this.#world.cores?.close();
    this.#world.log.info({ isClean }, 'gateway stopped');
  }

  /** Whose signatures the store will hold: `maibo verify` finds them there. */
  #addKeys(): void {
    const { store, clock, signer } = this.#world;
    const isLab = clock.source === 'lab';
    store.addKey(signer.keyId, signer.publicKey, isLab ? 'gateway-lab' : 'gateway');
    const publicKey = this.#config.platform?.publicKey;
    if (publicKey !== undefined) store.addKey(keyIdOf(publicKey), publicKey, isLab ? 'platform-lab' : 'platform');
  }

  #keepRetention(): Promise<void> {
    const { store, clock, signer } = this.#world;
    const { committer, claims } = this.#collecting;
    return keepRetention({
      ...{ store, clock, signer, committer, claims, config: this.#config.store, signal: this.#stopping.signal },
      hasPlatform: this.#forwarding !== null,
      onTrimmed: (count) => this.#tally.trimmed(count),
      onFailure: (failure) => this.#fail(failure),
    });
  }

  #createPlaces(): Place[] {
    const { serial, devices, clinic } = this.#config;
    const { clock, serial: ports } = this.#world;
    const watch = new PortWatch(ports, clock, this.#stopping.signal);
    const wired = devices.filter(({ bearer }) => bearer !== 'ble').map(({ publicKey }) => publicKey);
    const hub = this.#hub;
    return [
      ...(wired.length === 0
        ? []
        : serial.map((port, index) => serialPlace(index, port, wired, watch, this.#collecting))),
      ...devices.flatMap((device, index) =>
        hub === null || device.address === null
          ? []
          : [radioPlace(index, device, device.address, hub, this.#collecting)],
      ),
      ...(hub === null ? [] : clinic.map((device, index) => clinicPlace(index, device, hub, this.#collecting))),
    ];
  }

  #supervise(place: Place): Supervisor {
    const { clock, entropy, log } = this.#world;
    return new Supervisor({
      ...{ place, clock, entropy, gate: this.#gate, states: this.#states, signal: this.#stopping.signal },
      log: new DeviceLog(log, clock, { place: place.name, ...place.fields }),
      onReconnect: () => this.#tally.reconnect(),
      onFailure: (code) => this.#tally.failure(code),
    });
  }

  #createHub(): RadioHub | null {
    const { clock, entropy, openRadio } = this.#world;
    const { devices, clinic, bluetooth } = this.#config;
    const isWanted = clinic.length > 0 || devices.some(({ address }) => address !== null);
    if (openRadio === null || !isWanted) return null;
    const open = () => openRadio(bluetooth.adapter);
    return new RadioHub({ open, clock, entropy, overdue: this.#overdue, signal: this.#stopping.signal });
  }

  #createForwarding(): ForwardingLoop | null {
    const { store, uplink, clock, entropy, log } = this.#world;
    const { platform } = this.#config;
    if (uplink === null || platform === null) return null;
    const { publicKey } = platform;
    const platformKey = { keyId: keyIdOf(publicKey), publicKey };
    return new ForwardingLoop({
      ...{ store, uplink, platformKey, clock, entropy, signal: this.#stopping.signal },
      onReceipt: () => this.#tally.receipt(),
      onTrouble: (code) =>
        code === null ? log.info({}, 'the platform answers again') : log.warn({ code }, 'segments wait in the store'),
      onFailure: (failure) => this.#fail(failure),
    });
  }

  #createCommitter(): WatchedCommitter {
    const { store, clock } = this.#world;
    return new WatchedCommitter({
      committer: new GroupCommitter(store, clock, { waitMs: COMMIT_WAIT_MS, recordsMax: COMMIT_RECORDS_MAX }),
      ...{ clock, gate: this.#gate, tally: this.#tally, overdue: this.#overdue },
      onSegments: (streamId, count) => this.#forwarding?.wake(streamId, count),
    });
  }

  #createTally(registry: Registry): Tally {
    const { clock, disk } = this.#world;
    return new Tally(registry, {
      states: this.#states,
      badFrames: () => this.#sessions.badFrames,
      openSessions: () => this.#sessions.count,
      cores: () => this.#world.cores?.all ?? [],
      waitingSegments: () => this.#forwarding?.waitingSegments ?? 0,
      matchRules: () => this.#hub?.radio?.counts.matchRules ?? 0,
      radioState: () => (this.#hub === null ? null : { ready: 1, off: 0, absent: -1 }[this.#hub.state]),
      storeBytes: () => disk()?.storeBytes ?? null,
      freeBytes: () => disk()?.freeBytes ?? null,
      clockUncertaintyS: () => clock.uncertaintyUs / 1e6,
      isStoreFailing: () => this.#gate.failure !== null,
    });
  }

  /** Nothing is read while nothing can be kept: every session ends, and its device keeps what it has. */
  #closeGate(code: string): void {
    this.#world.log.error({ code }, 'the store fails: nothing is read from devices until it works again');
    for (const supervisor of this.#supervisors) supervisor.interrupt();
  }

  /** Of a loop beside the devices: the store's failure, or one of ours. */
  #fail(failure: unknown): void {
    if (!this.#gate.fail(failure)) this.#world.log.error(failureFields(failure), 'a part of the gateway failed');
  }

  #signs(): HealthSigns {
    const space = this.#world.disk();
    return {
      phase: this.#phase,
      storeFailure: this.#gate.failure?.code ?? null,
      radioState: this.#hub?.state ?? null,
      unreachableMs: this.#forwarding?.unreachableMs ?? null,
      refusedStreams: this.#forwarding?.refusedStreams ?? 0,
      freeBytes: space?.freeBytes ?? null,
      storeBytes: space?.storeBytes ?? null,
      storeBytesMax: this.#config.store.bytesMax,
      hanging: this.#overdue.kinds,
    };
  }

  async #answer(path: string): Promise<HttpAnswer | null> {
    if (path === '/metrics') return { status: 200, type: this.#tally.contentType, body: await this.#tally.text() };
    const signs = this.#signs();
    const health = judgeHealth(signs);
    if (path === '/healthz') return json(health.status === 'ok' ? 200 : 503, health);
    if (path === '/readyz') return json(isReady(signs) ? 200 : 503, { isReady: isReady(signs) });
    return null;
  }
}

function json(status: number, body: unknown): HttpAnswer {
  return { status, type: 'application/json', body: `${JSON.stringify(body)}\n` };
}
