export interface Access {
  readonly kind: 'load' | 'store';
  /** f32_load, i64_store16 */
  readonly verb: string;
  /** The variable that is loaded into, or stored. */
  readonly value: string;
  readonly base: string;
  /** Bytes from the base on: the first, and one past the last. */
  readonly from: number;
  readonly to: number;
}

/** 'none'; 'own': by itself, among the constants too; or a range from its base on, all in the storage. */
export type Check = 'none' | 'own' | { readonly from: number; readonly to: number };

export declare function readAccess(line: string): Access | null;

export declare function planChecks(lines: readonly string[], areConstantsApart: boolean): Map<number, Check>;
