import type { PhantomSeries } from '@modality-synthesis/engine/testing/phantomStudy';

/** The only series of a study that costs little; a result of it means nothing. */
export const smallSeries: PhantomSeries = { role: 't1', dims: [45, 55, 24], spacing: [4, 4, 7] };
