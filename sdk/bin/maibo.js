#!/usr/bin/env node
import { runMaibo } from '../dist/cli/main.js';

// `maibo ... | head`: whoever was reading has seen enough.
process.stdout.on('error', (failure) => {
  if (failure.code !== 'EPIPE') throw failure;
  process.exit(0);
});

process.exitCode = await runMaibo(process.argv.slice(2));
