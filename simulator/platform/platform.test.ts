import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeReceipt, generateEd25519, openCose, verifyCose } from '@maibo/protocols';
import { createLabKey } from '@maibo/sdk';
import { afterEach, describe, expect, it } from 'vitest';
import { type MadeUpSegment, makeSegments, type SegmentFault, type sealRecord } from './made-up-stream.ts';
import { openPlatform, type Platform, type PlatformOptions } from './platform.ts';
import type { Refusal } from './refusal.ts';
import type { StorePoint } from './segment-store.ts';

const gateway = generateEd25519(new Uint8Array(32).fill(1));
const stranger = generateEd25519(new Uint8Array(32).fill(2));
const platformKey = createLabKey('platform', 1);
const NOW_UTC_US = 1_790_000_000_000_000;

const open: Platform[] = [];
const dirs: string[] = [];

afterEach(async () => {
  for (const platform of open.splice(0)) await platform.close();
  for (const dir of dirs.splice(0)) await rm(dir, { recursive: true });
});

async function newDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'maibo-platform-'));
  dirs.push(dir);
  return dir;
}

async function start(dir: string, options: Partial<PlatformOptions> = {}): Promise<string> {
  const base = { dir, signer: platformKey, trustedKeys: [gateway.publicKey], nowUtcUs: () => NOW_UTC_US };
  const platform = await openPlatform({ ...base, ...options });
  open.push(platform);
  return `http://127.0.0.1:${await platform.listen(0)}`;
}

async function stopAll(): Promise<void> {
  for (const platform of open.splice(0)) await platform.close();
}

async function put(url: string, segment: Pick<MadeUpSegment, 'sha256Hex' | 'bytes'>, type = 'application/cbor') {
  const response = await fetch(`${url}/segments/${segment.sha256Hex}`, {
    method: 'PUT',
    body: segment.bytes,
    headers: { 'content-type': type },
  });
  const body = new Uint8Array(await response.arrayBuffer());
  const isJson = response.headers.get('content-type') === 'application/json';
  const error = isJson ? (JSON.parse(Buffer.from(body).toString()) as { error: Refusal }).error : null;
  return { status: response.status, body, error };
}

function makeOne(fault: SegmentFault = {}, segmentCount = 1): MadeUpSegment {
  return makeSegments(gateway, { segmentCount }, fault).at(-1)!;
}

describe('taking segments', () => {
  it('answers a new segment with 201 and a receipt that verifies', async () => {
    const url = await start(await newDir());
    const segment = makeOne();
    const answer = await put(url, segment);
    expect(answer.status).toBe(201);
    const sealed = openCose(answer.body);
    if (!sealed.ok) throw new Error(sealed.fault.detail);
    expect(verifyCose(sealed.value, platformKey.publicKey)).toBe(true);
    const receipt = decodeReceipt(sealed.value.payload);
    expect(receipt).toMatchObject({ ok: true, value: { index: 0, first: 0, last: 3, receivedUtcUs: NOW_UTC_US } });
    expect(receipt.ok && Buffer.from(receipt.value.segment).toString('hex')).toBe(segment.sha256Hex);
  });

  it('answers the same segment again with 200 and the same receipt bytes', async () => {
    let now = NOW_UTC_US;
    const url = await start(await newDir(), { nowUtcUs: () => now++ });
    const segment = makeOne();
    const first = await put(url, segment);
    const again = await put(url, segment);
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.body).toEqual(first.body);
  });

  it('gives the same answer to two senders at the same moment', async () => {
    let now = NOW_UTC_US;
    const url = await start(await newDir(), { nowUtcUs: () => now++ });
    const segment = makeOne();
    const answers = await Promise.all(Array.from({ length: 8 }, () => put(url, segment)));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 200, 200, 200, 200, 200, 200, 201]);
    for (const answer of answers) expect(answer.body).toEqual(answers[0]!.body);
  });

  it('gives back the bytes it took, and says where each stream stands', async () => {
    const url = await start(await newDir());
    const segments = makeSegments(gateway, { segmentCount: 3 });
    for (const segment of segments) expect((await put(url, segment)).status).toBe(201);
    const back = await fetch(`${url}/segments/${segments[1]!.sha256Hex}`);
    expect(new Uint8Array(await back.arrayBuffer())).toEqual(segments[1]!.bytes);
    const streams = await (await fetch(`${url}/streams`)).json();
    expect(streams).toMatchObject({
      streams: [
        { device: '01'.repeat(16), nextIndex: 3, head: { index: 2, last: 11, segment: segments[2]!.sha256Hex } },
      ],
    });
    const health = await (await fetch(`${url}/health`)).json();
    expect(health).toEqual({ ok: true, segmentCount: 3, streamCount: 1, conflictCount: 0, damagedCount: 0 });
  });
});

