// maibo core pack | show | check: packages of a maker's own core. Exit code 1 when a package does not hold or a core does not keep its promises.
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import type { CborValue } from '@maibo/protocols';
import type { Command } from 'commander';
import { allowPackage } from '../engine/allow-list.ts';
import { checkCore } from '../engine/check-core.ts';
import { type CorePackage, type ManifestDraft, openCorePackage, packCore } from '../engine/core-package.ts';
import { PACKAGE_BYTES_MAX } from '../engine/core-seal.ts';
import { ThreadEngine } from '../engine/thread-engine.ts';
import { isMaiboError, MaiboError } from '../errors.ts';
import { fromHex, toHex } from '../evidence/record-types.ts';
import { systemEntropy } from '../world/node-clock.ts';
import { loadOrCreateKey } from '../world/node-keys.ts';

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
      const packed = packCore(draftIn(options.manifest), readSmall(module), key);
      if (!packed.ok) throw new MaiboError('input-format', packed.fault.detail, { where: options.manifest });
      writeFileSync(options.out, packed.value);
      const opened = openWhole(options.out, packed.value);
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
      const shown = openWhole(path, readSmall(path));
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
    .action((path: string, options: { trust?: string[]; allow?: string[] }) => {
      const allowed = { signers: hexOf(options.trust, 'public key'), hashes: hexOf(options.allow, 'SHA-256') };
      const opened = openWhole(path, readSmall(path));
      finish(checkOne(path, opened, allowed) ? 0 : 1);
    });
}

function checkOne(path: string, opened: CorePackage, allowed: Parameters<typeof allowPackage>[1]): boolean {
  const engine = new ThreadEngine();
  try {
    say(`ok      allowed by its ${allowPackage(opened, allowed)}`);
    const checks = checkCore(opened, engine);
    for (const { what, fault } of checks) say(fault === null ? `ok      ${what}` : `FAILED  ${what}: ${fault}`);
    const isGood = checks.every(({ fault }) => fault === null);
    say(isGood ? `OK  ${path} holds` : `${path} does not hold`);
    return isGood;
  } catch (failure) {
    if (!isMaiboError(failure, 'core-refused')) throw failure;
    say(`FAILED  ${failure.toLine()}`);
    return false;
  } finally {
    engine.close();
  }
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

function openWhole(path: string, bytes: Uint8Array): CorePackage {
  const opened = openCorePackage(bytes);
  if (opened.ok) return opened.value;
  throw new MaiboError('input-format', `no core package: ${opened.fault.detail}`, { where: path });
}

function draftIn(path: string): ManifestDraft {
  const text = new TextDecoder().decode(readSmall(path));
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

function readSmall(path: string): Uint8Array {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined || !stats.isFile()) throw new MaiboError('input-missing', 'no such file', { where: path });
  if (stats.size > PACKAGE_BYTES_MAX) {
    throw new MaiboError('input-format', `longer than ${PACKAGE_BYTES_MAX} bytes`, { where: path });
  }
  return new Uint8Array(readFileSync(path));
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
