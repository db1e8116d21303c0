export interface KnownInput {
  readonly elements: Uint8Array;
  readonly repeats: number;
  readonly pushCount: number;
  readonly clockStepS: number;
}

export declare const SETTINGS: Readonly<Record<string, Readonly<Record<string, number>>>>;
export declare function knownSettings(
  core: string,
  settings: Readonly<Record<string, number>>,
): Readonly<Record<string, number>>;
export declare function knownInput(core: string): KnownInput;
