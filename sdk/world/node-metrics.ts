// What Node says of the process: memory, processor, event loop, garbage, open files.
import { collectDefaultMetrics, Registry } from 'prom-client';

export function createProcessRegistry(): Registry {
  const register = new Registry();
  collectDefaultMetrics({ register });
  return register;
}
