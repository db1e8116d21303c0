// One world from its plan to its verdict: f(seed), nothing else.
import { DeviceGate, type PacketStats } from '@maibo/protocols';
import { checkAck, checkStore, type Findings, isClean, noFindings } from './checkers.ts';
import { StormDevice } from './storm-device.ts';
import { type Connection, StormGateway } from './storm-gateway.ts';
import { type Bug, drawStorm, type StormPlan } from './storm-plan.ts';
import { type Side, StormWire } from './storm-wire.ts';
import { Truth } from './truth.ts';
import { VirtualTime } from './virtual-time.ts';

export interface StormReport extends Findings {
  readonly seed: number;
  readonly records: number;
  readonly stored: number;
  readonly packets: number;
  /** Data packets sent over data packets needed, everything counted. */
  readonly sentPerNeeded: number;
  readonly links: number;
  readonly deaths: number;
  readonly simulatedMs: number;
  /** What broke a rule: empty for a world that held. */
  readonly broken: readonly string[];
}

/** After the world has healed everything has to arrive in this time. */
const HEALING_MS = 600_000;
/** More than this is a storm: at a loss of a fifth, both ways, with every fifth packet late, some 2 are sent for one. */
const SENT_PER_NEEDED_MAX = 4;
/** Of a world in which little is sent the ratio says nothing. */
const SENT_LEAST = 500;
const RECONNECT_MS = 300;
/** A world that sends more than this is stopped: no plan needs a tenth of it. */
const PACKETS_MAX = 500_000;

type Sent = Pick<PacketStats, 'sent' | 'repeated'>;

/** Sees every packet that is sent, of all links together. */
export type PacketWitness = (nowMs: number, from: Side, packet: Uint8Array) => void;

export function runStorm(seed: number, bug: Bug | null = null, onPacket: PacketWitness = () => undefined): StormReport {
  return new Storm(drawStorm(seed, bug), onPacket).run();
}

class Storm {
  readonly #plan: StormPlan;
  readonly #onPacket: PacketWitness;
  readonly #time = new VirtualTime();
  readonly #truth = new Truth();
  readonly #findings = noFindings();
  readonly #gateways: StormGateway[];
  readonly #devices: StormDevice[];
  readonly #counts = { links: 0, packets: 0, sent: 0, repeated: 0 };
  readonly #overheard: Uint8Array[] = [];
  readonly #open = new Set<{ readonly wire: StormWire; readonly stats: () => readonly Sent[] }>();
  /** Connections whose gateway has been told to read them, and is slow. */
  readonly #reading = new Set<Connection>();

