// A reference platform: takes sealed segments over HTTP, checks them in full, keeps them, and signs a receipt. It answers
// 201 only when the segment and its receipt are durable, so a receipt is a promise that outlives a power cut.
//
//   PUT  /segments/{sha256}   201 receipt (new) · 200 the same receipt (known) · 4xx JSON {error}
//   GET  /segments/{sha256}   the bytes       GET /streams   heads       GET /health
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CONTENT_RECEIPT, type CoseSigner, encodeReceipt, sealCose, sha256 } from '@maibo/protocols';
import { readBody } from './http-body.ts';
import { REFUSAL_STATUS, type Refusal, refuse } from './refusal.ts';
import { checkSegment, createTrustList, type SegmentFacts, type TrustList, toHex } from './segment-check.ts';
import { type OnStorePoint, SegmentStore } from './segment-store.ts';

export interface PlatformLimits {
  readonly bodyBytesMax: number;
  /** Requests answered at one time; one more is told to come back (503). */
  readonly requestsMax: number;
  readonly connectionsMax: number;
  /** Claims to taken places that are kept as evidence. */
  readonly conflictsMax: number;
  readonly headersTimeoutMs: number;
  /** From the first byte to the last of a request. */
  readonly requestTimeoutMs: number;
}

export const PLATFORM_LIMITS: PlatformLimits = {
  bodyBytesMax: 8 * 1024 * 1024, // eight times what an hour of ECG at 500 Hz needs
  requestsMax: 16, // times 8 MiB: the memory bodies can take
  connectionsMax: 64,
  conflictsMax: 1_000,
  headersTimeoutMs: 5_000,
  requestTimeoutMs: 30_000,
};

export interface PlatformOptions {
  readonly dir: string;
  readonly signer: CoseSigner;
  readonly trustedKeys: readonly Uint8Array[];
  /** Time of receipt, UTC microseconds. */
  readonly nowUtcUs: () => number;
  readonly limits?: Partial<PlatformLimits>;
  readonly onStorePoint?: OnStorePoint;
}

export interface Platform {
  /** Binds 127.0.0.1; port 0 asks the system for a free one. */
  listen(port: number): Promise<number>;
  /** Stops taking requests and waits for those under way. */
  close(): Promise<void>;
}

/** Opens the directory, gives a receipt to every segment that was stored without one, and is ready to listen. */
export async function openPlatform(options: PlatformOptions): Promise<Platform> {
  const limits = { ...PLATFORM_LIMITS, ...options.limits };
  const store = await SegmentStore.open(options.dir, options.onStorePoint);
  const desk = new Desk(store, options);
  await desk.answerForUnanswered();
  const server = createHttpServer(desk, limits);
  return {
    listen: (port) => listen(server, port),
    close: () => close(server),
  };
}

type Answer =
  | { readonly status: 200 | 201; readonly type: 'application/cbor'; readonly body: Uint8Array }
  | { readonly status: 200; readonly type: 'application/json'; readonly body: unknown }
  | { readonly refusal: Refusal };

/** Decides about segments, one at a time: check and store must not be torn apart by another request. */
class Desk {
  readonly store: SegmentStore;
  private readonly signer: CoseSigner;
  private readonly trust: TrustList;
  private readonly nowUtcUs: () => number;
  private readonly conflictsMax: number;
  private queue: Promise<unknown> = Promise.resolve();

  constructor(store: SegmentStore, options: PlatformOptions) {
    this.store = store;
    this.signer = options.signer;
    this.trust = createTrustList(options.trustedKeys);
    this.nowUtcUs = options.nowUtcUs;
    this.conflictsMax = options.limits?.conflictsMax ?? PLATFORM_LIMITS.conflictsMax;
  }

  put(sha256Hex: string, bytes: Uint8Array): Promise<Answer> {
    const turn = this.queue.then(() => this.decide(sha256Hex, bytes));
    this.queue = turn.catch(() => {});
    return turn;
  }

  async answerForUnanswered(): Promise<void> {
    for (const facts of this.store.index.all()) await this.receiptFor(facts);
  }

  private async decide(sha256Hex: string, bytes: Uint8Array): Promise<Answer> {
    const stored = this.store.index.get(sha256Hex);
    // Equal hashes are equal bytes, checked when they came; a key that left the trust list since does not undo a receipt.
    if (stored !== undefined && toHex(sha256(bytes)) === sha256Hex) return cbor(200, await this.receiptFor(stored));
    const checked = checkSegment(bytes, sha256Hex, this.trust);
    if (!checked.ok) return checked;
    const facts = checked.value;
    const place = this.store.index.checkPlace(facts);
    if (!place.ok) {
      return place.refusal.code === 'place-taken' ? this.keepClaim(sha256Hex, bytes, place) : place;
    }
    await this.store.writeSegment(facts, bytes);
    return cbor(201, await this.receiptFor(facts));
  }

  /** Even a trusted key that was stolen must not fill the disk; past the limit the sender hears that nothing was kept. */
  private async keepClaim(sha256Hex: string, bytes: Uint8Array, refused: { refusal: Refusal }): Promise<Answer> {
    if (this.store.conflictCount >= this.conflictsMax && !this.store.hasConflict(sha256Hex)) {
      return refuse('store-full', 'too many conflicting claims are kept already', 'ask the operator');
    }
    await this.store.writeConflict(sha256Hex, bytes);
    return refused;
  }

