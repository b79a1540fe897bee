import fc from 'fast-check';

/** Cases per property: `npm run test:full` sets FULL. */
fc.configureGlobal({ numRuns: process.env.FULL ? 10_000 : 200 });
