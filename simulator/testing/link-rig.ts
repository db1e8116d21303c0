// What a bearer has to bring to be held against the link contract: both ends of it, a plug to pull, and what must not grow.
//
//   const rig: LinkRig = { name: 'my radio', carries: 'packets', can: ['unplug'], open, device, unplug, plug, counts, close };
//   for (const { name, needs, run } of LINK_CONTRACT) if (canRun(rig, needs)) await run(rig);
//
// A rig is used by one case at a time, and by all of them one after the other. It starts plugged in.
import type { Link } from '@maibo/sdk';

export type LinkAbility =
  /** `unplug` and `plug` do something. */
  | 'unplug'
  /** A write waits when nobody reads at the other end, in both directions. A radio that drops notifications cannot. */
  | 'back-pressure';

/** How much and how long; a slow machine (an emulated one, say) names its own. */
export interface LinkLimits {
  /** Cycles of open, echo and close, or unplug and plug. */
  readonly reconnects: number;
  /** Pieces that one end sends without waiting for the other. */
  readonly burst: number;
  /** Longest time for anything that ought to happen. */
  readonly patienceMs: number;
  /** From pulling the plug to the host's end knowing it. */
  readonly unplugMs: number;
  /** Blocks in the log of the wearable that is read. */
  readonly blocks: number;
}

/** Unplugging is noticed within a quarter of a second. */
export const UNPLUG_MS = 250;
/** A loaded machine may take so many times as long to be scheduled. */
export const LOAD_FACTOR = 4;

export const LINK_LIMITS: LinkLimits = {
  reconnects: 300,
  burst: 1_000,
  patienceMs: 15_000,
  unplugMs: UNPLUG_MS * LOAD_FACTOR,
  blocks: 200,
};

export interface LinkRig {
  /** For people. */
  readonly name: string;
  readonly carries: Link['carries'];
  readonly can: readonly LinkAbility[];
  /** Where they differ from LINK_LIMITS. */
  readonly limits?: Partial<LinkLimits>;
  /** The host's end, a new one each time; the case closes it. Throws `link-open` or `link-timeout` while unplugged. */
  open(signal?: AbortSignal): Promise<Link>;
  /** The other end of the latest `open`: ready to read and write. The case closes it, unless the rig did. */
  device(): Promise<Link>;
  /** Pulls the plug, whatever is going on. Without the ability: never called. */
  unplug(): Promise<void>;
  /** Resolves when `open` can work again. */
  plug(): Promise<void>;
  /** What must stay flat over any number of reconnects: descriptors, timers, listeners, match rules. Taken while nothing is open. */
  counts(): Promise<Record<string, number>>;
  /** Everything it started is gone afterwards. */
  close(): Promise<void>;
  /** What a case measured, in milliseconds, for those who want to know. */
  measured?(what: string, ms: number): void;
}

export function canRun(rig: LinkRig, needs: readonly LinkAbility[] = []): boolean {
  return needs.every((ability) => rig.can.includes(ability));
}

/** A case of the contract: throws (node:assert) when the rig does not keep it. */
export interface LinkContractCase {
  /** "bytes arrive whole" */
  readonly name: string;
  readonly needs?: readonly LinkAbility[];
  run(rig: LinkRig): Promise<void>;
}
