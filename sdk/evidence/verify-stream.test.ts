import { describe, expect, it } from 'vitest';
import { streamRecord } from '../pipeline/made-signals.testkit.ts';
import { PIPELINE } from '../pipeline/result.ts';
import { createLabKey } from '../world/node-keys.ts';
import { NO_HASH, RecordChain } from './record-chain.ts';
import { verifyStream } from './verify-stream.ts';

const signer = createLabKey('gateway', 1);

/** A stream with one result that names this version of the pipeline. */
function recordsOf(version: string): Uint8Array[] {
  const { v, place, prev, ...description } = streamRecord('rr');
  const chain = new RecordChain(place, signer, { recordCount: 0, hash: NO_HASH });
  const time = { fromTicks: 0, toTicks: 1, fromUtcUs: null, toUtcUs: null, uncertaintyUs: null, clockSeq: null };
  return [
    chain.seal(description).bytes,
    chain.seal({
      kind: 'result',
      result: 'beats',
      source: description.source,
      method: { pipeline: { name: PIPELINE.name, version }, cores: [], parameters: {} },
      time,
      quality: { score: null, coverage: 0, flags: [] },
      values: { beatS: [] },
    }).bytes,
  ];
}

function codesOf(version: string): string[] {
  const records = recordsOf(version);
  const { problems } = verifyStream(() => records, { publicKey: () => signer.publicKey, module: () => null });
  return problems.map((problem) => problem.code);
}

describe('a re-check of a stream', () => {
  it('says that another release made a result, instead of calling it false', () => {
    expect(codesOf('another')).toEqual(['pipeline-missing']);
  });

  it('finds a result of its own pipeline that no input gives', () => {
    expect(codesOf(PIPELINE.version)).toEqual(['result']);
  });
});
