// What a sample of ECG costs on the air, raw and through the waveform codec, with everything that the link adds in both directions.
import { WaveEncoder } from '@maibo/cores';
import { LOG_START, type SampleFormat } from '@maibo/protocols';
import { encodeSamples } from '@maibo/sdk';
import { table } from '../bench.ts';
import { findHalfHour, readAll } from '../half-hour.ts';
import { LinkPair, newLog, sampleItem } from './link-pair.ts';

const BLOCK_FRAMES = 250;
const BLOCKS = 400;
const CREDIT = 256;
const PACKET_BYTES = [244, 20];

export interface AirBytes {
  readonly name: string;
  readonly packetBytes: number;
  /** Bytes a sample: of the samples, of the items that hold them, of all packets both ways. */
  readonly samples: number;
  readonly items: number;
  readonly packets: number;
}

export async function measureAir(): Promise<{ readonly lines: string[]; readonly rows: readonly AirBytes[] }> {
  const record = await findHalfHour();
  const counts = (await readAll(record)).subarray(0, BLOCK_FRAMES * BLOCKS);
  const raw = Array.from({ length: BLOCKS }, (_, block) => {
    return encodeSamples(1, counts.subarray(block * BLOCK_FRAMES, (block + 1) * BLOCK_FRAMES));
  });
  const coded = WaveEncoder.create({ channelCount: 1, blockFrames: BLOCK_FRAMES }).push(Int16Array.from(counts));
  const rows = PACKET_BYTES.flatMap((packetBytes) => [
    airOf({ name: 'raw int16', format: 1, blocks: raw }, packetBytes),
    airOf({ name: 'wave-encode', format: 3, blocks: coded }, packetBytes),
  ]);
  return { lines: linesOf(record.name, rows), rows };
}

interface Written {
  readonly name: string;
  readonly format: SampleFormat;
  readonly blocks: readonly Uint8Array[];
}

function airOf({ name, format, blocks }: Written, packetBytes: number): AirBytes {
  const items = blocks.map((samples, seq) => sampleItem(seq, samples, BLOCK_FRAMES, format));
  const perSample = (bytes: number) => bytes / (BLOCK_FRAMES * BLOCKS);
  return {
    name,
    packetBytes,
    samples: perSample(sizeOf(blocks)),
    items: perSample(sizeOf(items)),
    packets: perSample(packetsOf(items, packetBytes)),
  };
}

/** Bytes of all packets, both ways, from the host's first question to its last acknowledgement. */
function packetsOf(items: readonly Uint8Array[], packetBytes: number): number {
  let bytes = 0;
  const log = newLog('ecg', items);
  const onPacket = (_from: unknown, packet: Uint8Array) => {
    bytes += packet.length;
  };
  const pair = new LinkPair(log, { packetBytesMax: packetBytes }, { delayMs: 20, packetMs: 1, drop: 0, onPacket });
  pair.until(() => pair.has('info'));
  bytes = 0;
  pair.host.pull(pair.firstLog, LOG_START, CREDIT);
  let acked = 0;
  pair.until(() => {
    if (pair.itemCount > acked) {
      acked = pair.itemCount;
      pair.host.ack(pair.firstLog, acked - 1, 1);
    }
    return pair.has('end');
  });
  pair.settle();
  return bytes;
}

function sizeOf(all: readonly Uint8Array[]): number {
  return all.reduce((sum, { length }) => sum + length, 0);
}

function linesOf(signal: string, rows: readonly AirBytes[]): string[] {
  return [
    `bytes a sample of ECG on the air, blocks of ${BLOCK_FRAMES}; ${signal}`,
    ...table([
      ['', 'packets of', 'samples', 'items', 'all packets'],
      ...rows.map(({ name, packetBytes, ...sizes }) => {
        return [name, `${packetBytes}`, ...[sizes.samples, sizes.items, sizes.packets].map((size) => size.toFixed(3))];
      }),
    ]),
  ];
}
