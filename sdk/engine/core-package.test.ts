// Packages: what is sealed comes back; what is not a package, or not that of its signer, does not get through.

import { coreCatalog } from '@maibo/cores';
import { type CborValue, decodeCbor, encodeCbor, sha256 } from '@maibo/protocols';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLabKey } from '../world/node-keys.ts';
import { allowPackage } from './allow-list.ts';
import { type CorePackage, isSignedBy, openCorePackage, packCore } from './core-package.ts';
import { openCoreSeal, PACKAGE_BYTES_MAX, sealCore } from './core-seal.ts';
import { makeModule } from './hostile-modules.testkit.ts';
import { ECG_DRAFT, madePackage, makerKey } from './made-package.testkit.ts';

const WASM = coreCatalog.get('ecg').bytes;
const WHOLE = madePackage();

function opened(bytes: Uint8Array): CorePackage {
  const found = openCorePackage(bytes);
  if (!found.ok) throw new Error(found.fault.detail);
  return found.value;
}

/** The package sealed again around another content, by the same maker. */
function sealedAgain(change: (content: Record<string, CborValue>) => CborValue): Uint8Array {
  const seal = openCoreSeal(WHOLE);
  const content = seal.ok ? decodeCbor(seal.value.payload, { bytesMax: 1 << 20, itemsMax: 1024, depthMax: 6 }) : seal;
  if (!content.ok) throw new Error(content.fault.detail);
  return sealCore(encodeCbor(change(content.value as Record<string, CborValue>)), makerKey);
}

const faultOf = (bytes: Uint8Array) => {
  const found = openCorePackage(bytes);
  return found.ok ? null : found.fault.detail;
};

/** The manifest with another member somewhere: 'takes.unit' is the unit in `takes`. */
function withMember(path: string, value: CborValue | undefined): Uint8Array {
  return sealedAgain(({ manifest, wasm }) => {
    const changed = structuredClone(manifest) as Record<string, CborValue | undefined>;
    const steps = path.split('.');
    const holder = steps.slice(0, -1).reduce((at, step) => at[step] as typeof changed, changed);
    if (value === undefined) delete holder[steps.at(-1)!];
    else holder[steps.at(-1)!] = value;
    return { manifest: changed as CborValue, wasm: wasm as Uint8Array };
  });
}

describe('a core package', () => {
  it('says what went into it, and who sealed it', () => {
    const core = opened(WHOLE);
    expect(core.manifest).toEqual({ v: 1, abi: 1, sha256: sha256(WASM), ...ECG_DRAFT });
    expect(core.wasm).toEqual(WASM);
    expect(isSignedBy(core, makerKey.publicKey)).toBe(true);
    expect(isSignedBy(core, createLabKey('stranger', 1).publicKey)).toBe(false);
  });

  it('has one encoding: the same draft and module give the same bytes', () => {
    expect(madePackage()).toEqual(WHOLE);
  });

  const wrong: Record<string, [string, CborValue | undefined]> = {
    'another version of the manifest': ['v', 2],
    'another ABI': ['abi', 2],
    'no licence': ['licence', undefined],
    'a licence that is a sentence': ['licence', 'ask me!'],
    'a name with an escape in it': ['name', '\x1b[2Jecg'],
    'a version that is none': ['version', 'newest'],
    'a hash of 31 bytes': ['sha256', new Uint8Array(31)],
    'the hash of another module': ['sha256', new Uint8Array(32)],
    'a member that does not belong there': ['author', 'somebody'],
    'a rate of 0': ['takes.rateHzMin', 0],
    'a highest rate below the lowest': ['takes.rateHzMax', 50],
    'no channels': ['takes.channelCount', 0],
    'a unit of control characters': ['takes.unit', '\n'],
    'too many settings': ['init', [1, 2, 3, 4, 5, 6, 7, 8]],
    'a setting of another name': ['init', ['gainDb']],
    'findings of no bytes': ['gives.bytes', 0],
    'a field behind the end of the finding': ['gives.bytes', 12],
    'more memory than there is for anybody': ['limits.pagesMax', 257],
    'more time than there is for anybody': ['limits.callMs', 1e9],
    'a list where a map belongs': ['takes', []],
    'bytes where a map belongs': ['gives', new Uint8Array(3)],
    'integer keys': ['limits', new Map([[1, 2]])],
  };
  for (const [what, [path, value]] of Object.entries(wrong)) {
    it(`is none with ${what}`, () => {
      expect(faultOf(withMember(path, value))).not.toBeNull();
    });
  }

  it('is none with a field twice, or one of no type', () => {
    const field = { name: 'x', type: 'f32', at: 0, unit: '' };
    expect(faultOf(withMember('gives.fields', [field]))).toBeNull();
    expect(faultOf(withMember('gives.fields', [field, field]))).toMatch(/twice/);
    expect(faultOf(withMember('gives.fields', [{ ...field, type: 'f16' }]))).toMatch(/one of/);
  });

  it('is none around a module that is not run', () => {
    const packed = packCore(ECG_DRAFT, makeModule({ hasImport: true }), makerKey);
    expect(packed).toMatchObject({ ok: false, fault: { detail: expect.stringContaining('imports') } });
  });

  it('is none with more beside manifest and module, or less', () => {
    expect(faultOf(sealedAgain((content) => ({ ...content, more: 1 })))).not.toBeNull();
    expect(faultOf(sealedAgain(({ wasm }) => ({ wasm: wasm! })))).not.toBeNull();
    expect(faultOf(sealedAgain(({ manifest }) => ({ manifest: manifest!, wasm: 'text' })))).not.toBeNull();
  });

  it('is none beyond its size', () => {
    expect(faultOf(new Uint8Array(PACKAGE_BYTES_MAX + 1))).toMatch(/at most/);
  });
});