describe('turning segments down', () => {
  it('refuses a flipped bit in any byte of the body', async () => {
    const url = await start(await newDir());
    const { bytes, sha256Hex } = makeOne();
    for (let at = 0; at < bytes.length; at += 7) {
      const flipped = bytes.slice();
      flipped[at]! ^= 1 << (at % 8);
      const answer = await put(url, { sha256Hex, bytes: flipped });
      expect([answer.status, answer.error?.code], `byte ${at}`).toEqual([400, 'hash-mismatch']);
    }
  });

  it('refuses a flipped bit in any byte even when the path is made to fit', async () => {
    const url = await start(await newDir());
    const { bytes } = makeOne();
    for (let at = 0; at < bytes.length; at++) {
      const flipped = bytes.slice();
      flipped[at]! ^= 1 << (at % 8);
      const answer = await put(url, { sha256Hex: await hexOf(flipped), bytes: flipped });
      expect([400, 403, 422], `byte ${at}`).toContain(answer.status);
    }
    expect(await (await fetch(`${url}/health`)).json()).toMatchObject({ segmentCount: 0, conflictCount: 0 });
  }, 60_000);

  it('refuses bytes that are no segment', async () => {
    const url = await start(await newDir());
    for (const bytes of [new Uint8Array(0), Uint8Array.of(0x80), new Uint8Array(500).fill(0xff)]) {
      const answer = await put(url, { sha256Hex: await hexOf(bytes), bytes });
      expect([answer.status, answer.error?.code]).toEqual([400, 'bad-bytes']);
    }
  });

  it('refuses a signer it does not know', async () => {
    const url = await start(await newDir());
    const answer = await put(url, makeSegments(stranger, { segmentCount: 1 })[0]!);
    expect([answer.status, answer.error?.code]).toEqual([403, 'signer-unknown']);
  });

  const foreign = (record: Parameters<typeof sealRecord>[1]) => ({ ...record, place: { ...record.place, log: 2 } });
  const unchained = (record: Parameters<typeof sealRecord>[1]) => ({ ...record, prev: new Uint8Array(32).fill(5) });
  const faults: [string, SegmentFault, string, number | undefined][] = [
    ['items other than signed over', { header: { itemsHash: new Uint8Array(32) } }, 'items-hash', undefined],
    ['a record of another log', { record: (record, seq) => (seq === 2 ? foreign(record) : record) }, 'record-place', 2],
    ['a broken record chain', { record: (record, seq) => (seq === 3 ? unchained(record) : record) }, 'record-chain', 3],
    [
      'a first record out of nowhere',
      { record: (record, seq) => (seq === 0 ? unchained(record) : record) },
      'record-chain',
      0,
    ],
    ['records in another order', { items: (items) => [items[0]!, items[2]!, items[1]!, items[3]!] }, 'record-place', 1],
    ['an item that is no record', { items: (items) => [items[0]!, Uint8Array.of(1)] }, 'record-bad', 1],
    ['a count that differs from the header', { header: { last: 7 } }, 'record-place', undefined],
    ['a stream that starts in the middle', { header: { first: 4, last: 7 } }, 'record-place', 4],
  ];
  it.each(faults)('refuses %s', async (_, fault, code, recordSeq) => {
    const url = await start(await newDir());
    const answer = await put(url, makeOne(fault));
    expect([answer.status, answer.error?.code, answer.error?.recordSeq]).toEqual([422, code, recordSeq]);
  });

  it('refuses a record signed by a stranger, and names it', async () => {
    const url = await start(await newDir());
    const other = makeSegments(stranger, { segmentCount: 1 })[0]!.items;
    const answer = await put(url, makeOne({ items: (items) => [items[0]!, other[1]!, items[2]!, items[3]!] }));
    expect(answer.error).toMatchObject({ code: 'record-signature', recordSeq: 1 });
  });

  it('says which segment is missing when the predecessor is', async () => {
    const url = await start(await newDir());
    const segments = makeSegments(gateway, { segmentCount: 4 });
    await put(url, segments[0]!);
    const answer = await put(url, segments[3]!);
    expect([answer.status, answer.error?.expectedIndex]).toEqual([412, 1]);
    for (const index of [1, 2, 3]) expect((await put(url, segments[index]!)).status).toBe(201);
  });

  it('keeps both when two segments claim one place', async () => {
    const dir = await newDir();
    const url = await start(dir);
    const first = makeOne();
    const second = makeSegments(gateway, { segmentCount: 1, variant: 1 })[0]!;
    await put(url, first);
    for (let count = 0; count < 2; count++) {
      const answer = await put(url, second);
      expect([answer.status, answer.error?.code]).toEqual([409, 'place-taken']);
    }
    expect(await readdir(join(dir, 'conflicts'))).toEqual([`${second.sha256Hex}.segment`]);
    expect(new Uint8Array(await readFile(join(dir, 'conflicts', `${second.sha256Hex}.segment`)))).toEqual(second.bytes);
    expect((await put(url, first)).status).toBe(200);
    expect((await fetch(`${url}/segments/${second.sha256Hex}`)).status).toBe(404);
  });

  it('takes a segment that follows another history for a claim, too', async () => {
    const dir = await newDir();
    const url = await start(dir);
    await put(url, makeOne());
    const fork = makeSegments(gateway, { segmentCount: 2, variant: 1 })[1]!;
    expect((await put(url, fork)).status).toBe(409);
    expect(await readdir(join(dir, 'conflicts'))).toHaveLength(1);
  });

  it('keeps no more claims than its limit, and says so', async () => {
    const dir = await newDir();
    const url = await start(dir, { limits: { conflictsMax: 1 } });
    const [first, second, third] = [0, 1, 2].map((variant) => makeSegments(gateway, { segmentCount: 1, variant })[0]!);
    const statuses = [];
    for (const segment of [first!, second!, third!, second!]) statuses.push((await put(url, segment)).status);
    expect(statuses).toEqual([201, 409, 507, 409]);
    expect(await readdir(join(dir, 'conflicts'))).toHaveLength(1);
  });

  it('names neither the device nor a value in its answers', async () => {
    const url = await start(await newDir());
    await put(url, makeOne());
    const answer = await put(url, makeSegments(gateway, { segmentCount: 1, variant: 1 })[0]!);
    expect(JSON.stringify(answer.error)).not.toContain('0101');
    expect(Object.keys(answer.error ?? {}).sort()).toEqual(['code', 'hint', 'message']);
  });
});

