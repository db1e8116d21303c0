import { describe, expect, it } from 'vitest';
import { verifyStore } from '../audit/verify-store.ts';
import { ecgBlocks, makeEcg } from '../pipeline/made-signals.testkit.ts';
import { openStoreFile } from '../world/node-store.ts';
import type { Clock } from '../world/world.ts';
import { DeviceClaims } from './device-claims.ts';
import { createDirectCommitter } from './group-committer.ts';
import { confirmAll, fill, gatewayKey, IDENTITY, MARK, useFolder } from './made-store.testkit.ts';
import { settle } from './manual-clock.testkit.ts';
import { applyRetention, type RetentionOptions } from './retention.ts';

const path = useFolder('retention');
const DAY_US = 86_400e6;
const blocks = ecgBlocks(makeEcg(1_500).counts);

/** A store with a place to cut: what was written first, and what a later start added. */
async function oldStore(name: string, isConfirmed = true) {
  const file = openStoreFile(path(name));
  await fill(file.store, blocks.slice(0, 1_400), { end: false });
  await fill(file.store, blocks, { end: false });
  if (isConfirmed) confirmAll(file.store);
  return file;
}

function optionsFor(store: RetentionOptions['store'], daysLater: number, more: Partial<RetentionOptions> = {}) {
  const trimmed: number[] = [];
  const clock: Clock = {
    source: 'lab',
    uncertaintyUs: 0,
    nowUtcUs: () => MARK.utcUs + daysLater * DAY_US,
    nowMonotonicMs: () => 0,
    sleep: async () => undefined,
  };
  const options: RetentionOptions = {
    ...{ store, clock, signer: gatewayKey, committer: createDirectCommitter(store), claims: new DeviceClaims() },
    config: { retentionDays: 30, bytesMax: null },
    hasPlatform: true,
    signal: new AbortController().signal,
    onTrimmed: (count) => trimmed.push(count),
    onFailure: () => undefined,
    ...more,
  };
  return { options, trimmed };
}

describe('retention', { timeout: 120_000 }, () => {
  it('trims what is older than the days that are kept, and the rest still holds', async () => {
    const { store, close } = await oldStore('old.sqlite');
    const { options, trimmed } = optionsFor(store, 31);
    await applyRetention(options);
    expect(trimmed[0]).toBeGreaterThan(100);
    expect(store.streams()[0]!.trimmed).not.toBeNull();
    expect(verifyStore(store).problems).toEqual([]);
    close();
  });

  it('trims nothing that is younger', async () => {
    const { store, close } = await oldStore('young.sqlite');
    const { options, trimmed } = optionsFor(store, 29);
    await applyRetention(options);
    expect([trimmed, store.streams()[0]!.trimmed]).toEqual([[], null]);
    close();
  });

  it('trims nothing that the platform has not confirmed, unless there is none', async () => {
    const { store, close } = await oldStore('open.sqlite', false);
    const waiting = optionsFor(store, 31);
    await applyRetention(waiting.options);
    expect(waiting.trimmed).toEqual([]);
    const alone = optionsFor(store, 31, { hasPlatform: false });
    await applyRetention(alone.options);
    expect(alone.trimmed[0]).toBeGreaterThan(100);
    close();
  });

  it('trims the oldest of a store that is too large, whatever its age', async () => {
    const { store, close } = await oldStore('large.sqlite');
    const { options, trimmed } = optionsFor(store, 3, { config: { retentionDays: null, bytesMax: 1 } });
    await applyRetention(options);
    expect(trimmed[0]).toBeGreaterThan(100);
    close();
  });

  it('asks a session to pause, and waits until it has', async () => {
    const { store, close } = await oldStore('busy.sqlite');
    const claims = new DeviceClaims();
    let isAsked = false;
    const giveBack = claims.take(IDENTITY.device, () => {
      isAsked = true;
    })!;
    const { options, trimmed } = optionsFor(store, 31, { claims });
    const applying = applyRetention(options);
    await settle();
    expect([isAsked, trimmed]).toEqual([true, []]);
    giveBack();
    await applying;
    expect(trimmed.length).toBe(1);
    expect(claims.isHeld(IDENTITY.device)).toBe(false);
    close();
  });
});
