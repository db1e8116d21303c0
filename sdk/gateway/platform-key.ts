/** The platform whose receipts this gateway trusts. */
export interface PlatformKey {
  readonly keyId: Uint8Array;
  readonly publicKey: Uint8Array;
}
