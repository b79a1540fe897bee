import { expect, it } from 'vitest';
import { lossyCompression } from './lossy';

const mild = {
  LossyImageCompression: '01',
  LossyImageCompressionRatio: 4,
  LossyImageCompressionMethod: 'ISO_15444_1',
};
const hard = {
  LossyImageCompression: '01',
  LossyImageCompressionRatio: '12.5',
  LossyImageCompressionMethod: 'ISO_10918_1',
};

it.each([
  ['no source says anything', [{}, {}], {}],
  ['no source lost anything', [{ LossyImageCompression: '00' }, {}], {}],
  ['one source is lossy', [{ LossyImageCompression: '00' }, mild], mild],
  ['several are: that which lost most', [mild, hard, mild], hard],
  ['a source does not say how', [{ LossyImageCompression: '01' }], { LossyImageCompression: '01' }],
])('%s', (_, sources, marked) => {
  expect(lossyCompression(sources)).toEqual(marked);
});
