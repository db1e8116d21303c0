#!/usr/bin/env node
// Brings the C cryptography that ml_crypto.c calls, and no other: kept libraries, fetched when something is built, never committed.
//
//   node protocols/c/fetch-crypto.mjs        fetches what is missing, checks everything, says where it is
//
// Where packages come from is not written here: cargo and apt are asked, as they are set up on this machine. What they bring is taken
// only if every file has the SHA-256 below, so it does not matter who served it. A library with two ways in comes by the second when the
// first fails. Files go to .crypto/ beside this file (ignored by git), which is checked again at each use.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = join(dirname(fileURLToPath(import.meta.url)), '.crypto');
const COMMAND_MS_MAX = 120_000;

/**
 * A way to a library: what `bring` puts into a folder, and which of its files are taken, as [path in it, our name, SHA-256].
 * @typedef {{ name: string, bring: (into: string) => void, files: readonly (readonly [string, string, string])[] }} Way
 * @typedef {{ name: string, ways: readonly Way[] }} Library
 */

/** @type {readonly Library[]} */
const LIBRARIES = [
  {
    // BSD-2-Clause or CC0-1.0. X25519, ChaCha20-Poly1305, Ed25519.
    name: 'monocypher',
    ways: [
      {
        name: 'cargo: monocypher-sys 4.0.2, with Monocypher 4.0.2',
        bring: (into) => bringCrate(into, 'monocypher-sys', '4.0.2', ['bindgen 0.69.99', 'cc 1.9.9']),
        files: [
          [
            'Monocypher/src/monocypher.c',
            'monocypher.c',
            '02174117935699d418443c75a558a287deb06ef8cf7c1adced61d9047d2f323d',
          ],
          [
            'Monocypher/src/monocypher.h',
            'monocypher.h',
            'fcaf6ed771358bb4f40fba016f6518ae86ec02b1b877d2cc35ad92d3a26fd7b3',
          ],
          [
            'Monocypher/src/optional/monocypher-ed25519.c',
            'monocypher-ed25519.c',
            '97d581639dfa72be08a6d57deb7d79b736be001cb416819cab196d22559d242b',
          ],
          [
            'Monocypher/src/optional/monocypher-ed25519.h',
            'monocypher-ed25519.h',
            '3a3035181f991a158d0e1c7567258f0bae8ba0f1f23c5512b4a1db1b3c9730ce',
          ],
          ['Monocypher/LICENCE.md', 'LICENCE', 'a5781770269d2516e52ba4863f790c10a16da4089a1e81823aee19ff1e9026b0'],
        ],
      },
    ],
  },
  {
    // ISC; the SHA-256 is BSD-2-Clause. SHA-256, HMAC-SHA-256. Nothing that is compiled here changed between the two versions but a fence
    // in a function of 64 bytes and the refusal of a null key.
    name: 'libsodium',
    ways: [
      {
        name: 'cargo: libsodium-sys-stable 1.24.3, with libsodium 1.0.22',
        bring: (into) => {
          bringCrate(into, 'libsodium-sys-stable', '1.24.3', [
            'cc 1.9.9',
            'libc 0.2.999',
            'libflate 2.9.9',
            'minisign-verify 0.2.99',
            'pkg-config 0.3.99',
            'tar 0.4.99',
            'ureq 3.9.9',
            'vcpkg 0.2.99',
            'zip 8.9.9 deflate',
          ]);
          unpack(join(into, 'LATEST.tar.gz'), into);
        },
        files: libsodiumFiles('libsodium-stable', {
          'hash_sha256_cp.c': '6bf28c4633eea0ad9c6cf7aafb078fab63d52199a718b5b2311ff5935bfad1fb',
          'auth_hmacsha256.c': 'b85f3421505b2151222704c0d6e9eeaef6a036e41fe040e554b8efad6974360c',
          'crypto_auth_hmacsha256.h': '634f263b6bdb1c58b6b04172a1cec7cb9e114030227e3df36901240101a4f866',
          'crypto_hash_sha256.h': 'cdbed462d0edb03afe0a1a34c62fdc45d0728a68a01a121b69b081e016d72f68',
          'randombytes.h': 'a53f6a47df2c7792f8762fd4ab0671e167e22fc60ad0307e7abd63f65217bc6d',
          'utils.h': 'c9a2e873da8d4c5fdfd004a821a2ec0550160d8b0bebd67517d53fe29d7269a8',
          'common.h': '82907ab4d9beb29c632fe55522635bdfd79ab3939a7776c73214d9cde81c4578',
          LICENSE: '508a76d186356c0dd807a670ef510964f8724557024796a2c426c6c0e19ab683',
        }),
      },
      {
        name: 'apt: source of libsodium 1.0.18',
        bring: (into) => bringDebianSource(into, 'libsodium'),
        files: libsodiumFiles('libsodium-1.0.18', {
          'hash_sha256_cp.c': '1835e9e6e071d2d82a80d33359f3c90ab3a24bfd633e96f1b1536e3780838ee4',
          'auth_hmacsha256.c': 'b4074f8ee81ad6a3fe98ae144ecd6c68f61706ae297c2f78470c519a162fd9cd',
          'crypto_auth_hmacsha256.h': 'c4de9221fb19f47478680839d3c5157363c8806c8c36b9a3ffa624a6500fff0c',
          'crypto_hash_sha256.h': '121d63b8749770b67b45eac983c5d602b9ca5d6dda02c11b88cdf888f17914ab',
          'randombytes.h': '41bf6745f8343b39a48861e9128bbff39ddd7f784d3e8c59a8fcbc55c6511c05',
          'utils.h': '9e1edab33653155e3d4773963234b9eb0af9b1983b1ef3dc1f248c46e44dcae1',
          'common.h': 'aab3513a1486fa2b32187a8431a80144c5053549188af4a620913840ae34a9f9',
          LICENSE: 'dea1855c9809f3faf22aa4a1fba20ec8af5a5587f23115012e5b98279cedc4af',
        }),
      },
    ],
  },
];

