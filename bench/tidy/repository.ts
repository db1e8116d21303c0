// The repository as the tidy tests see it: which files belong to it, and what they say.

import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT: string = fileURLToPath(new URL('../../', import.meta.url));

/** What a build or a run leaves behind; the same as in .gitignore. */
const LEFT_BEHIND = new Set(['.git', 'node_modules', 'dist', 'maibo-out', 'coverage', '.venv', '.crypto']);

let known: readonly string[] | null = null;

/** Every file of the repository, by its path from the root with forward slashes, sorted. */
export function repositoryFiles(): readonly string[] {
  known ??= (askGit() ?? walk('')).toSorted();
  return known;
}

/** What git tracks, or would after `git add`; null where there is no git or no repository, as in an unpacked archive. */
function askGit(): string[] | null {
  if (!existsSync(join(ROOT, '.git'))) return null;
  try {
    const command = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
    const output = execFileSync('git', command, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return output.split('\0').filter((path) => path !== '' && existsSync(join(ROOT, path)));
  } catch {
    return null;
  }
}

function walk(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (LEFT_BEHIND.has(entry.name) || entry.name.endsWith('.tsbuildinfo')) return [];
    return entry.isDirectory() ? walk(path) : [path];
  });
}

export function readText(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

export function isThere(path: string): boolean {
  return existsSync(join(ROOT, path));
}

/** Whether the bytes are text, as git tells: no zero byte near the start. */
export function isText(path: string): boolean {
  return !readFileSync(join(ROOT, path)).subarray(0, 8_000).includes(0);
}

/** "path:line: what" for each line in which `find` sees something. */
export function findInLines(path: string, find: (line: string) => string | null): string[] {
  return readText(path)
    .split('\n')
    .flatMap((line, index) => {
      const found = find(line);
      return found === null ? [] : [`${path}:${index + 1}: ${found}`];
    });
}

export function isTest(path: string): boolean {
  return /\.(test|testkit)\.ts$/.test(path);
}

export function isGenerated(path: string): boolean {
  return /\.gen\.[a-z.]+$/.test(path);
}

/** TypeScript and AssemblyScript that people wrote. */
export function sourcePaths(): string[] {
  return repositoryFiles().filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts') && !isGenerated(path));
}
