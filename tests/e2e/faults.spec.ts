import { FAULTS } from './support/faults';
import { meet, openForFaults, STAGES } from './support/meetFault';
import { test } from './support/test';

test('whatever goes wrong under way: a right result or one sentence, and the next job works', async ({
  viewer,
  phantom,
}) => {
  test.setTimeout(600_000);
  const open = await openForFaults(viewer, await phantom());
  for (const fault of FAULTS)
    if (fault.quick) await test.step(fault.name, () => meet(open, fault, fault.quick!));
});

for (const fault of FAULTS) {
  test(`at each stage, three times: ${fault.name} @long`, async ({ viewer, phantom }) => {
    test.setTimeout(3_600_000);
    const open = await openForFaults(viewer, await phantom());
    for (const stage of fault.stages ?? STAGES)
      for (let round = 1; round <= 3; round++)
        await test.step(`${stage}, ${round}`, () => meet(open, fault, stage));
  });
}
