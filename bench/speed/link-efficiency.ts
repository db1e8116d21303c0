// Bytes of records in the bytes of packets, for a batch of 64 records in a session that runs, and what the rest is.
import { encodeMessage, type Message } from '@maibo/protocols';
import { table } from '../bench.ts';
import { LinkPair, newLog, numberItem } from './link-pair.ts';

const BATCH_ITEMS = 64;
const ITEMS_PER_CHECKPOINT = 256;
const BATCHES = ITEMS_PER_CHECKPOINT / BATCH_ITEMS;
/** Where the log stands: numbers of five bytes, and a checkpoint behind the last batch. */
const LOG_HEAD = ITEMS_PER_CHECKPOINT * 300;
const TAG_BYTES = 16;
const PACKET_HEAD_BYTES = 2;
const CHANNEL_BULK = 2;
const KIND_ACK = 1;
const FIRST = 0x20;
const CASES: readonly Case[] = [
  { packetBytes: 20, uptimeDays: 1, shareMin: 0.84 },
  { packetBytes: 244, uptimeDays: 1, shareMin: 0.92 },
  // Ticks of nine bytes; beyond 23 bytes a record's head has two. What is reached, rounded down.
  { packetBytes: 20, uptimeDays: 30, shareMin: 0.81 },
  { packetBytes: 244, uptimeDays: 30, shareMin: 0.9 },
];

interface Case {
  readonly packetBytes: number;
  readonly uptimeDays: number;
  /** Share of the bytes, acknowledgements and checkpoints not counted. */
  readonly shareMin: number;
}

export interface Efficiency {
  readonly packetBytes: number;
  readonly itemBytes: number;
  readonly share: number;
  /** Bytes of one batch, of packets that carry it. */
  readonly batchBytes: number;
  readonly packetHeads: number;
  readonly lengthBytes: number;
  readonly itemHeads: number;
  readonly messageHead: number;
  /** Bytes for each batch: acknowledgements of packets, of records, and a checkpoint at every fourth. */
  readonly packetAckBytes: number;
  readonly recordAckBytes: number;
  readonly checkpointBytes: number;
  /** With all of these, both directions. */
  readonly shareOfAll: number;
}

export interface EfficiencyResult {
  readonly lines: string[];
  readonly rows: readonly Efficiency[];
  readonly overBudget: string[];
}

export function measureEfficiency(): EfficiencyResult {
  const rows = CASES.map(efficiencyAt);
  const overBudget = rows.flatMap(({ packetBytes, itemBytes, share }, index) => {
    const { shareMin } = CASES[index]!;
    const name = `packets of ${packetBytes} bytes, records of ${itemBytes}`;
    return share >= shareMin ? [] : [`${name}: ${percent(share)} are records, at least ${percent(shareMin)}`];
  });
  return { lines: linesOf(rows), rows, overBudget };
}

/** What went over the wire since the last look. */
class Tally {
  /** Of the bulk channel, one entry per message: packets and their bytes. */
  bulk: { packets: number; bytes: number }[] = [];
  packetAckBytes = 0;
  hostDataBytes = 0;

  count(from: 'a' | 'b', packet: Uint8Array): void {
    if (packet[0]! >>> 6 === KIND_ACK) this.packetAckBytes += packet.length;
    else if (from === 'b') this.hostDataBytes += packet.length;
    else if ((packet[0]! & 0x0f) === CHANNEL_BULK) {
      if ((packet[0]! & FIRST) !== 0) this.bulk.push({ packets: 0, bytes: 0 });
      const message = this.bulk.at(-1)!;
      message.packets++;
      message.bytes += packet.length;
    }
  }
}

