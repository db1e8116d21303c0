// Runs the peer detectors (Python, from PyPI) on signals, in an environment of their own beside the bench. They are compared with, never
// shipped; where Python or the registry is missing, the bench says so and skips.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../../shared-folder.ts';

export const PEER_DETECTORS = [
  'neurokit',
  'pantompkins1985',
  'kalidas2017',
  'manikandan2012',
  'khamis2016',
  'sleepecg-c',
  'xqrs',
  'heartpy',
] as const;
export type PeerDetector = (typeof PEER_DETECTORS)[number];

export interface PeerSignal {
  readonly name: string;
  readonly rateHz: number;
  readonly samples: Float32Array;
}

export interface PeerRun {
  readonly signal: string;
  readonly detector: PeerDetector;
  /** Best of the repeats, null when the detector failed. */
  readonly ms: number | null;
  readonly beats: readonly number[] | null;
  readonly error: string | null;
}

export interface PeerRuns {
  readonly versions: Readonly<Record<string, string>>;
  readonly runs: readonly PeerRun[];
}

const FOLDER = join(ROOT, 'bench', 'accuracy', 'peers');
const VENV = join(ROOT, 'bench', '.venv');
const INSTALL_WAIT_MS = 10 * 60_000;
const RUN_WAIT_MS = 30 * 60_000;

/** A sentence that says why there are no peers here, or null when they can run. Installs them on first use. */
export function preparePeers(): string | null {
  const python = join(VENV, 'bin', 'python');
  const installed = join(VENV, 'installed.txt');
  const wanted = readFileSync(join(FOLDER, 'requirements.txt'), 'utf8');
  if (existsSync(installed) && readFileSync(installed, 'utf8') === wanted) return null;
  if (!runs('python3', ['-m', 'venv', '--clear', VENV])) return 'python3 with venv is not here: no peers to run beside';
  const pip = [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '-r',
    join(FOLDER, 'requirements.txt'),
  ];
  if (!runs(python, pip)) return 'the peers could not be installed from PyPI';
  writeFileSync(installed, wanted);
  return null;
}

function runs(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore', timeout: INSTALL_WAIT_MS }).status === 0;
}

/** Throws when the run as a whole failed; a detector that fails on a signal is a run with an error. */
export function runPeers(signals: readonly PeerSignal[], detectors: readonly PeerDetector[], repeat = 1): PeerRuns {
  const folder = mkdtempSync(join(tmpdir(), 'maibo-peers-'));
  try {
    const entries = signals.map(({ name, rateHz, samples }, index) => {
      const path = join(folder, `${index}.f32`);
      writeFileSync(path, new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength));
      return { name, rateHz, path };
    });
    const [job, out] = [join(folder, 'job.json'), join(folder, 'out.json')];
    writeFileSync(job, JSON.stringify({ signals: entries, detectors, repeat }));
    const python = join(VENV, 'bin', 'python');
    const done = spawnSync(python, [join(FOLDER, 'detect.py'), job, out], { stdio: 'ignore', timeout: RUN_WAIT_MS });
    if (done.status !== 0) throw new Error(`the peers ended with ${done.status ?? done.signal}`);
    return JSON.parse(readFileSync(out, 'utf8')) as PeerRuns;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
