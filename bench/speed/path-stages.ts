// The data path cut into its joints: each stage takes what the one before gave and keeps what the next one needs.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { coreCatalog, EcgCore } from '@maibo/cores';
import {
  decodeItem,
  decodeMessage,
  encodeFrame,
  encodeItem,
  encodeMessage,
  type SampleItem,
  SerialFramer,
  type StreamRecord,
} from '@maibo/protocols';
import {
  createLabKey,
  encodeSamples,
  fromHex,
  NO_HASH,
  NO_SEGMENTS,
  openStoreFile,
  RecordChain,
  type Result,
  type SampleBlock,
  type SealedRecord,
  type SealedSegment,
  SegmentBuilder,
  StreamProcessor,
  samplesAsFloat32,
  verifyStore,
} from '@maibo/sdk';
import type { HalfHour } from '../half-hour.ts';

/** As many bytes as one read of a pty gives. */
const CHUNK_BYTES = 4095;
/** As sdk/gateway commits when blocks come faster than the disk. */
const COMMIT_BLOCKS = 64;
const TICK_RATE_HZ = 1_000_000;
const IDENTITY = { device: new Uint8Array(16).fill(7), log: 1, epoch: new Uint8Array(4) };

export interface Stage {
  readonly name: string;
  /** Part of another stage: not a joint of its own. */
  readonly isPart?: boolean;
  run(): Promise<void> | void;
}

/** What flows: filled by one stage, read by the next. */
interface Flow {
  blocks: SampleItem[];
  messages: Uint8Array[];
  wire: Uint8Array;
  payloads: Uint8Array[];
  decoded: SampleBlock[];
  steps: { block: SampleBlock; results: Result[] }[];
  /** What only the end of the stream settles. */
  lastResults: Result[];
  /** Records of one block and its results, together. */
  sealed: SealedRecord[][];
  segments: SealedSegment[][];
}

