// The person's side of pairing: BlueZ calls an object of ours (org.bluez.Agent1) with what it wants to know. It serves one device, while
// that is being paired; everybody else is turned away.
import type { Message } from '@jellybrick/dbus-next';
import type { PairingQuestion } from '../../world/radio.ts';
import { AGENT } from './bluez-names.ts';
import type { BluezService } from './bluez-service.ts';

const REJECTED = 'org.bluez.Error.Rejected';
const PASSKEY_MAX = 999_999;
const PIN_CHARS_MAX = 16; // legacy PIN (doc/org.bluez.Agent.rst)

type Answer = (question: PairingQuestion) => Promise<boolean | string | null>;

export interface AgentOptions {
  readonly agentPath: string;
  readonly devicePath: string;
  readonly answer: Answer;
  /** A person said no where BlueZ does not wait for an answer. */
  onNo(): void;
}

/** Serves until the returned function is called. */
export function servePairing(service: BluezService, options: AgentOptions): () => void {
  return service.bus.serve((call) => {
    if (call.path !== options.agentPath || call.interface !== AGENT) return false;
    if (call.sender !== service.owner) service.bus.refuse(call, REJECTED, 'not the Bluetooth service');
    else void answerCall(service, options, call);
    return true;
  });
}

async function answerCall(service: BluezService, options: AgentOptions, call: Message): Promise<void> {
  if (call.member === 'Release' || call.member === 'Cancel') {
    service.bus.answer(call);
    return;
  }
  try {
    const [device, ...rest] = call.body;
    if (device !== options.devicePath) throw new Error('not the device that is being paired');
    const [signature, body] = await replyTo(options, call.member, rest);
    service.bus.answer(call, signature, body);
  } catch (failure) {
    service.bus.refuse(call, REJECTED, failure instanceof Error ? failure.message : 'no');
  }
}

type Reply = readonly [signature: string, body: unknown[]];
const YES: Reply = ['', []];

async function replyTo(options: AgentOptions, member: string, rest: readonly unknown[]): Promise<Reply> {
  const { answer } = options;
  switch (member) {
    case 'RequestConfirmation':
      return yes(await answer({ kind: 'confirm', digits: sixDigits(rest[0]) }));
    case 'RequestAuthorization':
      return yes(await answer({ kind: 'allow' }));
    case 'AuthorizeService': // of the device that a person is pairing right now
      return YES;
    case 'RequestPasskey':
      return ['u', [passkey(await answer({ kind: 'enter' }))]];
    case 'RequestPinCode':
      return ['s', [pinCode(await answer({ kind: 'enter' }))]];
    case 'DisplayPinCode':
      show(options, String(rest[0]).slice(0, PIN_CHARS_MAX));
      return YES;
    case 'DisplayPasskey': // again with each key pressed at the device
      if (rest[1] === 0) show(options, sixDigits(rest[0]));
      return YES;
    default:
      throw new Error(`unknown method ${member}`);
  }
}

/** BlueZ goes on at once; only a no has a consequence. */
function show({ answer, onNo }: AgentOptions, digits: string): void {
  answer({ kind: 'show', digits }).then(
    (said) => {
      if (said === false || said === null) onNo();
    },
    () => onNo(),
  );
}

function yes(said: boolean | string | null): Reply {
  if (said === null || said === false) throw new Error('a person said no');
  return YES;
}

function passkey(said: boolean | string | null): number {
  if (typeof said !== 'string' || !/^\d{1,6}$/.test(said)) throw new Error('no passkey of up to six digits');
  return Math.min(Number(said), PASSKEY_MAX);
}

function pinCode(said: boolean | string | null): string {
  if (typeof said !== 'string' || said.length === 0 || said.length > PIN_CHARS_MAX) throw new Error('no PIN');
  return said;
}

/** 42 is "000042". */
function sixDigits(passkeyNumber: unknown): string {
  return String(passkeyNumber).padStart(6, '0').slice(0, 6);
}