  constructor(plan: StormPlan, onPacket: PacketWitness) {
    this.#plan = plan;
    this.#onPacket = onPacket;
    const isHealed = () => this.#isHealed();
    this.#gateways = plan.gateways.map((gateway, index) => {
      const rng = plan.rng.fork(`gateway ${index}`);
      return new StormGateway({
        plan: gateway,
        rng,
        time: this.#time,
        isHealed,
        bug: plan.bug,
        onDeath: () => this.#connectAll(index),
      });
    });
    const gatewayKeys = this.#gateways.map(({ keys }) => keys.publicKey);
    this.#devices = plan.devices.map(
      (device, index) =>
        new StormDevice({
          plan: device,
          rng: plan.rng.fork(`device ${index}`),
          time: this.#time,
          truth: this.#truth,
          healMs: plan.healMs,
          gatewayKeys,
          makeGate: () => new DeviceGate(),
          onAck: (gateway, log, upto) => this.#acked(gateway, log, upto),
          isStorming: plan.bug === 'nak-storm',
        }),
    );
  }

  run(): StormReport {
    for (const index of this.#gateways.keys()) this.#connectAll(index);
    const { healMs } = this.#plan;
    this.#time.run(healMs, () => this.#isFlooded());
    this.#time.run(healMs + HEALING_MS, () => this.#isDone() || this.#isFlooded());
    for (const { store } of this.#gateways) checkStore(this.#findings, this.#truth, store);
    return this.#report();
  }

  #isHealed(): boolean {
    return this.#time.nowMs >= this.#plan.healMs;
  }

  #acked(gateway: number, log: string, upto: number): void {
    const { store } = this.#gateways[gateway]!;
    if (!this.#truth.isRewritten(log)) checkAck(this.#findings, store, log, upto);
  }

  #connectAll(gateway: number): void {
    for (const device of this.#devices.keys()) this.#connect(device, gateway);
  }

  #connect(deviceIndex: number, gatewayIndex: number): void {
    const gateway = this.#gateways[gatewayIndex]!;
    if (!gateway.isAlive) return;
    const device = this.#devices[deviceIndex]!;
    const plan = this.#plan.links[deviceIndex * this.#gateways.length + gatewayIndex]!;
    this.#counts.links++;
    const rng = this.#plan.rng.fork(`link ${this.#counts.links}`);
    const keys = this.#devices.map(({ publicKey }) => publicKey);
    const host = gateway.newPeer(keys, plan.packetBytesMax, plan.window);
    const { peer, drop } = device.connect(
      plan.packetBytesMax,
      plan.window,
      () => wire.turn('device'),
      () => wire.break(),
    );
    const connection: Connection = {
      peer: host,
      turn: () => wire.turn('host'),
      cut: () => wire.break(),
      device: null,
      asked: new Set(),
      ended: new Set(),
    };
    const wire = new StormWire(
      { device: peer, host },
      {
        time: this.#time,
        plan,
        rng,
        isHealed: () => this.#isHealed(),
        overheard: this.#overheard,
        onPacket: (from, packet) => {
          this.#counts.packets++;
          this.#onPacket(this.#time.nowMs, from, packet);
        },
        onTurn: (side) => (side === 'host' ? this.#readSoon(gateway, connection, wire) : undefined),
        onBreak: () => {
          drop();
          gateway.detach(connection);
          this.#count([peer.stats, host.stats]);
          this.#time.after(RECONNECT_MS, () => this.#connect(deviceIndex, gatewayIndex));
        },
      },
    );
    gateway.attach(connection);
    wire.turn('host');
    wire.turn('device');
    this.#open.add({ wire, stats: () => [peer.stats, host.stats] });
  }

  #readSoon(gateway: StormGateway, connection: Connection, wire: StormWire): void {
    const { slowMs } = this.#plan.gateways[this.#gateways.indexOf(gateway)]!;
    if (slowMs === 0 || this.#isHealed()) gateway.read(connection);
    else if (!this.#reading.has(connection)) {
      this.#reading.add(connection);
      this.#time.after(slowMs, () => {
        this.#reading.delete(connection);
        if (wire.isBroken) return;
        gateway.read(connection);
        wire.turn('host');
      });
    }
  }

  #count(stats: readonly Sent[]): void {
    for (const { sent, repeated } of stats) {
      this.#counts.sent += sent;
      this.#counts.repeated += repeated;
    }
  }

  #isFlooded(): boolean {
    return this.#counts.packets > PACKETS_MAX;
  }

  #isDone(): boolean {
    const names = this.#devices.flatMap((device) => device.logs.map((log) => device.nameOf(log)));
    return this.#isHealed() && this.#gateways.every((gateway) => gateway.isDone(names));
  }

  #report(): StormReport {
    for (const { wire, stats } of this.#open) if (!wire.isBroken) this.#count(stats());
    const { links, packets, sent, repeated } = this.#counts;
    const sentPerNeeded = sent === 0 ? 1 : sent / Math.max(1, sent - repeated);
    const stored = this.#gateways.reduce(
      (sum, { store }) => sum + [...store.rows.values()].reduce((all, rows) => all + rows.length, 0),
      0,
    );
    return {
      ...this.#findings,
      seed: this.#plan.seed,
      records: this.#truth.itemCount,
      stored,
      packets,
      sentPerNeeded,
      links,
      deaths: this.#gateways.reduce((sum, { deaths }) => sum + deaths, 0),
      simulatedMs: Math.round(this.#time.nowMs),
      broken: this.#broken(sentPerNeeded, sent),
    };
  }

  #broken(sentPerNeeded: number, sent: number): string[] {
    const broken: string[] = [];
    if (!isClean(this.#findings)) broken.push(...this.#findings.details);
    if (!this.#isDone()) broken.push('the links healed, and something never arrived');
    if (sent > SENT_LEAST && sentPerNeeded > SENT_PER_NEEDED_MAX)
      broken.push(`${sentPerNeeded.toFixed(1)} packets sent for one`);
    const logCount = this.#devices.reduce((sum, { logs }) => sum + logs.length, 0);
    for (const gateway of this.#gateways) {
      if (gateway.pendingMost > gateway.pendingMostAllowed(logCount))
        broken.push(`${gateway.pendingMost} rows waited for the disk`);
    }
    return broken;
  }
}
