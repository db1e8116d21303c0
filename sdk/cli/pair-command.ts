// maibo pair DEVICE [--name label] [--data folder]: makes this machine and a device know each other, and prints what gateway.toml needs.
import { join } from 'node:path';
import type { Command } from 'commander';
import { recogniseClinicDevice } from '../clinic/clinic-kinds.ts';
import { DeviceSession } from '../device/device-session.ts';
import { MaiboError } from '../errors.ts';
import { toHex } from '../evidence/record-types.ts';
import { openBleLink } from '../link/ble-link.ts';
import { loadOrCreateLinkKey } from '../world/node-keys.ts';
import type { Advertisement, PairingQuestion, Radio } from '../world/radio.ts';
import type { Link } from '../world/world.ts';
import { hear, targetOf } from './find-device.ts';
import { isMaibo } from './known-services.ts';
import { nodeSurroundings } from './node-surroundings.ts';
import { deviceBlock, keepPaired } from './paired-devices.ts';
import type { Surroundings } from './surroundings.ts';
import { Voice } from './voice.ts';

interface Options {
  readonly name?: string;
  readonly data: string;
}

interface Pairing {
  readonly surroundings: Surroundings;
  readonly voice: Voice;
  readonly options: Options;
  readonly signal: AbortSignal;
}

const LABEL = /^[\w.-]{1,64}$/;

export function addPair(
  program: Command,
  finish: (code: number) => void,
  surroundings: Surroundings = nodeSurroundings,
): void {
  program
    .command('pair')
    .description('pair with a Maibo device or a clinic device, and print what gateway.toml needs')
    .argument('<device>', 'its address or name on the air, or a serial port')
    .option('--name <label>', 'a pseudonym for it in logs; never the name of a person')
    .option('--data <folder>', 'where the keys of this machine are: the data folder of the gateway', 'maibo-data')
    .action(async (wanted: string, options: Options) => {
      if (options.name !== undefined && !LABEL.test(options.name))
        throw new MaiboError('usage', `"${options.name}" is no label`, { hint: 'use letters, digits, "-", "_", "."' });
      const voice = new Voice();
      const { signal, forget } = surroundings.interrupts();
      try {
        await pair(wanted, { surroundings, voice, options, signal });
        finish(0);
      } catch (failure) {
        if (!signal.aborted) throw failure;
        voice.remark('not paired');
        finish(1);
      } finally {
        forget();
        voice.done();
      }
    });
}

async function pair(wanted: string, pairing: Pairing): Promise<void> {
  const { surroundings, voice, signal } = pairing;
  const target = await targetOf(wanted, surroundings);
  if (target.kind === 'port') {
    return pairMaibo(await surroundings.openPort(target.path, signal), null, pairing);
  }
  await using radio = await surroundings.openRadio(signal);
  const heard = await hear(target.wanted, radio, surroundings, voice, signal);
  if (!isMaibo(heard.services)) return await pairClinic(heard, radio, pairing);
  voice.progress(`connecting to ${heard.name ?? heard.address} …`);
  return await pairMaibo(await openBleLink(radio, heard.address, { signal }), heard.address, pairing);
}

/** By six digits that a person compares; from then on each knows the other's key. */
async function pairMaibo(link: Link, address: string | null, { surroundings, voice, options, signal }: Pairing) {
  const keys = loadOrCreateLinkKey(join(options.data, 'gateway-link.key'), surroundings.entropy);
  voice.progress('open pairing at the device (its maker says how) …');
  await using session = await DeviceSession.open(link, surroundings, {
    keys,
    trust: { devices: [], label: null, isPairing: true },
    signal,
    compareDigits: async (digits, gone) => {
      voice.done();
      const shown = `${digits.slice(0, 3)} ${digits.slice(3)}`;
      return isYes(await surroundings.ask(`Does the device show ${shown}? [y/n] `, gone));
    },
  });
  const key = toHex(session.deviceKey);
  const device = { key, name: options.name ?? `device-${key.slice(0, 4)}`, address };
  keepPaired(options.data, device);
  voice.remark(`paired; kept in ${options.data}. For gateway.toml:`);
  voice.line(deviceBlock(device).trimEnd());
}

/** By the radio's own bond, where the device asks for one. */
async function pairClinic(heard: Advertisement, radio: Radio, { surroundings, voice, options, signal }: Pairing) {
  const kinds = recogniseClinicDevice(heard).map(({ name }) => name);
  if (kinds.length === 0) {
    const hint = '`maibo scan` lists the kinds that this SDK speaks with';
    throw new MaiboError('device-unknown', 'the device offers nothing that is known here', {
      ...{ where: heard.address, hint },
    });
  }
  voice.progress(`pairing with ${heard.name ?? heard.address}: put it into pairing mode …`);
  const answer = (question: PairingQuestion) => ask(question, surroundings, voice, signal);
  await radio.pair(heard.address, { signal, answer });
  const list = kinds.map((kind) => `"${kind}"`).join(', ');
  voice.remark('paired. For gateway.toml:');
  const name = options.name === undefined ? '' : `name = "${options.name}"\n`;
  voice.line(`[[clinic]]\naddress = "${heard.address}"\n${name}kinds = [${list}]`);
}

async function ask(
  question: PairingQuestion,
  surroundings: Surroundings,
  voice: Voice,
  signal: AbortSignal,
): Promise<boolean | string | null> {
  voice.done();
  if (question.kind === 'allow') return true;
  if (question.kind === 'show') {
    voice.remark(`Type ${question.digits} at the device.`);
    return true;
  }
  if (question.kind === 'enter') return surroundings.ask('Which number does the device show? ', signal);
  return isYes(await surroundings.ask(`Does the device show ${question.digits}? [y/n] `, signal));
}

function isYes(answer: string | null): boolean {
  return /^(y|yes|j|ja|是)$/i.test(answer?.trim() ?? '');
}