  /** The stored receipt, or a new one: after a crash between the segment and its receipt there is none yet. */
  private async receiptFor({ sha256Hex, header }: SegmentFacts): Promise<Uint8Array> {
    const known = this.store.receiptOf(sha256Hex);
    if (known !== undefined) return known;
    const { device, log, epoch, index, first, last } = header;
    const segment = new Uint8Array(Buffer.from(sha256Hex, 'hex'));
    const receivedUtcUs = this.nowUtcUs();
    const payload = encodeReceipt({ v: 1, segment, device, log, epoch, index, first, last, receivedUtcUs });
    const receipt = sealCose(payload, { contentType: CONTENT_RECEIPT, signer: this.signer });
    await this.store.writeReceipt(sha256Hex, receipt);
    return receipt;
  }
}

function createHttpServer(desk: Desk, limits: PlatformLimits): Server {
  let open = 0;
  const server = createServer(
    {
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      connectionsCheckingInterval: Math.min(1000, limits.headersTimeoutMs / 2),
      keepAliveTimeout: 5_000,
      maxHeaderSize: 8 * 1024,
    },
    (request, response) => {
      open++;
      response.once('close', () => open--);
      const busy = refuse('busy', 'too many requests at one time', 'try again in a second');
      const answer = open > limits.requestsMax ? Promise.resolve(busy) : route(desk, request, limits);
      answer.then((given) => send(response, given)).catch((thrown: unknown) => send(response, describeFailure(thrown)));
    },
  );
  server.maxConnections = limits.connectionsMax;
  return server;
}

async function route(desk: Desk, request: IncomingMessage, limits: PlatformLimits): Promise<Answer> {
  const path = request.url ?? '';
  const isGet = request.method === 'GET';
  const segment = /^\/segments\/([0-9a-f]{64})$/.exec(path)?.[1];
  if (segment !== undefined) {
    if (request.method === 'PUT') return putSegment(desk, segment, request, limits);
    return isGet ? getSegment(desk, segment) : wrongMethod('GET, PUT');
  }
  if (path === '/streams') return isGet ? json({ streams: desk.store.index.heads() }) : wrongMethod('GET');
  if (path === '/health') return isGet ? json(describeHealth(desk)) : wrongMethod('GET');
  return refuse('unknown-path', 'nothing lives here', 'PUT or GET /segments/{sha256}, GET /streams, GET /health');
}

async function putSegment(desk: Desk, hex: string, request: IncomingMessage, limits: PlatformLimits): Promise<Answer> {
  if (request.headers['content-type'] !== 'application/cbor' || request.headers['content-encoding'] !== undefined) {
    return refuse('wrong-type', 'a segment travels as plain application/cbor', 'set content-type: application/cbor');
  }
  const body = await readBody(request, limits.bodyBytesMax);
  return body.ok ? desk.put(hex, body.value) : body;
}

async function getSegment(desk: Desk, hex: string): Promise<Answer> {
  const bytes = await desk.store.readSegment(hex);
  return bytes === null ? refuse('not-found', 'no such segment is stored here', 'send it first') : cbor(200, bytes);
}

function describeHealth({ store }: Desk) {
  const { segmentCount, streamCount } = store.index;
  const isWhole = store.damagedCount === 0;
  return {
    ok: isWhole,
    segmentCount,
    streamCount,
    conflictCount: store.conflictCount,
    damagedCount: store.damagedCount,
  };
}

function describeFailure(thrown: unknown): Answer {
  // The cause may name a path or a device; the sender gets neither.
  const isFull = thrown instanceof Error && 'code' in thrown && (thrown.code === 'ENOSPC' || thrown.code === 'EDQUOT');
  return isFull
    ? refuse('store-full', 'the disk has no room; nothing was acknowledged', 'try again later')
    : refuse('store-failed', 'the segment could not be stored; nothing was acknowledged', 'try again later');
}

function wrongMethod(allowed: string): Answer {
  return refuse('wrong-method', `this address answers to ${allowed}`, `use ${allowed}`, { allow: allowed });
}

function cbor(status: 200 | 201, body: Uint8Array): Answer {
  return { status, type: 'application/cbor', body };
}

function json(body: unknown): Answer {
  return { status: 200, type: 'application/json', body };
}

function send(response: ServerResponse, answer: Answer): void {
  if (response.destroyed || response.headersSent) return;
  const isRefusal = 'refusal' in answer;
  const status = isRefusal ? REFUSAL_STATUS[answer.refusal.code] : answer.status;
  const type = isRefusal ? 'application/json' : answer.type;
  const body = isRefusal
    ? toJson({ error: answer.refusal })
    : answer.type === 'application/cbor'
      ? answer.body
      : toJson(answer.body);
  response.writeHead(status, {
    'content-type': type,
    'content-length': body.length,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(isRefusal && answer.refusal.allow !== undefined ? { allow: answer.refusal.allow } : {}),
    ...(status === 503 ? { 'retry-after': '1' } : {}),
    // What follows an unread body on the same connection would be taken for a request.
    ...(response.req.complete ? {} : { connection: 'close' }),
  });
  response.end(body);
}

function toJson(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value)}\n`);
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)));
    server.closeIdleConnections();
  });
}
