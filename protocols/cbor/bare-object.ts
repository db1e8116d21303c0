// What a decoded map with text keys becomes: an object that inherits nothing, so that a key `__proto__` is only a key.
// V8 keeps an object made by Object.create(null) as a slow dictionary; one whose prototype is an empty object is as quick as any.

import type { CborValue } from './cbor-value.ts';

export const BareObject = function BareObject() {} as unknown as {
  new (): Record<string, CborValue>;
  readonly prototype: object;
};
(BareObject as { prototype: object }).prototype = Object.freeze(Object.create(null));