export function createStages(record: HalfHour): { stages: Stage[]; close(): void } {
  const flow: Flow = {
    ...{ blocks: [], messages: [], wire: new Uint8Array(0), payloads: [] },
    ...{ decoded: [], steps: [], lastResults: [], sealed: [], segments: [] },
  };
  const folder = mkdtempSync(join(tmpdir(), 'maibo-bench-'));
  const store = storeStages(flow, folder);
  return {
    stages: [...wireStages(flow, record), ...resultStages(flow, record), ...evidenceStages(flow, record), ...store],
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function wireStages(flow: Flow, record: HalfHour): Stage[] {
  return [
    record.isSimulated
      ? { name: 'simulate and quantise', isPart: true, run: () => readBlocks(flow, record) }
      : { name: 'read and quantise', run: () => readBlocks(flow, record) },
    { name: 'encode messages', run: () => void (flow.messages = flow.blocks.map(encodeBlock)) },
    {
      name: 'encode frames',
      run: () => void (flow.wire = new Uint8Array(Buffer.concat(flow.messages.map(encodeFrame)))),
    },
    { name: 'decode frames', run: () => void (flow.payloads = readFrames(flow.wire)) },
    { name: 'decode messages', run: () => void (flow.decoded = flow.payloads.map(decodeBlock)) },
  ];
}

async function readBlocks(flow: Flow, record: HalfHour): Promise<void> {
  const { rateHz } = record;
  const waiting = new Float64Array(rateHz);
  let filled = 0;
  flow.blocks = [];
  const close = () => {
    const seq = flow.blocks.length;
    const samples = encodeSamples(1, waiting.subarray(0, filled));
    const ticks = seq * TICK_RATE_HZ;
    flow.blocks.push({
      type: 'sample-item',
      boot: 1,
      firstSample: seq * rateHz,
      ticks,
      format: 1,
      samples,
    });
    filled = 0;
  };
  for await (const chunk of record.chunks()) {
    for (let index = 0; index < chunk.length; index++) {
      waiting[filled++] = chunk[index] as number;
      if (filled === rateHz) close();
    }
  }
  if (filled > 0) close();
}

function readFrames(wire: Uint8Array): Uint8Array[] {
  const framer = new SerialFramer();
  const payloads: Uint8Array[] = [];
  for (let at = 0; at < wire.length; at += CHUNK_BYTES) {
    for (const frame of framer.push(wire.subarray(at, at + CHUNK_BYTES))) {
      if (!frame.ok) throw new Error(`a frame was damaged in memory: ${frame.fault.detail}`);
      payloads.push(frame.value);
    }
  }
  return payloads;
}

/** One item a message: what a device sends that keeps up with its wearer. */
function encodeBlock(item: SampleItem, seq: number): Uint8Array {
  return encodeMessage({ type: 'items', log: 1, epoch: IDENTITY.epoch, first: seq, items: [encodeItem(item)] });
}

function decodeBlock(payload: Uint8Array): SampleBlock {
  const message = decodeMessage(payload);
  if (!message.ok || message.value.type !== 'items') throw new Error('the message holds no items any more');
  const item = decodeItem(message.value.items[0]!);
  if (!item.ok || item.value.type !== 'sample-item') throw new Error('the item holds no samples any more');
  const { firstSample, ticks, format, samples } = item.value;
  if (format !== 1) throw new Error('the samples are no plain int16 any more');
  return { seq: message.value.first, firstSample, ticks, format, bytes: samples, sampleCount: samples.length / 2 };
}

function resultStages(flow: Flow, record: HalfHour): Stage[] {
  return [
    {
      name: 'ecg core',
      isPart: true,
      run: () => {
        const core = EcgCore.create({ rateHz: record.rateHz });
        for (const block of flow.decoded) core.push(samplesAsFloat32(block.format, block.bytes));
        core.flush();
      },
    },
    {
      name: 'pipeline (core included)',
      run: () => {
        const processor = new StreamProcessor(streamRecord(record), (name) => coreCatalog.get(name));
        flow.steps = flow.decoded.map((block) => ({ block, results: processor.block(block) }));
        flow.lastResults = processor.end();
      },
    },
  ];
}

function streamRecord(record: HalfHour): StreamRecord {
  const source = { device: IDENTITY.device, sensor: 'bench', signal: 'ecg' as const };
  const scale = { unit: 'mV', gain: 200, offset: 1024, bits: 12 };
  const place = { ...IDENTITY, seq: 0 };
  const stream = {
    kind: 'stream',
    source,
    firmware: 'bench',
    tickRateHz: TICK_RATE_HZ,
    rateHz: record.rateHz,
    ...scale,
  };
  return { ...stream, v: 1, place, prev: NO_HASH } as StreamRecord;
}

function evidenceStages(flow: Flow, record: HalfHour): Stage[] {
  const signer = createLabKey('gateway', 1);
  return [
    {
      name: 'seal records',
      run: () => {
        const chain = new RecordChain(IDENTITY, signer, { recordCount: 0, hash: NO_HASH });
        const sealResult = (result: Result) => chain.seal({ kind: 'result', ...result });
        const { v: _v, place: _place, prev: _prev, ...description } = streamRecord(record);
        const first = chain.seal(description);
        flow.sealed = flow.steps.map(({ block: { seq }, results }) => [
          chain.seal({ kind: 'item', itemSeq: seq, item: encodeItem(flow.blocks[seq]!) }),
          ...results.map(sealResult),
        ]);
        flow.sealed[0]?.unshift(first);
        const end = chain.seal({ kind: 'end', blockHead: flow.steps.length });
        flow.sealed.at(-1)?.push(end, ...flow.lastResults.map(sealResult));
      },
    },
    {
      name: 'cut segments',
      run: () => {
        const builder = new SegmentBuilder(IDENTITY, signer, NO_SEGMENTS);
        flow.segments = flow.sealed.map((records) => records.flatMap(({ bytes }) => builder.add(bytes) ?? []));
        flow.segments.at(-1)?.push(...[builder.close()].flatMap((segment) => segment ?? []));
      },
    },
  ];
}

function storeStages(flow: Flow, folder: string): Stage[] {
  const path = join(folder, 'store.sqlite');
  return [
    { name: 'commit to the store', run: () => commitAll(flow, path, folder) },
    {
      name: 'verify the store',
      isPart: true,
      run: () => {
        const { store, close } = openStoreFile(path, { readOnly: true });
        const { problems } = verifyStore(store);
        close();
        if (problems.length > 0)
          throw new Error(`the bench made a bad store: ${problems[0]?.where}: ${problems[0]?.message}`);
      },
    },
  ];
}

function commitAll(flow: Flow, path: string, folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  const signer = createLabKey('gateway', 1);
  const { store, close } = openStoreFile(path);
  store.addKey(signer.keyId, signer.publicKey, 'gateway-lab');
  for (const name of ['ecg', 'hrv']) {
    const module = coreCatalog.get(name);
    store.addModule(fromHex(module.sha256), module);
  }
  const { id } = store.openStream(IDENTITY);
  for (let at = 0; at < flow.sealed.length; at += COMMIT_BLOCKS) {
    const nextBlock = Math.min(at + COMMIT_BLOCKS, flow.sealed.length);
    const records = flow.sealed.slice(at, nextBlock).flat();
    const segments = flow.segments.slice(at, nextBlock).flat();
    store.commit(id, { records, segments, nextBlock, ended: nextBlock === flow.sealed.length });
  }
  close();
}
