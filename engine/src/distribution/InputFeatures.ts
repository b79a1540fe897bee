import type { RoleId } from '../domains/Role';

/** Features of one thing, by name; all finite. */
export type Features = Readonly<Record<string, number>>;

/** What the inputs of a job look like to a model, in numbers. Plain data: it crosses a worker's border. */
export interface InputFeatures {
  /** By source. */
  sources: ReadonlyMap<RoleId, Features>;
  /** Of every two sources. */
  pairs: readonly FeatureGroup[];
  /** Of the region's shape. */
  region: Features;
}

/** Features of one source, of two, or, without roles, of the region. */
export interface FeatureGroup {
  roles: readonly RoleId[];
  features: Features;
}

/** All groups of features. */
export function groupsOf({ sources, pairs, region }: InputFeatures): FeatureGroup[] {
  const single = [...sources].map(([role, features]) => ({ roles: [role], features }));
  return [...single, ...pairs, { roles: [], features: region }];
}

/** Name of a group in bundle.json, whatever the order of its roles: "t1", "flair+t1", "region". */
export function groupName(roles: readonly RoleId[]): string {
  return roles.length > 0 ? [...roles].sort().join('+') : 'region';
}
