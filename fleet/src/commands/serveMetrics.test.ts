import { expect, it } from 'vitest';
import { metricsText } from './serveMetrics';

it('counts every study that nobody has begun as waiting', async () => {
  const counts = { waiting: 1, prioritized: 20, delayed: 3, active: 4, completed: 5, failed: 6, paused: 0 };
  expect(
    await metricsText({ getJobCounts: async () => counts }),
  ).toBe(`# TYPE modality_synthesis_studies gauge
modality_synthesis_studies{state="waiting"} 24
modality_synthesis_studies{state="active"} 4
modality_synthesis_studies{state="completed"} 5
modality_synthesis_studies{state="failed"} 6
`);
});
