#!/usr/bin/env node
// Lays out an Arduino library: one flat src/, as its builder wants it, and the example.
//
//   node firmware-wasm/wearable/arduino/make.mjs --out MaiboLink [--core ecg --core rr]
//
// Needs npm's wabt, and what protocols/c/fetch-crypto.mjs fetches.

import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { fetchCrypto } from '../../../protocols/c/fetch-crypto.mjs';
import { build as buildCores } from '../../embed/build.mjs';

const ARDUINO = dirname(fileURLToPath(import.meta.url));
const LINK = join(ARDUINO, '..', '..', '..', 'protocols', 'c');
const LOG = join(ARDUINO, '..', 'log');

const UMBRELLA = `/* Written by make.mjs. */
#ifndef MAIBO_LINK_H
#define MAIBO_LINK_H

#include "fl_log.h"
#include "maibo_config.h"
#include "ml_message.h"
#include "ml_wire.h"

#endif
`;

/** @param {string} folder @param {string} out */
function copySources(folder, out) {
  for (const file of readdirSync(folder)) if (/\.[ch]$/.test(file)) copyFileSync(join(folder, file), join(out, file));
}

/** A library with the folders that its headers lie in; its licence goes with it. @param {string} folder @param {string} out */
function copyLibrary(folder, out) {
  cpSync(folder, out, { recursive: true, filter: (path) => basename(path) !== 'LICENCE' });
  copyFileSync(join(folder, 'LICENCE'), join(out, `LICENCE-${basename(folder)}`));
}

/** @param {string} out @param {readonly string[]} cores */
export function make(out, cores) {
  const sources = join(out, 'src');
  mkdirSync(sources, { recursive: true });
  const said = buildCores([...cores.flatMap((core) => ['--core', core]), '--out', sources]);
  for (const folder of [LINK, LOG]) copySources(folder, sources);
  for (const folder of fetchCrypto().includes) copyLibrary(folder, sources);
  writeFileSync(join(sources, 'MaiboLink.h'), UMBRELLA);
  copyFileSync(join(ARDUINO, 'library.properties'), join(out, 'library.properties'));
  cpSync(join(ARDUINO, 'examples'), join(out, 'examples'), { recursive: true });
  return `${said}\n${relative(process.cwd(), out) || out}: put it into the sketchbook's folder libraries`;
}

if (
  process.argv[1] !== undefined &&
  existsSync(process.argv[1]) &&
  fileURLToPath(import.meta.url) === process.argv[1]
) {
  try {
    const options = /** @type {const} */ ({
      out: { type: 'string' },
      core: { type: 'string', multiple: true, default: ['ecg'] },
    });
    const { values } = parseArgs({ options });
    if (!values.out) throw new Error('node make.mjs --out FOLDER [--core NAME ...]');
    console.log(make(values.out, values.core));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
