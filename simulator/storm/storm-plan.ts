// What happens in one world, drawn from its seed before it begins: who is there, how bad the links are, and when what goes wrong.
import { createRng, type Rng } from '../world/rng.ts';

export const BUGS = ['ack-before-commit', 'no-dedupe', 'nak-storm'] as const;
/** A mistake that is planted to see that the checkers find it. */
export type Bug = (typeof BUGS)[number];

export interface LinkPlan {
  /** 'radio': a packet arrives whole or not at all; 'wire': it travels in a frame with a check, and damage is found. */
  readonly kind: 'radio' | 'wire';
  readonly packetBytesMax: number;
  readonly window: number;
  readonly delayMs: number;
  /** Time one packet takes on the air. */
  readonly packetMs: number;
  /** Chances per packet. */
  readonly drop: number;
  readonly duplicate: number;
  readonly reorder: number;
  readonly corrupt: number;
  /** A stranger sends something of its own: noise, an old packet, a RESET. */
  readonly attack: number;
  /** The link breaks after 1 to this many packets. */
  readonly flapPacketsMax: number;
  /** The packets change size now and then. */
  readonly changesSize: boolean;
}

export interface DevicePlan {
  readonly logCount: number;
  /** Items a log keeps. */
  readonly itemsMax: number;
  readonly writeEveryMs: number;
  readonly itemBytesMax: number;
  readonly freeLevel: 1 | null;
  readonly driftPpm: number;
  /** Every so often, ms; null: never. */
  readonly rebootEveryMs: number | null;
  readonly eraseEveryMs: number | null;
  readonly spoilEveryMs: number | null;
  /** The device is restored from a copy of itself and tells another story under the same numbers. */
  readonly restoreAtMs: number | null;
}

export interface GatewayPlan {
  /** A commit waits this long for the disk. */
  readonly diskMs: number;
  /** It dies at one of so many moments, on average; null: never. */
  readonly killOneIn: number | null;
  readonly diskFullEveryMs: number | null;
  readonly clockStepEveryMs: number | null;
  /** It reads what has come only every so often. */
  readonly slowMs: number;
  readonly credit: number;
}

export interface StormPlan {
  readonly seed: number;
  readonly rng: Rng;
  readonly devices: readonly DevicePlan[];
  readonly gateways: readonly GatewayPlan[];
  /** One for every pair of a device and a gateway: device-major. */
  readonly links: readonly LinkPlan[];
  /** From here on nothing goes wrong any more, and everything has to arrive. */
  readonly healMs: number;
  readonly bug: Bug | null;
}

export function drawStorm(seed: number, bug: Bug | null): StormPlan {
  const rng = createRng(seed);
  const draw = rng.fork('plan');
  const devices = list(1 + draw.nextBelow(2), () => drawDevice(draw));
  const gateways = list(1 + draw.nextBelow(2), () => drawGateway(draw));
  const links = list(devices.length * gateways.length, () => drawLink(draw));
  return { seed, rng, devices, gateways, links, healMs: 20_000 + draw.nextBelow(20_000), bug };
}

function drawDevice(draw: Rng): DevicePlan {
  return {
    logCount: 1 + draw.nextBelow(2),
    itemsMax: pick(draw, [30, 200, 5_000]),
    writeEveryMs: pick(draw, [40, 100, 400]),
    itemBytesMax: pick(draw, [20, 60, 600]),
    freeLevel: pick(draw, [1, 1, null]),
    driftPpm: draw.nextBelow(401) - 200,
    rebootEveryMs: often(draw, 0.5, 4_000, 20_000),
    eraseEveryMs: often(draw, 0.25, 6_000, 20_000),
    spoilEveryMs: often(draw, 0.25, 2_000, 10_000),
    restoreAtMs: often(draw, 0.1, 5_000, 15_000),
  };
}

function drawGateway(draw: Rng): GatewayPlan {
  return {
    diskMs: pick(draw, [1, 50, 800]),
    killOneIn: draw.nextUnit() < 0.6 ? 20 + draw.nextBelow(400) : null,
    diskFullEveryMs: often(draw, 0.3, 3_000, 10_000),
    clockStepEveryMs: often(draw, 0.3, 5_000, 20_000),
    slowMs: pick(draw, [0, 0, 50, 500]),
    credit: pick(draw, [4, 64, 1_024]),
  };
}

function drawLink(draw: Rng): LinkPlan {
  const upTo = (most: number) => (draw.nextUnit() < 0.4 ? 0 : draw.nextUnit() * most);
  const kind = pick(draw, ['radio', 'wire'] as const);
  return {
    kind,
    packetBytesMax: pick(draw, [20, 100, 244, 512]),
    window: pick(draw, [4, 8, 16, 32]),
    delayMs: pick(draw, [1, 8, 40]),
    packetMs: pick(draw, [0.2, 1, 4]),
    drop: upTo(0.2),
    duplicate: upTo(0.2),
    reorder: upTo(0.2),
    // On a radio the controller's own check finds all but one in ten thousand.
    corrupt: kind === 'wire' ? upTo(0.2) : upTo(0.000_2),
    attack: draw.nextUnit() < 0.25 ? draw.nextUnit() * 0.01 : 0,
    flapPacketsMax: pick(draw, [50, 500, 5_000, Number.POSITIVE_INFINITY]),
    changesSize: draw.nextUnit() < 0.3,
  };
}

function often(draw: Rng, chance: number, leastMs: number, mostMs: number): number | null {
  return draw.nextUnit() < chance ? leastMs + draw.nextBelow(mostMs - leastMs) : null;
}

function pick<T>(draw: Rng, choices: readonly T[]): T {
  return choices[draw.nextBelow(choices.length)]!;
}

function list<T>(count: number, make: () => T): T[] {
  return Array.from({ length: count }, make);
}
