import { describe, expect, it } from 'vitest';
import type { InputDistribution } from '../bundle/inputDistribution';
import { inputDistributionSchema } from '../bundle/inputDistribution';
import type { RoleId } from '../domains/Role';
import type { InputFeatures } from './InputFeatures';
import { likelierRoles, outliers } from './outliers';

/** Two features whose errors are independent; a distance of 3 is the largest usual one. */
const around = (bright: number, noise: number): InputDistribution['groups'][string] => ({
  features: { bright: { centre: bright, scale: 2 }, noise: { centre: noise, scale: 0.1 } },
  whitening: [[1], [0, 1]],
  limit: 3,
});

const distribution: InputDistribution = {
  patients: 50,
  percentile: 99,
  groups: {
    t1: around(10, 1),
    t2: around(30, 1),
    flair: around(20, 1),
    't1+t2': { features: { agreement: { centre: 0.5, scale: 0.1 } }, whitening: [[1]], limit: 3 },
    region: { features: { volume: { centre: 7, scale: 0.1 } }, whitening: [[1]], limit: 3 },
  },
  confusions: [
    { roles: { t1: 't2', t2: 't1' }, evidence: 5 },
    { roles: { t1: 'flair' }, evidence: 5 },
  ],
};

const inputs = (bright: Record<RoleId, number>, more: { noise?: number; agreement?: number } = {}) => {
  const roles = Object.keys(bright);
  return {
    sources: new Map(roles.map(role => [role, { bright: bright[role], noise: more.noise ?? 1 }])),
    pairs: roles.length > 1 ? [{ roles, features: { agreement: more.agreement ?? 0.5 } }] : [],
    region: { volume: 7 },
  } satisfies InputFeatures;
};

it('is valid', () => {
  expect(inputDistributionSchema.parse(distribution)).toEqual(distribution);
  const bad = structuredClone(distribution);
  bad.groups.t1.whitening = [[1], [0, 0]];
  expect(inputDistributionSchema.safeParse(bad).error?.issues[0].path).toEqual(['groups', 't1', 'whitening']);
});

describe('outliers', () => {
  it('are none among usual inputs', () => {
    expect(outliers(inputs({ t1: 12, t2: 27 }), distribution)).toEqual([]);
  });

  it('name what deviates most, in units of the largest usual distance, the farthest first', () => {
    const found = outliers(inputs({ t1: 10, t2: 14 }, { noise: 1.4 }), distribution);
    expect(found).toEqual([
      { roles: ['t2'], distance: expect.closeTo(Math.hypot(8, 4) / 3), feature: 'bright', large: false },
      { roles: ['t1'], distance: expect.closeTo(4 / 3), feature: 'noise', large: true },
    ]);
  });

  it('are pairs too, in any order, and the region', () => {
    const turned = inputs({ t2: 30, t1: 10 }, { agreement: 0 });
    expect(outliers({ ...turned, region: { volume: 6 } }, distribution)).toMatchObject([
      { roles: [], feature: 'volume', large: false },
      { roles: ['t2', 't1'], feature: 'agreement' },
    ]);
  });

  it('count how features go together', () => {
    const { groups } = structuredClone(distribution);
    // Noise rises with brightness: the rest of the noise varies by a fifth of its scale.
    groups.t1.whitening = [[1], [-5, 5]];
    const of = (noise: number) => outliers(inputs({ t1: 12 }, { noise }), { ...distribution, groups });
    expect(of(1.1)).toEqual([]);
    expect(of(0.9)).toHaveLength(1);
  });

  it('are features alone, where these have a limit', () => {
    const { groups } = structuredClone(distribution);
    groups.t1.features.noise.limit = 2;
    const of = (t1: number, noise: number) =>
      outliers(inputs({ t1 }, { noise }), { ...distribution, groups }).map(({ feature }) => feature);
    expect(of(14, 1.19)).toEqual([]);
    expect(of(14, 1.21)).toEqual(['noise']);
    expect(of(18, 0.79)).toEqual(['noise']);
    expect(of(18, 1.19)).toEqual(['bright']);
  });

  it('are features that count alone only, after those of the distance', () => {
    const { groups } = structuredClone(distribution);
    groups.t1.whitening = [[1]];
    groups.t1.features.noise.limit = 6;
    const of = (noise: number) => outliers(inputs({ t1: 12 }, { noise }), { ...distribution, groups });
    expect(of(1.5)).toEqual([]);
    expect(of(1.7)).toEqual([
      { roles: ['t1'], distance: expect.closeTo(7 / 6), feature: 'noise', large: true },
    ]);
  });

  it('are features below the usual only, where more is no fault', () => {
    const { groups } = structuredClone(distribution);
    groups.t1.whitening = [[1]];
    Object.assign(groups.t1.features.noise, { limit: 6, below: true });
    const of = (noise: number) => outliers(inputs({ t1: 12 }, { noise }), { ...distribution, groups });
    expect(of(9)).toEqual([]);
    expect(of(0.3)).toMatchObject([{ feature: 'noise', large: false }]);
  });

  it('ignore what the model does not know', () => {
    expect(outliers(inputs({ t1ce: 500 }), distribution)).toEqual([]);
  });

  it('need the features that the model was measured with', () => {
    const other = structuredClone(distribution);
    other.groups.t1.features = { bright: { centre: 10, scale: 2 }, sound: { centre: 1, scale: 1 } };
    expect(() => outliers(inputs({ t1: 10 }), other)).toThrow('There is no feature sound.');
  });
});

describe('likelierRoles', () => {
  it('are none where the given ones are likely', () => {
    expect(likelierRoles(inputs({ t1: 12, t2: 27 }), distribution)).toBeUndefined();
  });

  it('exchange two', () => {
    const found = likelierRoles(inputs({ t1: 30, t2: 11 }), distribution);
    expect(found).toEqual(
      new Map([
        ['t1', 't2'],
        ['t2', 't1'],
      ]),
    );
  });

  it('give one source a role that none has', () => {
    expect(likelierRoles(inputs({ t1: 20 }), distribution)).toEqual(new Map([['t1', 'flair']]));
    // Nothing is known of a T2 beside a FLAIR.
    expect(likelierRoles(inputs({ t1: 20, t2: 30 }), distribution)).toBeUndefined();
  });

  it('need more evidence than any patient had', () => {
    // 1.2 and 3.8 scales off: 14.44 - 1.44 = 13.
    const [weak, strong] = [12.9, 13.1].map(evidence => ({
      ...distribution,
      confusions: [{ roles: { t1: 'flair' }, evidence }],
    }));
    expect(likelierRoles(inputs({ t1: 17.6 }), weak)).toEqual(new Map([['t1', 'flair']]));
    expect(likelierRoles(inputs({ t1: 17.6 }), strong)).toBeUndefined();
  });

  it('are not told of inputs that would be unusual with these roles too', () => {
    expect(likelierRoles(inputs({ t1: 27 }), distribution)).toBeUndefined();
  });
});
