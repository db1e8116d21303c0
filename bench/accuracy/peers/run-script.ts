// Runs one of the Python scripts beside this file in the peers' environment (see run-peers.ts): a job in, an answer out, both JSON.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../../shared-folder.ts';

const FOLDER = join(ROOT, 'bench', 'accuracy', 'peers');
const PYTHON = join(ROOT, 'bench', '.venv', 'bin', 'python');
const WAIT_MS = 30 * 60_000;

/** `jobIn` may leave files in the folder that it is given; the folder goes with the job. Throws when the script as a whole failed. */
export function runScript(
  script: 'pulses.py' | 'fixpeaks.py' | 'hrv-times.py' | 'sleep-stages.py',
  jobIn: (folder: string) => unknown,
): unknown {
  const folder = mkdtempSync(join(tmpdir(), 'maibo-peers-'));
  try {
    const [job, out] = [join(folder, 'job.json'), join(folder, 'out.json')];
    writeFileSync(job, JSON.stringify(jobIn(folder)));
    const done = spawnSync(PYTHON, [join(FOLDER, script), job, out], { stdio: 'ignore', timeout: WAIT_MS });
    if (done.status !== 0) throw new Error(`${script} ended with ${done.status ?? done.signal}`);
    return JSON.parse(readFileSync(out, 'utf8'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