describe('hostile bytes', () => {
  it('never make the decoder throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => void expect(openCorePackage(bytes).ok).toBe(false)),
    );
  });

  it('of a package with one byte changed are no package, or one that its maker did not sign', () => {
    fc.assert(
      fc.property(fc.nat(WHOLE.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
        const bytes = WHOLE.slice();
        bytes[at] = bytes[at]! ^ by;
        const found = openCorePackage(bytes);
        expect(found.ok && isSignedBy(found.value, makerKey.publicKey)).toBe(false);
      }),
      { numRuns: 400 },
    );
  });

  it('of a package cut short are none', () => {
    fc.assert(
      fc.property(fc.nat(WHOLE.length - 1), (end) => void expect(openCorePackage(WHOLE.slice(0, end)).ok).toBe(false)),
    );
  });

  it('as any content under a good signature never make the decoder throw', () => {
    const leaf = fc.oneof(
      fc.string({ maxLength: 8 }),
      fc.maxSafeInteger(),
      fc.constant(null),
      fc.uint8Array({ maxLength: 8 }),
    );
    const value = fc.oneof(
      leaf,
      fc.array(leaf, { maxLength: 4 }),
      fc.dictionary(fc.constantFrom('v', 'name', 'x'), leaf),
    );
    fc.assert(
      fc.property(
        value,
        fc.constantFrom('v', 'name', 'takes', 'size', 'init', 'gives', 'limits', 'takes.unit'),
        (any, path) => {
          expect(typeof openCorePackage(withMember(path, any as CborValue)).ok).toBe('boolean');
        },
      ),
    );
  });
});

describe('the allow-list', () => {
  const core = opened(WHOLE);
  const stranger = createLabKey('stranger', 1).publicKey;

  it('lets through a known signer or a known module, and nobody else', () => {
    expect(allowPackage(core, { signers: [stranger, makerKey.publicKey], hashes: [] })).toBe('signer');
    expect(allowPackage(core, { signers: [stranger], hashes: [sha256(WASM)] })).toBe('hash');
    for (const allowed of [
      { signers: [], hashes: [] },
      { signers: [stranger], hashes: [new Uint8Array(32)] },
    ]) {
      expect(() => allowPackage(core, allowed)).toThrow(expect.objectContaining({ code: 'core-refused' }));
    }
  });

  it('refuses a package that names a known signer and was not sealed by it, even if its module is allowed', () => {
    const forged = { ...core, seal: { ...core.seal, signature: new Uint8Array(64) } };
    expect(() => allowPackage(forged, { signers: [makerKey.publicKey], hashes: [sha256(WASM)] })).toThrow(
      /does not hold/,
    );
  });
});
