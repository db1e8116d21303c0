// The AssemblyScript compiler, with the few types that are used here. Its own declarations bring AssemblyScript's globals
// along (a `console` without `error`, numbers called i32) and would change what every other file of this package sees.

interface AscHost {
  stdout: { write: (chunk: string | Uint8Array) => void };
  stderr: { write: (chunk: string | Uint8Array) => void };
  readFile: (file: string, baseDir: string) => string | null;
  writeFile: (file: string, contents: string | Uint8Array) => void;
  listFiles: () => null;
}

interface Asc {
  version: string;
  main(args: string[], host: AscHost): Promise<{ error: Error | null }>;
}

// A computed name, so that the compiler of this file does not follow it to the declarations.
const MODULE: string = 'assemblyscript/asc';

export async function loadAsc(): Promise<Asc> {
  return (await import(MODULE)) as Asc;
}
