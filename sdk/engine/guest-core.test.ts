// A maker's core from its package to its findings, beside others that misbehave.

import { EcgCore } from '@maibo/cores';
import { afterAll, describe, expect, it } from 'vitest';
import { makeEcg } from '../pipeline/made-signals.testkit.ts';
import { checkCore } from './check-core.ts';
import { type CorePackage, openCorePackage } from './core-package.ts';
import { GuestCore } from './guest-core.ts';
import { constant, makeModule, OP } from './hostile-modules.testkit.ts';
import { madePackage, makerKey } from './made-package.testkit.ts';
import { ThreadEngine } from './thread-engine.ts';

const engine = new ThreadEngine();
afterAll(() => engine.close());
const ALLOWED = { signers: [makerKey.publicKey], hashes: [] };
const samples = Float32Array.from(makeEcg(30).counts);

function unchecked(bytes: Uint8Array): CorePackage {
  const found = openCorePackage(bytes);
  if (!found.ok) throw new Error(found.fault.detail);
  return found.value;
}

describe('GuestCore', () => {
  it('finds what the core finds, under the names of the manifest', () => {
    const guest = GuestCore.create(GuestCore.open(madePackage(), ALLOWED), 250, engine);
    const beats = guest.push(samples).filter(({ kind }) => kind === 1);
    const expected = EcgCore.create({ rateHz: 250 })
      .push(samples)
      .filter(({ kind }) => kind === 'beat');
    expect(beats.map(({ sample }) => sample)).toEqual(expected.map(({ sample }) => sample));
    expect(beats.length).toBeGreaterThan(20);
  });

  it('does not open what nobody allowed, or what is no package', () => {
    const refused = expect.objectContaining({ code: 'core-refused' });
    expect(() => GuestCore.open(madePackage(), { signers: [], hashes: [] })).toThrow(refused);
    expect(() => GuestCore.open(new Uint8Array(9), ALLOWED)).toThrow(refused);
  });

  it('does not run at a rate that its manifest or its core does not take', () => {
    const wide = { signal: 'ecg', unit: 'mV', channelCount: 1, rateHzMin: 1, rateHzMax: 500 };
    for (const change of [{}, { takes: wide }]) {
      const core = unchecked(madePackage(undefined, change));
      expect(() => GuestCore.create(core, 20, engine)).toThrow(expect.objectContaining({ code: 'input-range' }));
    }
  });

  it('says no by a status, and goes on', () => {
    const guest = GuestCore.create(unchecked(madePackage()), 250, engine);
    guest.flush();
    expect(() => guest.push(samples)).toThrow(expect.objectContaining({ code: 'core-status' }));
    guest.reset();
    expect(guest.push(samples).length).toBeGreaterThan(20);
  });

  it('is stopped within the time of its own manifest', () => {
    const wasm = makeModule({ bodies: { push: OP.loopForever } });
    const guest = GuestCore.create(
      unchecked(madePackage(wasm, { limits: { pagesMax: 16, callMs: 200 } })),
      250,
      engine,
    );
    expect(() => guest.push(samples)).toThrow(/did not answer within 0.2 s/);
  });

  it('has no more memory than its manifest asks for', () => {
    const wasm = makeModule({ bodies: { size: constant(0x20000) } });
    const core = unchecked(madePackage(wasm, { limits: { pagesMax: 2, callMs: 500 } }));
    expect(() => GuestCore.create(core, 250, engine)).toThrow(/at most 2/);
  });
});

describe('checkCore', () => {
  it('finds nothing wrong with a core that keeps its promises', () => {
    const checks = checkCore(unchecked(madePackage()), engine);
    expect(checks).toHaveLength(10);
    expect(checks.filter(({ fault }) => fault !== null)).toEqual([]);
  });

  it('names the promise that a core breaks: it counts in a global what belongs into its instance', () => {
    // A finding a push, whose only field is how often any instance was polled: kept at address 16, outside the instance.
    const more = [...constant(16), ...constant(16), 0x28, 0x02, 0x00, ...constant(1), 0x6a, 0x36, 0x02, 0x00];
    const tell = [0x20, 0x01, ...constant(16), 0x28, 0x02, 0x00, 0x36, 0x02, 0x00, ...constant(1)];
    const fields = [{ name: 'polls', type: 'u32', at: 0, unit: '' }] as const;
    const wasm = makeModule({ bodies: { poll: [...more, ...tell] } });
    const own = new ThreadEngine();
    const checks = checkCore(unchecked(madePackage(wasm, { gives: { bytes: 16, fields } })), own);
    own.close();
    const broken = checks.filter(({ fault }) => fault !== null).map(({ what }) => what);
    expect(broken).toContain('100 Hz: gives the same again');
  });

  it('ends with the core that was stopped', () => {
    const own = new ThreadEngine();
    const checks = checkCore(unchecked(madePackage(makeModule({ bodies: { flush: OP.trap } }))), own);
    own.close();
    expect(checks).toHaveLength(1);
    expect(checks[0]?.fault).toMatch(/flush unreachable/);
  });
});
