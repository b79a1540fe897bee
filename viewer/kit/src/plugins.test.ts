import { domainOf, METHODS } from '@modality-synthesis/engine';
import { expect, it } from 'vitest';
import { SHIPPED_BUNDLES } from './plugins';

it('ships the bundles that the extension uses', () => {
  expect(SHIPPED_BUNDLES).toEqual([METHODS[0].bundle, domainOf().region.bundle]);
});
