#!/usr/bin/env node
// The export's command line as an executable: plain JavaScript that lets tsx read the rest.
import { register } from 'tsx/esm/api';

register();
const { main } = await import('./exportServer.ts');
process.exitCode = await main(process.argv.slice(2), { stdout: process.stdout, stderr: process.stderr });
