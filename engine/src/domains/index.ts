import * as z from 'zod/mini';
import type { BaseManifest } from '../bundle/fields';
import { message } from '../messages';
import { brainMr } from './brain-mr/brainMr';
import type { Domain, Site } from './Domain';
import type { Recognition } from './Recognition';
import { type RoleId, roleLabel } from './Role';

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
 * The domain as a plan for a bundle sees it: with the roles that the bundle knows, and those of them that it
 * makes. Before the bundle is known, with all that can be made. A series of another role has none, and its
 * reasons say why.
 * @param bundle `makes`: what its method makes of it, where that is not all (`Method.makes`)
 * @param site what the site says of its own protocols
 */
export function planningDomain(
  bundle?: Pick<BaseManifest, 'domain' | 'roles'> & { makes?: readonly RoleId[] },
  site: Site = {},
): Domain {
  const domain = domainOf(bundle?.domain);
  const { roles, makes = roles } = bundle ?? { roles: domain.makes };
  const takes = (role: RoleId) => roles.includes(role);
  return {
    ...domain,
    roles: Object.fromEntries(Object.entries(domain.roles).filter(([role]) => takes(role))),
    makes: domain.makes.filter(role => makes.includes(role)),
    recognize: series =>
      domain.recognize(series, site).map(one => withRoles(one, takes, bundle !== undefined)),
    told: (parameter, sources) => domain.told(parameter, sources, site),
  };
}

/** What was recognized, with the roles only that are taken. */
function withRoles(one: Recognition, takes: (role: RoleId) => boolean, modelKnown: boolean): Recognition {
  const { role, alternatives = [], maybe, reasons, ...rest } = one;
  const offered = maybe && takes(maybe.role) ? maybe : undefined;
  const others = [...alternatives, ...(offered ? [offered.role] : [])].filter(takes);
  const found = {
    ...rest,
    role,
    reasons: offered ? [...reasons, offered.reason] : reasons,
    ...(others.length > 0 && { alternatives: others }),
  };
  if (role === null || takes(role)) return found;
  const unused = modelKnown ? [message('choice/role-unused', { role: roleLabel(role) })] : [];
  return { ...found, role: null, confidence: null, reasons: [...reasons, ...unused] };
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
