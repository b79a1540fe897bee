import * as z from 'zod/mini';
import type { BaseManifest } from '../bundle/fields';
import { brainMr } from './brain-mr/brainMr';
import type { Domain } from './Domain';
import type { RoleId } from './Role';

/** Every domain there is: one line each. */
export const DOMAINS: readonly Domain[] = [brainMr];

/** The roles of all domains. */
export const ROLE_IDS: readonly RoleId[] = [...new Set(DOMAINS.flatMap(({ roles }) => Object.keys(roles)))];

/** The domain of a bundle or a record that was read; the first there is where none is known yet. */
export function domainOf(id = DOMAINS[0].id): Domain {
  const found = DOMAINS.find(domain => domain.id === id);
  if (!found) throw new RangeError(`There is no domain ${id}.`);
  return found;
}

/**
 * The domain as a plan for a bundle sees it: with the roles that the bundle knows. Before the bundle is
 * known, with all that can be made. A series of another role has none, and its reasons say why.
 */
export function planningDomain(bundle?: Pick<BaseManifest, 'domain' | 'roles'>): Domain {
  const domain = domainOf(bundle?.domain);
  const takes = (role: RoleId) => (bundle ? bundle.roles.includes(role) : !domain.sourceOnly.includes(role));
  const recognize: Domain['recognize'] = series =>
    domain.recognize(series).map(one => {
      const { alternatives, ...found } = one;
      const others = alternatives?.filter(takes);
      const may = others?.length ? { ...found, alternatives: others } : found;
      return may.role === null || takes(may.role) ? may : { ...may, role: null, confidence: null };
    });
  return {
    ...domain,
    roles: Object.fromEntries(Object.entries(domain.roles).filter(([role]) => takes(role))),
    recognize,
  };
}

/** The schema of a bundle for synthesis, whose roles and region must be those of its domain. */
export function inDomain<M extends BaseManifest>(schema: z.ZodMiniType<M>): z.ZodMiniType<M> {
  const [first, ...others] = DOMAINS.map(({ id, roles, region }) =>
    z.object({
      domain: z.literal(id),
      roles: z.array(z.enum(Object.keys(roles))),
      normalization: z.object({ region: z.literal(region.id) }),
    }),
  );
  const names = z.discriminatedUnion('domain', [first, ...others]);
  const known = z.unknown().check(
    z.superRefine((json, context) => {
      for (const { code, path, message } of names.safeParse(json).error?.issues ?? []) {
        // The schema finds what is missing or has the wrong type.
        if (code !== 'invalid_type') context.addIssue({ code: 'custom', path, message });
      }
    }),
  );
  return z.pipe(known, schema);
}