/**
 * Where the libraries are, for a compiler. Fetches what is not there. Throws an error of one sentence, with a hint, if that cannot be.
 * @returns {import('./fetch-crypto.mjs').FetchedCrypto}
 */
export function fetchCrypto() {
  const ways = LIBRARIES.map(fetchLibrary);
  const sources = ways.flatMap(({ folder, files }) =>
    files.filter(([, name]) => name.endsWith('.c')).map(([, name]) => join(folder, name)),
  );
  return {
    sources,
    includes: ways.map(({ folder }) => folder),
    // What libsodium's own build defines before it takes its word that somebody thought about it.
    defines: ['-DCONFIGURED=1'],
    ways: ways.map(({ name }) => name),
    licences: ways.map(({ folder }) => join(folder, 'LICENCE')),
  };
}

/** @param {Library} library */
function fetchLibrary(library) {
  const folder = join(FOLDER, library.name);
  const here = library.ways.find((way) => isWhole(folder, way));
  if (here !== undefined) return { folder, ...here };
  /** @type {string[]} */
  const reasons = [];
  for (const way of library.ways) {
    try {
      install(way, folder);
      return { folder, ...way };
    } catch (error) {
      reasons.push(`${way.name}: ${error instanceof Error ? error.message : error}`);
    }
  }
  throw new Error(
    `The C library ${library.name} could not be fetched (${reasons.join('; ')}). Hint: cargo, or apt with its sources, must reach its ` +
      `registry; or put the files named in protocols/c/fetch-crypto.mjs into ${folder} by hand.`,
  );
}

/** @param {string} folder @param {Way} way */
function isWhole(folder, way) {
  return way.files.every(([, name, hash]) => existsSync(join(folder, name)) && sha256(join(folder, name)) === hash);
}