function efficiencyAt({ packetBytes, uptimeDays }: Case): Efficiency {
  const said: Message[] = [];
  let tally = new Tally();
  const log = newLog('rr');
  const write = (count: number) => {
    for (const past = log.head + count; log.head < past; ) log.append(numberItem(log.head, uptimeDays));
  };
  write(LOG_HEAD);
  const rewrite = (message: Message) => {
    if (message.type === 'items' || message.type === 'checkpoint') said.push(message);
    return [message];
  };
  const onPacket = (from: 'a' | 'b', packet: Uint8Array) => tally.count(from, packet);
  const options = { packetBytesMax: packetBytes, rewrite };
  const pair = new LinkPair(log, options, { delayMs: 20, packetMs: 1, drop: 0, onPacket });
  pair.until(() => pair.has('info'));
  const info = pair.firstLog;
  pair.host.pull(info, { next: LOG_HEAD, chain: null }, 1024);
  pair.until(() => pair.has('end'));
  pair.settle();
  const bring = (count: number) => {
    write(count);
    pair.until(() => pair.itemCount === log.head - LOG_HEAD);
    pair.host.ack(info, log.head - 1, 1);
    pair.settle();
  };
  // What comes first behind a pull is short: that is no batch.
  bring(ITEMS_PER_CHECKPOINT);
  tally = new Tally();
  said.length = 0;
  for (let batch = 0; batch < BATCHES; batch++) bring(BATCH_ITEMS);
  return efficiencyOf(packetBytes, said, tally);
}

function efficiencyOf(packetBytes: number, said: readonly Message[], tally: Tally): Efficiency {
  const [first] = said;
  if (first?.type !== 'items' || first.items.length !== BATCH_ITEMS || said.length !== BATCHES + 1)
    throw new Error(`the device said ${said.map(({ type }) => type).join(', ')}: no batches of ${BATCH_ITEMS}`);
  const records = first.items.reduce((sum, item) => sum + item.length, 0);
  const messageBytes = encodeMessage(first).length;
  const itemHeads = first.items.reduce((sum, item) => sum + (item.length < 24 ? 1 : item.length < 256 ? 2 : 3), 0);
  const { packets, bytes } = tally.bulk[0]!;
  const sealedBytes = messageBytes + TAG_BYTES;
  const checkpointBytes = tally.bulk[BATCHES]!.bytes / BATCHES;
  const [packetAckBytes, recordAckBytes] = [tally.packetAckBytes / BATCHES, tally.hostDataBytes / BATCHES];
  return {
    packetBytes,
    itemBytes: records / BATCH_ITEMS,
    share: records / bytes,
    batchBytes: bytes,
    packetHeads: packets * PACKET_HEAD_BYTES,
    lengthBytes: bytes - packets * PACKET_HEAD_BYTES - sealedBytes,
    itemHeads,
    messageHead: messageBytes - records - itemHeads,
    packetAckBytes,
    recordAckBytes,
    checkpointBytes,
    shareOfAll: records / (bytes + packetAckBytes + recordAckBytes + checkpointBytes),
  };
}

function linesOf(rows: readonly Efficiency[]): string[] {
  const line = (name: string, value: (row: Efficiency) => string) => [name, ...rows.map(value)];
  const bytes = (name: string, of: (row: Efficiency) => number) => line(name, (row) => of(row).toFixed(0));
  return [
    `a batch of ${BATCH_ITEMS} records (an RR interval each) in a session that runs, bytes`,
    ...table([
      line('', ({ packetBytes, itemBytes }) => `${itemBytes} in ${packetBytes}`),
      bytes('records', ({ itemBytes }) => itemBytes * BATCH_ITEMS),
      bytes('heads of packets', ({ packetHeads }) => packetHeads),
      bytes('length of the message', ({ lengthBytes }) => lengthBytes),
      bytes('heads of records', ({ itemHeads }) => itemHeads),
      bytes('head of the message', ({ messageHead }) => messageHead),
      bytes('tag of the seal', () => TAG_BYTES),
      line('records / packets', ({ share }) => percent(share)),
      bytes('beside: acknowledgements of packets', ({ packetAckBytes }) => packetAckBytes),
      bytes('beside: acknowledgement of records', ({ recordAckBytes }) => recordAckBytes),
      bytes('beside: checkpoint, a fourth of it', ({ checkpointBytes }) => checkpointBytes),
      line('records / everything, both ways', ({ shareOfAll }) => percent(shareOfAll)),
    ]),
  ];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
