import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { jobModel } from './jobModel';

const bundle = fileURLToPath(new URL('../../../models/bundles/ccdm-tiny/', import.meta.url));
const modelOf = (parameters: Record<string, number>) =>
  jobModel({ bundle, targets: [{ id: 't1ce', parameters }], settings: {}, precision: 'fp32' });

it('has no default for a fact of the study', async () => {
  await expect(modelOf({})).rejects.toMatchObject({
    code: 'plan-invalid',
    text: { code: 'options/untold-parameter' },
  });
  const { targets } = await modelOf({ 'given-dose': 10 });
  expect(targets).toEqual([{ id: 't1ce', parameters: { 'given-dose': 10, dose: 100, sample: 0 } }]);
});
