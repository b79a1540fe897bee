#!/usr/bin/env node
// Firefox for Playwright as an executable: plain JavaScript that lets tsx read the rest.
import { register } from 'tsx/esm/api';

register();
const { main } = await import('./main.ts');
process.exit(await main(process.argv.slice(2)));
