// One cipher state per channel of one direction: messages of different channels are complete in another order than they were sealed,
// within a channel never.

import { CipherState } from '../noise/cipher-state.ts';
import { assertBytes, type CryptoSuite, concatBytes, KEY_BYTES } from '../noise/crypto-suite.ts';
import { CHANNEL_COUNT, REKEY_MESSAGES } from './session-types.ts';

const LABEL = new TextEncoder().encode('maibo link 2 channel');

/** HKDF-Expand (RFC 5869) of the direction's key: 32 bytes, info = label || channel. */
export function channelKeyOf(suite: CryptoSuite, directionKey: Uint8Array, channel: number): Uint8Array {
  return suite.hmacSha256(directionKey, concatBytes(LABEL, Uint8Array.of(channel, 1)));
}

export class ChannelCiphers {
  readonly #channels: readonly CipherState[];

  /** Derives all channels at once and overwrites `directionKey`: kept, it would undo every rekey. */
  constructor(suite: CryptoSuite, directionKey: Uint8Array) {
    assertBytes('direction key', directionKey, KEY_BYTES);
    this.#channels = Array.from(
      { length: CHANNEL_COUNT },
      (_, channel) => new CipherState(suite, channelKeyOf(suite, directionKey, channel)),
    );
    directionKey.fill(0);
  }

  seal(channel: number, plain: Uint8Array): Uint8Array {
    return this.#next(channel).encryptWithAd(Uint8Array.of(channel), plain);
  }

  /** Null when it does not open; the session then ends. */
  open(channel: number, sealed: Uint8Array): Uint8Array | null {
    return this.#next(channel).decryptWithAd(Uint8Array.of(channel), sealed);
  }

  forget(): void {
    for (const cipher of this.#channels) cipher.forget();
  }

  /** Both sides count alike, so both rekey before the same message. */
  #next(channel: number): CipherState {
    const cipher = this.#channels[channel];
    if (cipher === undefined) throw new TypeError(`channel ${channel}, expected 0..${CHANNEL_COUNT - 1}`);
    if (cipher.messageCount > 0 && cipher.messageCount % REKEY_MESSAGES === 0) cipher.rekey();
    return cipher;
  }
}
