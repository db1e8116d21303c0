// Log lines as JSON, one a line, through pino: for journald or whatever keeps the output.
import { type DestinationStream, destination, type Level, pino } from 'pino';

type Fields = Readonly<Record<string, string | number | boolean | null>>;

export interface ProcessLog {
  debug(fields: Fields, message: string): void;
  info(fields: Fields, message: string): void;
  warn(fields: Fields, message: string): void;
  error(fields: Fields, message: string): void;
  /** Hands on what waits; call it before the process ends. */
  flush(): void;
}

/** When nobody reads the output so much is kept, and what comes then is dropped: a log must not stop the work, nor fill the memory. */
const WAITING_BYTES_MAX = 1024 * 1024;
const STANDARD_OUTPUT = 1;

/** `name` goes with every line; `output` is standard output, unless given. */
export function createProcessLog(level: Level, name: string | null, output?: DestinationStream): ProcessLog {
  const file =
    output === undefined ? destination({ dest: STANDARD_OUTPUT, sync: false, maxLength: WAITING_BYTES_MAX }) : null;
  file?.on('error', () => undefined); // whoever read it has gone
  const log = pino(
    {
      level,
      base: name === null ? null : { gateway: name },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    output ?? file!,
  );
  return {
    debug: (fields, message) => log.debug(fields, message),
    info: (fields, message) => log.info(fields, message),
    warn: (fields, message) => log.warn(fields, message),
    error: (fields, message) => log.error(fields, message),
    flush: () => {
      // It throws when its file is not open yet, or not any more.
      try {
        file?.flushSync();
      } catch {}
    },
  };
}
