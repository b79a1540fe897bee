import type { InputDistribution } from '../bundle/inputDistribution';
import type { InputFeatures } from '../distribution/InputFeatures';
import { likelierRoles, type Outlier, outliers } from '../distribution/outliers';
import type { DomainWords } from '../domains/Domain';
import { roleLabel } from '../domains/Role';
import { list, type Message, message } from '../messages';
import type { Finding } from './report';

/** Groups named in a finding; the first are the farthest. */
const MOST_NAMED = 3;

/**
 * Inputs unlike those of the model's patients, and in what; nothing where the model does not say what they
 * are like.
 */
export function unusualInputs(
  features: InputFeatures,
  distribution: InputDistribution | undefined,
  { region }: Pick<DomainWords, 'region'>,
): Finding[] {
  if (!distribution) return [];
  const roles = likelierRoles(features, distribution);
  if (roles) {
    const sentences = [...roles].map(([given, likelier]) =>
      message('preflight/unusual-role', { source: roleLabel(given), role: roleLabel(likelier) }),
    );
    return [{ level: 'amber', text: list(sentences), remedy: message('preflight/unusual-role-remedy') }];
  }
  const found = outliers(features, distribution);
  if (found.length === 0) return [];
  const { patients, percentile } = distribution;
  const text = message('preflight/unusual', {
    what: list(
      found.slice(0, MOST_NAMED).map(one => sentence(one, region)),
      '; ',
    ),
    percentile,
    patients,
  });
  return [{ level: 'amber', text, remedy: message('preflight/unusual-remedy') }];
}

function sentence(one: Outlier, region: Message): Message {
  const [source, other] = one.roles.map(role => roleLabel(role));
  if (one.feature === 'base_offset_j') return message('preflight/unusual-pose', { region });
  if (!source) return message('preflight/unusual-shape', { region });
  if (other) return message('preflight/unusual-pair', { source, other });
  return message('preflight/unusual-source', { source, what: deviation(one) });
}

/** What the feature that deviates most says of an image (names: distribution/sourceFeatures.ts). */
function deviation({ feature, large }: Outlier): Message {
  if (feature === 'floor') return message('preflight/unusual-black');
  if (feature.startsWith('shading')) return message('preflight/unusual-shading');
  if (feature.startsWith('repetition')) return message('preflight/unusual-copies');
  if (['noise', 'grain', 'edges', 'sharpness_i', 'sharpness_j'].includes(feature)) {
    return large ? message('preflight/unusual-noise') : message('preflight/unusual-blur');
  }
  return message('preflight/unusual-greys');
}
