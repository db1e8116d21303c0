// maibo gateway --config gateway.toml: the long-running box, until it is told to stop.
import type { Command } from 'commander';
import { describeGatewayConfig, loadGatewayConfig } from '../gateway/config.ts';
import { runGatewayProcess } from './gateway-process.ts';

interface Options {
  readonly config: string;
  readonly check?: boolean;
}

export function addGateway(program: Command, finish: (code: number) => void): void {
  program
    .command('gateway')
    .description('collect from every device that is allowed, store, verify, forward: until it is stopped')
    .requiredOption('--config <file>', 'gateway.toml')
    .option('--check', 'check the configuration, say what it would do, and end')
    .action(async (options: Options) => {
      const config = loadGatewayConfig(options.config);
      if (options.check) process.stdout.write(`${describeGatewayConfig(config).join('\n')}\n`);
      else finish(await runGatewayProcess(config));
    });
}