describe('as an HTTP server', () => {
  it('knows its paths and their methods', async () => {
    const url = await start(await newDir());
    expect((await fetch(`${url}/`)).status).toBe(404);
    expect((await fetch(`${url}/segments/../../etc/passwd`)).status).toBe(404);
    expect((await fetch(`${url}/segments/${'0'.repeat(64)}`)).status).toBe(404);
    expect((await fetch(`${url}/segments/${'A'.repeat(64)}`)).status).toBe(404);
    const wrong = await fetch(`${url}/segments/${'0'.repeat(64)}`, { method: 'DELETE' });
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, PUT']);
    expect((await fetch(`${url}/streams`, { method: 'POST' })).status).toBe(405);
    expect((await put(url, makeOne(), 'text/plain')).status).toBe(415);
  });

  it('refuses a body past the limit, announced or not', async () => {
    const url = await start(await newDir(), { limits: { bodyBytesMax: 10_000 } });
    const bytes = new Uint8Array(10_001);
    expect((await put(url, { sha256Hex: '0'.repeat(64), bytes })).status).toBe(413);
    expect(await sendChunked(url, 200, 100)).toBe(413);
    expect(await sendChunked(url, 10_000, 1000)).not.toBe(201); // cut off long before its 10 MB are through
    expect((await put(url, makeOne())).status).toBe(201);
  });

  it('cuts off a sender who never finishes a header or a body', async () => {
    const limits = { headersTimeoutMs: 300, requestTimeoutMs: 600 };
    const port = Number(new URL(await start(await newDir(), { limits })).port);
    const started = performance.now();
    const header = `PUT /segments/${'0'.repeat(64)} HTTP/1.1\r\nhost: x\r\ncontent-type: application/cbor\r\n`;
    const answers = await Promise.all([trickle(port, header), trickle(port, `${header}content-length: 900\r\n\r\n`)]);
    expect(performance.now() - started).toBeLessThan(5_000);
    for (const answer of answers) expect(answer).toMatch(/^HTTP\/1.1 408/);
  });

  it('tells one request too many to come back', async () => {
    const url = await start(await newDir(), { limits: { requestsMax: 1 } });
    const held = httpRequest(`${url}/segments/${'0'.repeat(64)}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/cbor', 'content-length': '9' },
    });
    held.on('error', () => {});
    held.write('x');
    await expect.poll(async () => (await fetch(`${url}/health`)).status).toBe(503);
    held.destroy();
    await expect.poll(async () => (await fetch(`${url}/health`)).status).toBe(200);
  });
});

describe('on disk', () => {
  it('keeps everything over a restart', async () => {
    const dir = await newDir();
    const segments = makeSegments(gateway, { segmentCount: 3 });
    let url = await start(dir);
    const receipts = [];
    for (const segment of segments.slice(0, 2)) receipts.push((await put(url, segment)).body);
    await stopAll();
    url = await start(dir, { nowUtcUs: () => NOW_UTC_US + 99, trustedKeys: [gateway.publicKey] });
    for (const [index, receipt] of receipts.entries()) {
      expect(await put(url, segments[index]!)).toMatchObject({ status: 200, body: receipt });
    }
    expect((await put(url, segments[2]!)).status).toBe(201);
  });

  const points: StorePoint[] = ['temp-open', 'temp-written', 'temp-synced', 'renamed', 'done'];
  const cuts = points.flatMap((point) => ['segment', 'receipt'].map((file): [StorePoint, string] => [point, file]));
  it.each(cuts)('is whole after a power cut at %s of a %s', async (point, file) => {
    const dir = await newDir();
    const segments = makeSegments(gateway, { segmentCount: 2 });
    let cut = false;
    const onStorePoint = (reached: StorePoint, name: string) => {
      if (cut || (reached === point && name === `${segments[0]!.sha256Hex}.${file}`)) {
        cut = true;
        throw new Error('power cut');
      }
    };
    const dying = await start(dir, { onStorePoint });
    const answer = await put(dying, segments[0]!);
    expect([answer.status, answer.error?.code]).toEqual([500, 'store-failed']);
    await stopAll();
    const url = await start(dir);
    expect(await readdir(join(dir, 'tmp'))).toEqual([]);
    const again = await put(url, segments[0]!);
    expect([200, 201]).toContain(again.status);
    expect(openCose(again.body).ok).toBe(true);
    expect((await put(url, segments[1]!)).status).toBe(201);
    expect((await readdir(join(dir, 'segments'))).length).toBe(4);
  });

  it('holds a place even when the receipt could not be written', async () => {
    const segment = makeOne();
    let isBroken = true;
    const onStorePoint = (_: StorePoint, name: string) => {
      if (isBroken && name.endsWith('.receipt')) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
    };
    const url = await start(await newDir(), { onStorePoint });
    expect(await put(url, segment)).toMatchObject({ status: 507, error: { code: 'store-full' } });
    expect((await put(url, makeSegments(gateway, { segmentCount: 1, variant: 1 })[0]!)).status).toBe(409);
    isBroken = false;
    expect((await put(url, segment)).status).toBe(200);
  });

  it('sets a damaged file aside, says so, and takes the segment again', async () => {
    const dir = await newDir();
    const segments = makeSegments(gateway, { segmentCount: 3 });
    let url = await start(dir);
    for (const segment of segments) await put(url, segment);
    await stopAll();
    const rotten = segments[1]!.bytes.slice();
    rotten[100]! ^= 1;
    await writeFile(join(dir, 'segments', `${segments[1]!.sha256Hex}.segment`), rotten);
    await writeFile(join(dir, 'segments', `${segments[2]!.sha256Hex}.receipt`), 'rotten');
    url = await start(dir);
    expect(await (await fetch(`${url}/health`)).json()).toMatchObject({ ok: false, damagedCount: 1 });
    expect(await (await fetch(`${url}/streams`)).json()).toMatchObject({ streams: [{ nextIndex: 1 }] });
    expect((await put(url, segments[1]!)).status).toBe(201);
    const answer = await put(url, segments[2]!);
    expect([answer.status, openCose(answer.body).ok]).toEqual([200, true]);
  });

  it('lets nobody else read what it keeps', async () => {
    const dir = await newDir();
    await put(await start(dir), makeOne());
    for (const name of await readdir(join(dir, 'segments'))) {
      expect((await stat(join(dir, 'segments', name))).mode & 0o077).toBe(0);
    }
  });
});

async function hexOf(bytes: Uint8Array): Promise<string> {
  return Buffer.from(await crypto.subtle.digest('SHA-256', Uint8Array.from(bytes))).toString('hex');
}

/** A body whose length is not announced; resolves with the status, 0 when the connection was cut. */
function sendChunked(url: string, chunkCount: number, chunkBytes: number): Promise<number> {
  return new Promise((resolve) => {
    const sent = httpRequest(`${url}/segments/${'0'.repeat(64)}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/cbor' },
    });
    sent.on('response', (response) => resolve(response.statusCode ?? 0));
    sent.on('error', () => resolve(0));
    for (let count = 0; count < chunkCount; count++) sent.write(Buffer.alloc(chunkBytes));
    sent.end();
  });
}

/** Sends `start`, then a byte now and then, until the other side hangs up. */
function trickle(port: number, start: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    const timer = setInterval(() => socket.write('x'), 100);
    socket.write(start);
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString('latin1')));
    socket.on('error', () => {});
    socket.on('close', () => {
      clearInterval(timer);
      resolve(answer);
    });
  });
}
