/** Where the libraries are, for a compiler. */
export interface FetchedCrypto {
  /** Theirs: they meet their own style of warnings, not ours. */
  readonly sources: string[];
  /** For them and for ml_crypto.c. */
  readonly includes: string[];
  /** For them. */
  readonly defines: string[];
  /** How each came, for people. */
  readonly ways: string[];
  /** Their licences, to go with what is built. */
  readonly licences: string[];
}

/** Fetches what is not there and checks everything; throws an error of one sentence, with a hint, if that cannot be. */
export declare function fetchCrypto(): FetchedCrypto;