/** In a folder beside, then renamed: whoever looks meanwhile sees all of it or nothing. @param {Way} way @param {string} folder */
function install(way, folder) {
  mkdirSync(FOLDER, { recursive: true });
  const work = mkdtempSync(join(FOLDER, 'fetching-'));
  try {
    const brought = join(work, 'brought');
    const taken = join(work, 'taken');
    mkdirSync(brought);
    way.bring(brought);
    for (const [from, name, hash] of way.files) take(join(brought, from), join(taken, name), hash);
    // What is there and whole was another process's, which was faster and may be compiling it.
    if (existsSync(folder) && !isWhole(folder, way)) rmSync(folder, { recursive: true });
    if (!existsSync(folder)) renameSync(taken, folder);
  } catch (error) {
    if (!isWhole(folder, way)) throw error;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** @param {string} from @param {string} to @param {string} hash */
function take(from, to, hash) {
  if (!existsSync(from)) throw new Error(`${basename(from)} is not in it`);
  const found = sha256(from);
  if (found !== hash) throw new Error(`${basename(from)} has SHA-256 ${found}, expected ${hash}`);
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
}

/** @param {string} path */
function sha256(path) {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

/**
 * What libsodium's SHA-256 and HMAC consist of. Those headers that never change are named here.
 * @param {string} root @param {Readonly<Record<string, string>>} hashes
 * @returns {(readonly [string, string, string])[]}
 */
function libsodiumFiles(root, hashes) {
  const all = {
    'core.h': '692c9a03eb49591a3ccacbef293f473c619cc86ef5dd4776a6e2e4321426fb07',
    'crypto_verify_32.h': '6ea1ea855b691a2b08510afe74f893d4ff44e40b14501d774d1a73dd79ad4e73',
    'export.h': 'acc6ee537f831d535b0607be90f05150103765b7ca82170fd61a85bd5e6f73ff',
    ...hashes,
  };
  return Object.entries(all).map(([name, hash]) => {
    if (name === 'LICENSE') return [`${root}/LICENSE`, 'LICENCE', hash];
    const folder = `${root}/src/libsodium`;
    if (name === 'hash_sha256_cp.c') return [`${folder}/crypto_hash/sha256/cp/${name}`, name, hash];
    if (name === 'auth_hmacsha256.c') return [`${folder}/crypto_auth/hmacsha256/${name}`, name, hash];
    if (name === 'common.h') return [`${folder}/include/sodium/private/${name}`, `private/${name}`, hash];
    return [`${folder}/include/sodium/${name}`, name, hash];
  });
}

/**
 * One crate's files, unpacked. Nothing of it is built, so empty crates stand for those it builds with (`name version feature...`), and
 * cargo fetches this one only.
 * @param {string} into @param {string} crate @param {string} version @param {readonly string[]} stubs
 */
function bringCrate(into, crate, version, stubs) {
  const work = join(into, 'cargo');
  writeCrate(work, 'fetch', '0.0.0', []);
  const patches = stubs.map((stub) => {
    const [name, stubVersion, ...features] = /** @type {[string, string, ...string[]]} */ (stub.split(' '));
    writeCrate(join(work, name), name, stubVersion, features);
    return `${name} = { path = "${name}" }`;
  });
  const manifest = join(work, 'Cargo.toml');
  const wants = [`[dependencies]`, `${crate} = "=${version}"`, `[patch.crates-io]`, ...patches, '[workspace]'];
  writeFileSync(manifest, `${readFileSync(manifest, 'utf8')}${wants.join('\n')}\n`);
  run('cargo', ['vendor', '--quiet', '--manifest-path', manifest, join(work, 'vendor')], work);
  renameAll(join(work, 'vendor', crate), into);
}

/** @param {string} folder @param {string} name @param {string} version @param {readonly string[]} features */
function writeCrate(folder, name, version, features) {
  mkdirSync(join(folder, 'src'), { recursive: true });
  writeFileSync(join(folder, 'src', 'lib.rs'), '');
  const named = features.map((feature) => `${feature} = []\n`).join('');
  const text = `[package]\nname = "${name}"\nversion = "${version}"\nedition = "2018"\n[features]\n${named}`;
  writeFileSync(join(folder, 'Cargo.toml'), text);
}

/**
 * A Debian package's source. Machines seldom list sources, so apt is given its own list again, asking for them, in a folder of ours.
 * @param {string} into @param {string} name
 */
function bringDebianSource(into, name) {
  const parts = join(into, 'parts');
  mkdirSync(parts);
  mkdirSync(join(into, 'lists', 'partial'), { recursive: true });
  const etc = '/etc/apt';
  const own = existsSync(join(etc, 'sources.list.d')) ? readdirSync(join(etc, 'sources.list.d')) : [];
  for (const list of ['sources.list', ...own.map((file) => join('sources.list.d', file))]) {
    if (!/\.(list|sources)$/.test(list) || !existsSync(join(etc, list))) continue;
    const text = readFileSync(join(etc, list), 'utf8');
    writeFileSync(
      join(parts, basename(list)),
      text.replace(/^deb /gm, 'deb-src ').replace(/^Types:.*$/gm, 'Types: deb-src'),
    );
  }
  const settings = {
    'Dir::Etc::SourceList': '/dev/null',
    'Dir::Etc::SourceParts': parts,
    'Dir::State::Lists': join(into, 'lists'),
    'APT::Sandbox::User': 'root',
  };
  const options = Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
  run('apt-get', ['-qq', ...options, 'update'], into);
  run('apt-get', ['-qq', ...options, '--download-only', 'source', name], into);
  const archive = readdirSync(into).find((file) => /\.orig\.tar\.gz$/.test(file));
  if (archive === undefined) throw new Error('apt-get source brought no .orig.tar.gz');
  unpack(join(into, archive), into);
}

/** @param {string} archive @param {string} into */
function unpack(archive, into) {
  run('tar', ['-xzf', archive, '-C', into, '--no-same-owner'], into);
}

/** @param {string} from @param {string} to */
function renameAll(from, to) {
  for (const name of readdirSync(from)) renameSync(join(from, name), join(to, name));
}

/** @param {string} program @param {readonly string[]} args @param {string} cwd */
function run(program, args, cwd) {
  const done = spawnSync(program, args, { cwd, timeout: COMMAND_MS_MAX, encoding: 'utf8' });
  if (done.status === 0) return;
  if (done.error) throw new Error(`${program} does not run: ${done.error.message}`);
  const said = done.stderr.trim().split('\n').slice(-1)[0];
  throw new Error(`${program} ${args[0]} ended with ${done.status ?? done.signal}: ${said}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    for (const way of fetchCrypto().ways) console.log(`${FOLDER}: ${way}`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
