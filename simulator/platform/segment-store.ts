// Segments on disk. A file appears under its name only when all its bytes are durable:
//
//   write tmp/N.part -> fsync -> rename to segments/HASH.segment -> fsync segments/
//
// so a crash at any point leaves either no file or the whole one, and the only leftovers are in tmp/.
//
//   DIR/segments/HASH.segment   as received          DIR/conflicts/HASH.segment   verified claims to a place already taken
//   DIR/segments/HASH.receipt   our signed answer    DIR/damaged/…                files whose bytes no longer match their name
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CONTENT_RECEIPT, decodeReceipt, openCose, sha256 } from '@maibo/protocols';
import { readSegment, type SegmentFacts, toHex } from './segment-check.ts';
import { SegmentIndex } from './segment-index.ts';

/** Points between two durable steps; tests stop the platform there as a power cut would. */
export type StorePoint = 'temp-open' | 'temp-written' | 'temp-synced' | 'renamed' | 'done';
export type OnStorePoint = (point: StorePoint, name: string) => void;

type Shelf = 'segments' | 'conflicts';
const FOLDERS = ['segments', 'conflicts', 'damaged', 'tmp'] as const;

export class SegmentStore {
  readonly index = new SegmentIndex();
  private readonly dir: string;
  private readonly onPoint: OnStorePoint;
  private readonly receipts = new Map<string, Uint8Array>();
  private readonly conflicts = new Set<string>();
  private tempCount = 0;
  private damaged = 0;

  private constructor(dir: string, onPoint: OnStorePoint) {
    this.dir = dir;
    this.onPoint = onPoint;
  }

  /** Makes the folders, throws away half-written files, and rebuilds the index from what is there. */
  static async open(dir: string, onPoint: OnStorePoint = () => {}): Promise<SegmentStore> {
    const store = new SegmentStore(dir, onPoint);
    await rm(join(dir, 'tmp'), { recursive: true, force: true });
    // Health data: nobody but the owner reads it.
    for (const folder of FOLDERS) await mkdir(join(dir, folder), { recursive: true, mode: 0o700 });
    await syncFolder(dir);
    await store.rebuild();
    return store;
  }

  get conflictCount(): number {
    return this.conflicts.size;
  }

  hasConflict(sha256Hex: string): boolean {
    return this.conflicts.has(sha256Hex);
  }

  get damagedCount(): number {
    return this.damaged;
  }

  receiptOf(sha256Hex: string): Uint8Array | undefined {
    return this.receipts.get(sha256Hex);
  }

  /** The stored bytes, or null. The file is hashed again: what left the disk must be what was accepted. */
  async readSegment(sha256Hex: string): Promise<Uint8Array | null> {
    if (this.index.get(sha256Hex) === undefined) return null;
    const bytes = new Uint8Array(await readFile(this.pathOf('segments', sha256Hex, 'segment')));
    return toHex(sha256(bytes)) === sha256Hex ? bytes : null;
  }

  /** The place is taken in the index as soon as the file stands, even if a later step fails. */
  async writeSegment(facts: SegmentFacts, bytes: Uint8Array): Promise<void> {
    await this.writeDurably('segments', `${facts.sha256Hex}.segment`, bytes, () => this.index.add(facts));
  }

  async writeReceipt(sha256Hex: string, receipt: Uint8Array): Promise<void> {
    await this.writeDurably('segments', `${sha256Hex}.receipt`, receipt, () => {});
    this.receipts.set(sha256Hex, receipt);
  }

  async writeConflict(sha256Hex: string, bytes: Uint8Array): Promise<void> {
    if (this.conflicts.has(sha256Hex)) return;
    await this.writeDurably('conflicts', `${sha256Hex}.segment`, bytes, () => this.conflicts.add(sha256Hex));
  }

  private async writeDurably(shelf: Shelf, name: string, bytes: Uint8Array, onStanding: () => void): Promise<void> {
    const temp = join(this.dir, 'tmp', `${this.tempCount++}.part`);
    const file = await open(temp, 'wx', 0o600);
    try {
      this.onPoint('temp-open', name);
      await file.writeFile(bytes);
      this.onPoint('temp-written', name);
      await file.sync();
    } finally {
      await file.close();
    }
    this.onPoint('temp-synced', name);
    await rename(temp, join(this.dir, shelf, name));
    onStanding();
    this.onPoint('renamed', name);
    await syncFolder(join(this.dir, shelf));
    this.onPoint('done', name);
  }

  private async rebuild(): Promise<void> {
    const names = await readdir(join(this.dir, 'segments'));
    const hashes = (ending: string) => namesEnding(names, ending);
    for (const hex of hashes('.receipt')) {
      const receipt = new Uint8Array(await readFile(this.pathOf('segments', hex, 'receipt')));
      if (isReceiptFor(hex, receipt)) this.receipts.set(hex, receipt); // a damaged one is written anew
    }
    // A segment that was answered for comes before one that was not, should two claim one place.
    const byPromise = hashes('.segment').sort((a, b) => Number(this.receipts.has(b)) - Number(this.receipts.has(a)));
    for (const hex of byPromise) await this.takeIn(hex);
    for (const hex of namesEnding(await readdir(join(this.dir, 'conflicts')), '.segment')) this.conflicts.add(hex);
    this.damaged = (await readdir(join(this.dir, 'damaged'))).length;
  }

  private async takeIn(hex: string): Promise<void> {
    const path = this.pathOf('segments', hex, 'segment');
    const bytes = new Uint8Array(await readFile(path));
    const read = toHex(sha256(bytes)) === hex ? readSegment(bytes, hex) : null;
    if (read === null || !read.ok) await this.moveTo('damaged', path, hex);
    else if (this.index.holderOf(read.value.facts) !== undefined) await this.moveTo('conflicts', path, hex);
    else this.index.add(read.value.facts);
  }

  private async moveTo(folder: 'damaged' | 'conflicts', path: string, hex: string): Promise<void> {
    await rename(path, join(this.dir, folder, `${hex}.segment`));
    await syncFolder(join(this.dir, folder));
    await syncFolder(join(this.dir, 'segments'));
  }

  private pathOf(shelf: Shelf, hex: string, ending: 'segment' | 'receipt'): string {
    return join(this.dir, shelf, `${hex}.${ending}`);
  }
}

function isReceiptFor(sha256Hex: string, bytes: Uint8Array): boolean {
  const sealed = openCose(bytes);
  if (!sealed.ok || sealed.value.contentType !== CONTENT_RECEIPT) return false;
  const receipt = decodeReceipt(sealed.value.payload);
  return receipt.ok && toHex(receipt.value.segment) === sha256Hex;
}

/** A rename is durable only when its folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function namesEnding(names: readonly string[], ending: string): string[] {
  return names
    .filter((name) => name.endsWith(ending) && /^[0-9a-f]{64}$/.test(name.slice(0, -ending.length)))
    .map((name) => name.slice(0, -ending.length))
    .sort();
}
