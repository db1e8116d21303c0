import { describe, expect, test } from 'vitest';
import { fromHex, toHex } from '../inspect/hex.ts';
import {
  type RacpOpCode,
  type RacpResult,
  racpOpCodes,
  racpRequest,
  racpRequestFrom,
  racpResponse,
  recordAccessControlPoint,
} from './record-access.ts';
import { RACP_IDLE_MS, RecordTransfer } from './record-transfer.ts';

function response(request: RacpOpCode, result: RacpResult): Uint8Array {
  return recordAccessControlPoint.encode(racpResponse(racpOpCodes.named(request), result));
}

function begun(request = racpRequest('report-records')): RecordTransfer {
  const transfer = new RecordTransfer();
  transfer.begin(request, 0);
  return transfer;
}

describe('a report', () => {
  test('is asked for, sent and confirmed', () => {
    const transfer = new RecordTransfer();
    expect(toHex(transfer.begin(racpRequestFrom('report-records', 12), 0))).toBe('0103010c00');
    expect(transfer.phase).toBe('waiting');
    transfer.record(100);
    transfer.record(200);
    expect(transfer.push(response('report-records', 'success'), 300)).toEqual({
      type: 'completed',
      notifiedCount: 2,
      statedCount: null,
    });
    expect(transfer.phase).toBe('ended');
    expect(transfer.end).toMatchObject({ type: 'completed' });
  });

  test('may find nothing, which is no failure', () => {
    expect(begun().push(response('report-records', 'no-records-found'), 1)).toEqual({ type: 'none-found' });
  });

  test('may be refused with a reason, a reserved one too', () => {
    expect(begun().push(response('report-records', 'operand-not-supported'), 1)).toMatchObject({
      type: 'refused',
      result: { code: 9 },
    });
    expect(begun().push(fromHex('0600010f'), 1)).toMatchObject({ type: 'refused', result: { code: 15, name: null } });
  });

  test('combined, says how many records it sent', () => {
    const transfer = begun(racpRequest('combined-report'));
    transfer.record(1);
    expect(transfer.push(fromHex('08000200'), 2)).toEqual({ type: 'completed', notifiedCount: 1, statedCount: 2 });
  });
});

test('a count is answered by a count, zero included', () => {
  expect(begun(racpRequest('report-count')).push(fromHex('05000201'), 1)).toEqual({
    type: 'counted',
    recordCount: 258,
  });
  expect(begun(racpRequest('report-count')).push(fromHex('05000000'), 1)).toEqual({ type: 'counted', recordCount: 0 });
});

test('records deleted are a completed request without records', () => {
  const transfer = begun(racpRequest('delete-records'));
  expect(transfer.push(response('delete-records', 'success'), 1)).toMatchObject({
    type: 'completed',
    notifiedCount: 0,
  });
});

describe('an answer that is none', () => {
  test.each([
    ['too short', 'report-records', '06'],
    ['of another operator', 'report-records', '06010101'],
    ['a count without a question', 'report-records', '05000201'],
    ['a count of three bytes', 'report-count', '0500030201'],
    ['success in place of a count', 'report-count', '06000401'],
    ['the request itself', 'report-records', '0101'],
  ] as const)('%s', (_, request, hex) => {
    const transfer = begun(racpRequest(request));
    expect(transfer.push(fromHex(hex), 1)).toMatchObject({ type: 'broken' });
    expect(transfer.phase).toBe('ended');
  });

  test('a late one to another request is only counted', () => {
    const transfer = begun();
    expect(transfer.push(response('delete-records', 'success'), 1)).toBeNull();
    expect(transfer.push(response('report-records', 'success'), 2)).toMatchObject({ type: 'completed' });
    expect(transfer.push(response('report-records', 'success'), 3)).toBeNull();
    expect(transfer.strayCount).toBe(2);
  });
});

describe('an abort', () => {
  test('ends the request once it is confirmed', () => {
    const transfer = begun();
    transfer.record(1);
    expect(toHex(transfer.abort(2)!)).toBe('0300');
    transfer.record(3);
    expect(transfer.push(response('abort', 'success'), 4)).toEqual({ type: 'aborted', notifiedCount: 2 });
  });

  test('that crosses the end of the request gives that end', () => {
    const transfer = begun();
    transfer.abort(1);
    expect(transfer.push(response('report-records', 'success'), 2)).toBeNull();
    expect(transfer.push(response('abort', 'abort-unsuccessful'), 3)).toMatchObject({ type: 'completed' });
  });

  test('that the sensor cannot do leaves the request under way', () => {
    const transfer = begun();
    transfer.abort(1);
    expect(transfer.push(response('abort', 'abort-unsuccessful'), 2)).toBeNull();
    expect(transfer.phase).toBe('waiting');
    expect(transfer.push(response('report-records', 'success'), 3)).toMatchObject({ type: 'completed' });
  });

  test('without a request is nothing to write', () => {
    expect(new RecordTransfer().abort(0)).toBeNull();
    const transfer = begun();
    transfer.abort(1);
    expect(transfer.abort(2)).toBeNull();
  });
});

describe('silence', () => {
  test('ends the request, counted from the last sign of life', () => {
    const transfer = begun();
    expect(transfer.poll(RACP_IDLE_MS - 1)).toBeNull();
    transfer.record(RACP_IDLE_MS - 1);
    expect(transfer.poll(2 * RACP_IDLE_MS - 2)).toBeNull();
    expect(transfer.poll(2 * RACP_IDLE_MS - 1)).toEqual({ type: 'timed-out', notifiedCount: 1 });
    expect(transfer.poll(3 * RACP_IDLE_MS)).toBeNull();
  });

  test('after an abort ends it too, and the link with it', () => {
    const transfer = begun();
    transfer.abort(10);
    expect(transfer.poll(10 + RACP_IDLE_MS)).toMatchObject({ type: 'timed-out' });
    expect(() => transfer.begin(racpRequest('report-records'), 0)).toThrow(TypeError);
  });

  test('takes the time the caller gives it', () => {
    const transfer = new RecordTransfer(500);
    transfer.begin(racpRequest('report-records'), 1000);
    expect(transfer.poll(1499)).toBeNull();
    expect(transfer.poll(1500)).toMatchObject({ type: 'timed-out' });
  });
});

test('one request at a time, and only requests', () => {
  const transfer = begun();
  expect(() => transfer.begin(racpRequest('report-records'), 1)).toThrow(TypeError);
  transfer.push(response('report-records', 'success'), 2);
  expect(toHex(transfer.begin(racpRequest('delete-records', 'first'), 3))).toBe('0205');
  expect(() => new RecordTransfer().begin(racpRequest('abort'), 0)).toThrow(TypeError);
  expect(() => new RecordTransfer().begin(racpResponse(racpOpCodes.of(1), 'success'), 0)).toThrow(TypeError);
});
