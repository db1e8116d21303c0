// `cbor` in a process of its own, so that it can be started with and without the native addon of cbor-x. Prints one JSON object.

import { measureCbor } from './cbor-measure.ts';

process.stdout.write(JSON.stringify(await measureCbor()));
