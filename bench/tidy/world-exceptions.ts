// Where time, chance, disk and network may be touched directly. Everywhere else in run-time code they come in through `World`, so
// that the simulator runs the production code unchanged.

/** Folders whose business is the outside. */
export const OUTSIDE: readonly { readonly under: string; readonly why: string }[] = [
  { under: 'sdk/world/', why: 'the real world itself' },
  { under: 'sdk/link/', why: 'ports and radios' },
  { under: 'sdk/formats/', why: 'reads recordings from files' },
  { under: 'sdk/cli/', why: 'reads and writes the files it is told to' },
  { under: 'sdk/examples/', why: 'shows an application, which has a world of its own' },
  { under: 'sdk/bin/', why: 'starts the command line' },
];

/** Code that builds or tests and never runs at a user's. */
export const WORKSHOP: readonly RegExp[] = [
  /\/codegen\//,
  /\/vectors\//,
  /^firmware-wasm\/(train|embed)\//,
  /^bench\//,
];

export interface Exception {
  readonly path: string;
  /** The names that are used, as the test reports them. */
  readonly uses: readonly string[];
  readonly reason: string;
}

/** Single files outside those folders. */
export const EXCEPTIONS: readonly Exception[] = [
  {
    path: 'simulator/lab/main.ts',
    uses: ['node:fs'],
    reason: 'the main of the lab: makes its output folder and writes the report',
  },
  {
    path: 'simulator/lab/child.ts',
    uses: ['node:child_process', 'setTimeout()'],
    reason: 'starts and ends real processes, and those end in real time',
  },
  {
    path: 'simulator/device/freed-state.ts',
    uses: ['node:fs'],
    reason: 'the flash of a virtual wearable, which must outlive its process',
  },
  {
    path: 'simulator/platform/segment-store.ts',
    uses: ['node:fs/promises'],
    reason: 'the disk of the reference platform, which must outlive its process',
  },
  {
    path: 'simulator/platform/platform.ts',
    uses: ['node:http', 'node:net'],
    reason: 'the HTTP server of the reference platform',
  },
  {
    path: 'simulator/storm/main.ts',
    uses: ['node:fs'],
    reason: 'the main of the storm: keeps the seeds that failed',
  },
  { path: 'simulator/platform/http-body.ts', uses: ['node:http'], reason: 'types of the same server' },
];

/** A ratchet: lower it when an exception goes. Raising it needs a sentence in the commit. */
export const EXCEPTION_COUNT_MAX = 7;
