// `await using` for what has a `close` and no more: a link, a store file.

/**
 * The same object, closed when the block ends in which it was declared.
 * @example
 * await using link = closing(await openSerialLink({ path: '/dev/ttyACM0' }));
 */
export function closing<T extends object & { close(): void | Promise<void> }>(closable: T): T & AsyncDisposable {
  return Object.assign(closable, { [Symbol.asyncDispose]: async () => closable.close() });
}
