// What the tests of the readers share: a folder that goes away, and short ways to read everything.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { isMaiboError, type MaiboError, type MaiboErrorCode } from '../errors.ts';
import { type OpenOptions, openRecording } from './open-recording.ts';
import type { Recording, RrInterval } from './recording.ts';

export interface TempFolder {
  readonly path: (name: string) => string;
  readonly write: (name: string, content: string | Uint8Array) => Promise<string>;
}

export function useTempFolder(): TempFolder {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'maibo-formats-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const path = (name: string) => join(folder, name);
  const write = async (name: string, content: string | Uint8Array) => {
    await writeFile(path(name), content);
    return path(name);
  };
  return { path, write };
}

export async function readSamples(recording: Recording, channel = 0): Promise<number[]> {
  const all: number[] = [];
  for await (const chunk of recording.samples(channel)) for (const value of chunk) all.push(value);
  return all;
}

export async function readIntervals(recording: Recording): Promise<RrInterval[]> {
  const all: RrInterval[] = [];
  for await (const interval of recording.intervals()) all.push(interval);
  return all;
}

export async function readRr(recording: Recording): Promise<number[]> {
  return (await readIntervals(recording)).map((interval) => interval.rrMs);
}

/** Opens and reads everything there is. */
export async function readAll(path: string, options: OpenOptions = {}): Promise<Recording> {
  const recording = await openRecording(path, options);
  for (const channel of recording.channels.keys()) await readSamples(recording, channel);
  if (recording.hasIntervals) await readIntervals(recording);
  await recording.annotations();
  return recording;
}

/** The MaiboError that reading everything ends in; anything else fails the test. */
export async function errorOf(path: string, options: OpenOptions = {}): Promise<MaiboError> {
  const thrown = await readAll(path, options).then(
    () => null,
    (error: unknown) => error,
  );
  if (isMaiboError(thrown)) return thrown;
  throw new Error(`expected a MaiboError, got ${thrown === null ? 'none' : String(thrown)}`, { cause: thrown });
}

export async function codeOf(path: string, options: OpenOptions = {}): Promise<MaiboErrorCode> {
  return (await errorOf(path, options)).code;
}
