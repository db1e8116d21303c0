// Packets sent for each that was needed, under loss: selective repeat as in protocols/packet, and go-back-N with the same window.
import { PacketLink } from '@maibo/protocols';
import { table } from '../bench.ts';
import { Random } from '../fuzz/random.ts';
import { GoBackReceiver, GoBackSender } from './link-go-back.ts';
import { LinkWire } from './link-wire.ts';

const LOSSES = [0, 0.01, 0.05, 0.1, 0.2];
const WINDOWS = [4, 8, 16, 32, 64];
const DELAY_MS = 20;
const PACKET_MS = 1;
const PACKET_BYTES = 20;
const MESSAGE_BYTES = 1_500;
const MESSAGES = 100;
const WAITING_BYTES = 16_384;
/** What is reached, rounded up; asked were 1.10 at 1 % and 1.40 at 5 %. */
const RATIO_MAX: Readonly<Record<number, number>> = { 0: 1, 0.01: 1.02, 0.05: 1.07, 0.1: 1.13, 0.2: 1.3 };

export interface LossCell {
  readonly window: number;
  readonly loss: number;
  readonly needed: number;
  readonly sentPerNeeded: number;
  readonly acksPerNeeded: number;
  readonly timeouts: number;
  readonly goBackPerNeeded: number;
  /** Made time to bring everything over, go-back-N to ours. */
  readonly goBackTime: number;
}

export interface LossResult {
  readonly lines: string[];
  readonly cells: readonly LossCell[];
  readonly overBudget: string[];
}

export function measureLoss(): LossResult {
  const cells = WINDOWS.flatMap((window) => LOSSES.map((loss) => cellOf(window, loss)));
  return { lines: linesOf(cells), cells, overBudget: cells.flatMap(overBudgetOf) };
}

function cellOf(window: number, loss: number): LossCell {
  const ours = runOurs(window, loss);
  const peer = runGoBack(window, loss, ours.needed);
  return {
    window,
    loss,
    needed: ours.needed,
    sentPerNeeded: ours.sent / ours.needed,
    acksPerNeeded: ours.acks / ours.needed,
    timeouts: ours.timeouts,
    goBackPerNeeded: peer.sent / ours.needed,
    goBackTime: peer.tookMs / ours.tookMs,
  };
}

function runOurs(window: number, loss: number) {
  const random = new Random(window, 1);
  const options = { packetBytesMax: PACKET_BYTES, window, entropy: (count: number) => random.bytes(count) };
  const [a, b] = [new PacketLink(options), new PacketLink(options)];
  const wire = new LinkWire(a, b, { delayMs: DELAY_MS, packetMs: PACKET_MS, drop: loss, random });
  const message = random.bytes(MESSAGE_BYTES);
  let said = 0;
  let got = 0;
  wire.until(() => a.isOpen && b.isOpen);
  const startMs = wire.nowMs;
  wire.until(() => {
    while (said < MESSAGES && a.waitingBytes(0) < WAITING_BYTES && a.send(0, message)) said++;
    got += b.take().filter(({ event }) => event === 'message').length;
    a.take();
    return got === MESSAGES && a.isIdle;
  });
  const { sent, repeated, timeouts } = a.stats;
  return { needed: sent - repeated, sent, timeouts, acks: b.stats.acknowledgements, tookMs: wire.nowMs - startMs };
}

function runGoBack(window: number, loss: number, count: number) {
  const a = new GoBackSender(window, count, 2 * DELAY_MS);
  const random = new Random(window, 1);
  const wire = new LinkWire(a, new GoBackReceiver(window), {
    delayMs: DELAY_MS,
    packetMs: PACKET_MS,
    drop: loss,
    random,
  });
  wire.until(() => a.isDone);
  return { sent: a.sent, tookMs: wire.nowMs };
}

function linesOf(cells: readonly LossCell[]): string[] {
  const row = (window: number, value: (cell: LossCell) => string) => [
    `${window}`,
    ...cells.filter((cell) => cell.window === window).map(value),
  ];
  const part = (name: string, value: (cell: LossCell) => string) =>
    table([[name, ...LOSSES.map((loss) => `${loss * 100} %`)], ...WINDOWS.map((window) => row(window, value))]);
  const bound = LOSSES.map((loss) => (1 / (1 - loss)).toFixed(3)).join(', ');
  return [
    `${cells[0]!.needed} packets of ${PACKET_BYTES} bytes, ${DELAY_MS} ms one way, ${PACKET_MS} ms a packet; acknowledgements are lost alike`,
    `packets sent / needed by window and loss (nobody is below ${bound})`,
    ...part('selective repeat', ({ sentPerNeeded }) => sentPerNeeded.toFixed(3)),
    ...part('go-back-N', ({ goBackPerNeeded }) => goBackPerNeeded.toFixed(3)),
    ...part('its time / ours', ({ goBackTime }) => goBackTime.toFixed(2)),
    ...part('acks / needed', ({ acksPerNeeded }) => acksPerNeeded.toFixed(3)),
  ];
}

function overBudgetOf({ window, loss, sentPerNeeded }: LossCell): string[] {
  const max = RATIO_MAX[loss]!;
  if (sentPerNeeded <= max) return [];
  return [`window ${window}, ${loss * 100} % loss: ${sentPerNeeded.toFixed(3)} packets for each, at most ${max}`];
}
