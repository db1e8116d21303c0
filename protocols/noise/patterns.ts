// The three handshakes Maibo Link uses, as token tables (Noise rev 34, sections 7.5 and 9.4). A pattern that is not here does not exist.

export type Token = 'e' | 's' | 'ee' | 'es' | 'se' | 'ss' | 'psk';
export type PatternName = 'XX' | 'KK' | 'IKpsk2';

export interface Pattern {
  readonly name: PatternName;
  readonly protocolName: string;
  /** Whose static key both sides know beforehand, in the order they are hashed. */
  readonly knownInitiator: boolean;
  readonly knownResponder: boolean;
  readonly hasPsk: boolean;
  /** The first message is the initiator's, then in turns. */
  readonly messages: readonly (readonly Token[])[];
  /** Size of each message with an empty payload. Payloads are always empty here, so these are the only sizes there are. */
  readonly messageBytes: readonly number[];
}

export const PATTERNS: Readonly<Record<PatternName, Pattern>> = {
  XX: {
    name: 'XX',
    protocolName: 'Noise_XX_25519_ChaChaPoly_SHA256',
    knownInitiator: false,
    knownResponder: false,
    hasPsk: false,
    messages: [['e'], ['e', 'ee', 's', 'es'], ['s', 'se']],
    messageBytes: [32, 96, 64],
  },
  KK: {
    name: 'KK',
    protocolName: 'Noise_KK_25519_ChaChaPoly_SHA256',
    knownInitiator: true,
    knownResponder: true,
    hasPsk: false,
    messages: [
      ['e', 'es', 'ss'],
      ['e', 'ee', 'se'],
    ],
    messageBytes: [48, 48],
  },
  IKpsk2: {
    name: 'IKpsk2',
    protocolName: 'Noise_IKpsk2_25519_ChaChaPoly_SHA256',
    knownInitiator: false,
    knownResponder: true,
    hasPsk: true,
    messages: [
      ['e', 'es', 's', 'ss'],
      ['e', 'ee', 'se', 'psk'],
    ],
    messageBytes: [96, 48],
  },
};
