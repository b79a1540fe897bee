#!/usr/bin/env node
// The fleet's command line: plain JavaScript that lets tsx read the rest.
import { register } from 'tsx/esm/api';

register();
const { main } = await import('./src/cli.ts');
process.exitCode = await main(process.argv.slice(2));
