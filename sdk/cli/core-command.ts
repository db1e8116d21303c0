// maibo core pack | show | check: packages of a maker's own core. Exit code 1 when a package does not hold or a core does not keep its promises.
import { existsSync, writeFileSync } from 'node:fs';
import type { CborValue } from '@maibo/protocols';
import { type Command, Option } from 'commander';
import { allowPackage, type CoreAllowList } from '../engine/allow-list.ts';
import { type CoreCost, checkCore, costOfCore } from '../engine/check-core.ts';
import { type CorePackage, type ManifestDraft, packCore } from '../engine/core-package.ts';
import type { Engine } from '../engine/engine.ts';
import { ThreadEngine } from '../engine/thread-engine.ts';
import { PYTHON_DEFAULT, WasmtimeEngine } from '../engine/wasmtime-engine.ts';
import { isMaiboError, MaiboError } from '../errors.ts';
import { fromHex, toHex } from '../evidence/record-types.ts';
import { systemEntropy } from '../world/node-clock.ts';
import { loadOrCreateKey } from '../world/node-keys.ts';
import { openPackage, readPackage } from './package-file.ts';

interface CheckOptions {
  readonly trust?: string[];
  readonly allow?: string[];
  readonly engine: 'v8' | 'wasmtime';
  readonly python: string;
}

type Finish = (code: number) => void;

const HASH_HEX = /^[0-9a-f]{64}$/;

export function addCore(program: Command, finish: Finish): void {
  const core = program.command('core').description('packages of cores that do not come with Maibo');
  addPack(core, finish);
  addShow(core, finish);
  addCheck(core, finish);
}

function addPack(core: Command, finish: Finish): void {
  core
    .command('pack')
    .description('seal a module and its manifest as a package')
    .argument('<module>', 'a .wasm that follows the core ABI')
    .requiredOption('--manifest <file>', 'what the core takes, gives and may use, as JSON')
    .requiredOption('--key <file>', 'the signing key of the maker: 64 hexadecimal digits, readable by its owner alone')
    .requiredOption('--out <file>', 'the package to write')
    .action((module: string, options: { manifest: string; key: string; out: string }) => {
      const key = signerIn(options.key);
      const packed = packCore(draftIn(options.manifest), readPackage(module), key);
      if (!packed.ok) throw new MaiboError('input-format', packed.fault.detail, { where: options.manifest });
      writeFileSync(options.out, packed.value);
      const opened = openPackage(options.out);
      say(`${options.out}: ${packed.value.length} bytes`);
      say(`module  ${toHex(opened.manifest.sha256)}`);
      say(`signer  ${toHex(key.publicKey)}`);
      finish(0);
    });
}

function addShow(core: Command, finish: Finish): void {
  core
    .command('show')
    .description('what a package says of itself')
    .argument('<package>', 'a .mcore file')
    .option('--json', 'print it as JSON')
    .action((path: string, options: { json?: boolean }) => {
      const shown = openPackage(path);
      const { signer, manifest, wasm } = shown;
      const json = { signer: toHex(signer), wasmBytes: wasm.length, ...manifest, sha256: toHex(manifest.sha256) };
      say(options.json ? JSON.stringify(json) : textOf(shown));
      finish(0);
    });
}

function addCheck(core: Command, finish: Finish): void {
  core
    .command('check')
    .description('whether a package is allowed, and whether its core keeps the promises of the ABI over a made signal')
    .argument('<package>', 'a .mcore file')
    .option('--trust <hex...>', 'public keys of makers')
    .option('--allow <hex...>', 'SHA-256 of modules that may run whoever signed them')
    .addOption(new Option('--engine <name>', 'what runs it').choices(['v8', 'wasmtime']).default('v8'))
    .option('--python <path>', 'a Python with the package wasmtime', PYTHON_DEFAULT)
    .action((path: string, options: CheckOptions) => {
      const allowed = { signers: hexOf(options.trust, 'public key'), hashes: hexOf(options.allow, 'SHA-256') };
      const opened = openPackage(path);
      const { python } = options;
      const engine = options.engine === 'v8' ? new ThreadEngine() : new WasmtimeEngine({ python });
      finish(checkOne(path, opened, allowed, engine) ? 0 : 1);
    });
}

function checkOne(path: string, opened: CorePackage, allowed: CoreAllowList, engine: Engine): boolean {
  try {
    say(`ok      allowed by its ${allowPackage(opened, allowed)}`);
    const checks = checkCore(opened, engine);
    for (const { what, fault } of checks) say(fault === null ? `ok      ${what}` : `FAILED  ${what}: ${fault}`);
    const isGood = checks.every(({ fault }) => fault === null);
    if (isGood) say(costText(costOfCore(opened, engine), engine));
    say(isGood ? `OK  ${path} holds` : `${path} does not hold`);
    return isGood;
  } catch (failure) {
    if (!isMaiboError(failure, 'core-refused', 'core-stopped')) throw failure;
    say(`FAILED  ${failure.toLine()}`);
    return false;
  } finally {
    engine.close();
  }
}

function costText({ rateHz, msPerS, fuelPerS }: CoreCost, { kind }: Engine): string {
  const fuel = fuelPerS === null ? '' : `, ${Math.round(fuelPerS)} operations`;
  return `cost    ${msPerS.toFixed(2)} ms on ${kind}${fuel} for a second at ${rateHz} Hz, in one block`;
}

function textOf({ manifest, signer, wasm }: CorePackage): string {
  const { takes, gives, limits } = manifest;
  const fields = gives.fields.map(({ name, unit }) => (unit === '' ? name : `${name} (${unit})`)).join(', ');
  return [
    `${manifest.name} ${manifest.version}, ABI ${manifest.abi}, licence ${manifest.licence}`,
    `module  ${toHex(manifest.sha256)}, ${wasm.length} bytes`,
    `signer  key id ${toHex(signer)}; \`maibo core check --trust\` says whether that is true`,
    `takes   ${takes.signal} in ${takes.unit}, ${takes.channelCount} channel(s), ${takes.rateHzMin} to ${takes.rateHzMax} Hz`,
    `gives   ${fields}`,
    `limits  ${limits.pagesMax} pages of memory, ${limits.callMs} ms a call`,
  ].join('\n');
}

function draftIn(path: string): ManifestDraft {
  const text = new TextDecoder().decode(readPackage(path));
  try {
    const value = JSON.parse(text) as CborValue;
    // Only a map can be a manifest; what stands in it is for the package to judge.
    return { ...(value as object) } as ManifestDraft;
  } catch (cause) {
    throw new MaiboError('input-format', 'the manifest is no JSON', { where: path, cause });
  }
}

function signerIn(path: string) {
  if (!existsSync(path)) throw new MaiboError('input-missing', 'no such key', { where: path });
  return loadOrCreateKey(path, systemEntropy);
}

function hexOf(texts: readonly string[] | undefined, what: string): Uint8Array[] {
  return (texts ?? []).map((text) => {
    if (HASH_HEX.test(text)) return fromHex(text);
    throw new MaiboError('usage', `"${text}" is no ${what}`, { hint: 'give 64 hexadecimal digits' });
  });
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
