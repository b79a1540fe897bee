import fc from 'fast-check';

/** How many cases every property is tried on: `npm run test:full` sets FULL. */
fc.configureGlobal({ numRuns: process.env.FULL ? 10_000 : 200 });
