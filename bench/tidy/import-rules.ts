// Who may import whom, in one place. The tests beside this file hold the real imports against it.

/** Package folder -> its name and the packages below it. Nobody imports bench; only bench imports simulator. */
export const PACKAGES: Readonly<Record<string, { readonly name: string; readonly mayImport: readonly string[] }>> = {
  protocols: { name: '@maibo/protocols', mayImport: [] },
  'firmware-wasm': { name: '@maibo/cores', mayImport: [] },
  sdk: { name: '@maibo/sdk', mayImport: ['@maibo/protocols', '@maibo/cores'] },
  simulator: { name: '@maibo/simulator', mayImport: ['@maibo/sdk', '@maibo/protocols', '@maibo/cores'] },
  bench: { name: '@maibo/bench', mayImport: ['@maibo/simulator', '@maibo/sdk', '@maibo/protocols', '@maibo/cores'] },
};

/**
 * The order inside sdk, lowest first: a step imports itself and what stands above it in this list, never what stands below.
 * A step is a file or a folder; the longest that fits a path is its step.
 */
export const SDK_ORDER: readonly { readonly step: string; readonly why: string }[] = [
  { step: 'errors.ts', why: 'every step may fail in the one way there is' },
  { step: 'version.ts', why: 'a constant' },
  { step: 'world/world.ts', why: 'interfaces only: everybody asks the world through them' },
  { step: 'world/radio.ts', why: 'interfaces only: the radio' },
  { step: 'link', why: 'chunks, before anybody knows what they mean' },
  { step: 'engine', why: 'runs modules that are not ours; every host of cores may need it' },
  { step: 'stream', why: 'messages become sample blocks' },
  { step: 'device', why: 'a session turns a link into blocks' },
  { step: 'pipeline', why: 'blocks become results' },
  { step: 'evidence', why: 'results become sealed records; verifying runs the pipeline again' },
  { step: 'store', why: 'sealed records become durable' },
  { step: 'platform', why: 'what is durable is sent' },
  { step: 'audit', why: 're-checks a store with all of the above' },
  { step: 'report', why: 'reads a store for people' },
  { step: 'world', why: 'the real world wires what lies above: a store in a file, keys, a clock' },
  { step: 'clinic', why: 'standard health devices, from their characteristics to records' },
  { step: 'gateway', why: 'runs the whole path' },
  { step: 'formats', why: 'reads files; the data path never does' },
  { step: 'analysis', why: 'a file through the cores, without a device' },
  { step: 'doctor', why: 'looks at the machine, and says what to mend' },
  { step: 'cli', why: 'what a person types' },
  { step: 'index.ts', why: 'the door shows everything' },
  { step: 'examples', why: 'users of the door' },
  { step: 'bin', why: 'starts the built command line' },
];

/** Imports against the order, each with its reason. The list may shrink; growing it means drawing the order anew. */
export const SDK_EXCEPTIONS: readonly { readonly from: string; readonly to: string; readonly reason: string }[] = [];

/** AssemblyScript: cores/* -> dsp -> abi. */
export const ASSEMBLY_ORDER: readonly string[] = ['abi', 'dsp', 'cores'];
