#!/usr/bin/env node
// The command line as an executable: plain JavaScript that lets tsx read the rest.
import { register } from 'tsx/esm/api';

register();
const { main } = await import('./cli.ts');

const controller = new AbortController();
// `on`, not `once`: npm passes a Ctrl-C on that the terminal has sent already, and the second must not cut
// the tidying short.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => controller.abort());
const { stdout, stderr } = process;
process.exitCode = await main(process.argv.slice(2), { stdout, stderr, signal: controller.signal });
