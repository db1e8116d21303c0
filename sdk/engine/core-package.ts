// A core package (`.mcore`): a module and its manifest, sealed by its maker. Opening checks the shape and that manifest and module belong
// together; whether anybody should run it is a question of the allow-list.

import {
  type CborLimits,
  type CborValue,
  type CoseSigner,
  type Decoded,
  decodeCbor,
  encodeCbor,
  keyIdOf,
  sameBytes,
  sha256,
  verifyEd25519,
} from '@maibo/protocols';
import { type CoreManifest, readManifest } from './core-manifest.ts';
import { openCoreSeal, PACKAGE_BYTES_MAX, type SealedCore, sealCore } from './core-seal.ts';
import { ManifestReader, type Members } from './manifest-reader.ts';
import { outlineModule } from './module-outline.ts';

export interface CorePackage {
  readonly manifest: CoreManifest;
  readonly wasm: Uint8Array;
  /** Key id that the package carries; only `isSignedBy` says whether it is true. */
  readonly signer: Uint8Array;
  readonly seal: SealedCore;
}

export type ManifestDraft = Omit<CoreManifest, 'v' | 'abi' | 'sha256'>;

const MODULE_BYTES_MAX = 1 << 20;
/** 64 fields of four members each, and the rest. */
const CONTENT: CborLimits = { bytesMax: PACKAGE_BYTES_MAX, itemsMax: 1_024, depthMax: 6 };

/** The sealed package. The fault says what of the draft or the module does not hold. */
export function packCore(draft: ManifestDraft, wasm: Uint8Array, signer: CoseSigner): Decoded<Uint8Array> {
  const asValue = { ...draft, v: 1, abi: 1, sha256: sha256(wasm) } as unknown as CborValue;
  const manifest = readManifest(asValue);
  if (!manifest.ok) return manifest;
  const fault = moduleFault(manifest.value, wasm);
  if (fault !== null) return refused(fault);
  const content = encodeCbor({ manifest: manifest.value as unknown as Members, wasm });
  return { ok: true, value: sealCore(content, signer) };
}

/** Takes a package apart, and checks all that can be checked without running it or knowing its signer. */
export function openCorePackage(bytes: Uint8Array): Decoded<CorePackage> {
  const seal = openCoreSeal(bytes);
  if (!seal.ok) return seal;
  const content = decodeCbor(seal.value.payload, CONTENT);
  if (!content.ok) return content;
  const read = new ManifestReader();
  const { manifest: value = null, wasm } = read.map(content.value, 'package', ['manifest', 'wasm']);
  const shape = read.done(null);
  if (!shape.ok) return shape;
  if (!(wasm instanceof Uint8Array)) return refused('wasm: expected bytes');
  const manifest = readManifest(value);
  if (!manifest.ok) return manifest;
  const fault = moduleFault(manifest.value, wasm);
  if (fault !== null) return refused(fault);
  return { ok: true, value: { manifest: manifest.value, wasm, signer: seal.value.keyId, seal: seal.value } };
}

/** Whether this key sealed the package. */
export function isSignedBy({ seal, signer }: CorePackage, publicKey: Uint8Array): boolean {
  return sameBytes(signer, keyIdOf(publicKey)) && verifyEd25519(seal.toBeSigned, seal.signature, publicKey);
}

function moduleFault(manifest: CoreManifest, wasm: Uint8Array): string | null {
  if (!sameBytes(sha256(wasm), manifest.sha256)) return 'the module has not the hash in its manifest';
  const outline = outlineModule(wasm, { moduleBytesMax: MODULE_BYTES_MAX, pagesMax: manifest.limits.pagesMax });
  return typeof outline === 'string' ? `the module: ${outline}` : null;
}

function refused(detail: string): { ok: false; fault: { code: 'bad-shape'; at: number; detail: string } } {
  return { ok: false, fault: { code: 'bad-shape', at: 0, detail } };
}
