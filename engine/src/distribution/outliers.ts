import type { GroupDistribution, InputDistribution } from '../bundle/inputDistribution';
import type { RoleId } from '../domains/Role';
import { type Features, groupName, groupsOf, type InputFeatures } from './InputFeatures';

/** A group of features that is unlike those of the model's patients. */
export interface Outlier {
  /** One source, two, or none: the region. */
  roles: readonly RoleId[];
  /** Mahalanobis distance, or deviation of one feature, in units of the largest usual one; more than 1. */
  distance: number;
  /** The feature that deviates most, and whether it is too large. */
  feature: string;
  large: boolean;
}

/** Groups beyond the largest usual distance, the farthest first. */
export function outliers(features: InputFeatures, { groups }: InputDistribution): Outlier[] {
  return groupsOf(features)
    .flatMap(({ roles, features: own }): Outlier[] => {
      const group = groups[groupName(roles)];
      if (!group) return [];
      const standard = standardized(own, group.features);
      const alone = farthest(standard, deviationAlone);
      const any = farthest(standard.slice(0, group.whitening.length), ({ value }) => Math.abs(value));
      const distance = Math.max(alone.by, Math.sqrt(squaredDistance(own, group)) / group.limit);
      const { name, value } = alone.by > 1 ? alone : any;
      return distance > 1 ? [{ roles, distance, feature: name, large: value > 0 }] : [];
    })
    .sort((a, b) => b.distance - a.distance);
}

/**
 * Other roles that the sources have by their features, if these are usual for inputs with those roles and
 * say so more clearly than any patient's: one source with a role that none has, or two exchanged.
 */
export function likelierRoles(
  features: InputFeatures,
  { groups, confusions }: InputDistribution,
): ReadonlyMap<RoleId, RoleId> | undefined {
  const own = energy(features, groups, new Map());
  if (own === undefined) return undefined;
  let best: { roles: ReadonlyMap<RoleId, RoleId>; beyond: number } | undefined;
  for (const { roles: named, evidence } of confusions) {
    const roles = new Map(Object.entries(named));
    if (!isPossible(roles, features)) continue;
    const other = energy(features, groups, roles);
    const beyond = other === undefined ? 0 : own - other - evidence;
    if (beyond > (best?.beyond ?? 0)) best = { roles, beyond };
  }
  return best?.roles;
}

/** Whether these are sources, and none gets the role of another. */
function isPossible(roles: ReadonlyMap<RoleId, RoleId>, { sources }: InputFeatures): boolean {
  return (
    [...roles.keys()].every(role => sources.has(role)) &&
    [...roles.values()].every(role => roles.has(role) || !sources.has(role))
  );
}

/**
 * -2 log likelihood of the sources with other roles, but for a constant; undefined where the model knows no
 * such inputs or they would be unusual.
 */
function energy(
  features: InputFeatures,
  groups: InputDistribution['groups'],
  roles: ReadonlyMap<RoleId, RoleId>,
): number | undefined {
  let sum = 0;
  for (const { roles: given, features: own } of groupsOf(features)) {
    if (given.length === 0) continue;
    const group = groups[groupName(given.map(role => roles.get(role) ?? role))];
    if (!group) return undefined;
    const squared = squaredDistance(own, group);
    if (roles.size > 0 && squared > group.limit ** 2) return undefined;
    sum += squared + logDeterminant(group);
  }
  return sum;
}

function squaredDistance(own: Features, { features, whitening }: GroupDistribution): number {
  const standard = standardized(own, features);
  return whitening.reduce((sum, row) => {
    const along = row.reduce((product, weight, n) => product + weight * standard[n].value, 0);
    return sum + along * along;
  }, 0);
}

/** Of the covariance of the features. */
function logDeterminant({ features, whitening }: GroupDistribution): number {
  const first = Object.values(features).slice(0, whitening.length);
  const scales = first.reduce((sum, { scale }) => sum + Math.log(scale), 0);
  return 2 * (scales - whitening.reduce((sum, row, n) => sum + Math.log(row[n]), 0));
}

/** The feature for which a measure is largest. */
function farthest(features: readonly Standardized[], measure: (of: Standardized) => number) {
  const [first, ...others] = features.map(one => ({ ...one, by: measure(one) }));
  return others.reduce((a, b) => (b.by > a.by ? b : a), first);
}

interface Standardized {
  name: string;
  value: number;
  limit?: number;
  below?: boolean;
}

/** Of a feature that counts alone, in units of its limit; 0 of others. */
function deviationAlone({ value, limit, below }: Standardized): number {
  return limit ? (below ? -value : Math.abs(value)) / limit : 0;
}

/** @throws RangeError for a feature that the engine does not take */
function standardized(own: Features, features: GroupDistribution['features']): Standardized[] {
  return Object.entries(features).map(([name, { centre, scale, limit, below }]) => {
    const value = (own[name] - centre) / scale;
    if (Number.isNaN(value)) throw new RangeError(`There is no feature ${name}.`);
    return { name, value, limit, below };
  });
}
