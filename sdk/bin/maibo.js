#!/usr/bin/env node
import { runMaibo } from '../dist/cli/main.js';

process.exitCode = await runMaibo(process.argv.slice(2));
