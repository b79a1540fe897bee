import { eachRun, type Mask } from './Mask';
import { clip } from './normalize';
import { type Shading, withShading } from './shading';
import type { Volume } from './Volume';

/** By image, what it has where it was not acquired. */
export type TargetShadings = Readonly<Record<string, TargetShading>>;

/** What an image that was not acquired has of the shading of its partner, an image of the same coil. */
export interface TargetShading {
  /** The partner. */
  like: string;
  /** Share of the logarithm of the partner's shading. */
  share: number;
  /** The scanner's zero, in intensity. */
  no_signal: number;
}

/** An image whose shading was removed, or was not looked at. */
export interface Unshaded extends Volume {
  shading?: Shading;
}

/**
 * Puts back the shading that an image most likely would have.
 * @param image made without shading, 0 outside the region
 * @param target which image it is; without a rule for it, or its partner, it stays as it is
 * @param sources what it was made from
 * @returns intensity in [0, ceiling], 0 outside the region
 */
export function withTargetShading(
  image: Volume,
  region: Mask,
  target: string,
  sources: ReadonlyMap<string, Unshaded>,
  { anchors, ceiling }: { anchors?: { target_shading?: TargetShadings }; ceiling: number },
): Volume {
  const rule = anchors?.target_shading?.[target];
  const partner = rule && sources.get(rule.like)?.shading;
  if (!partner) return image;
  const coefficients = partner.coefficients.map(c => rule.share * c);
  const shaded = withShading(image, region, { ...partner, coefficients }, -rule.no_signal);
  const { data } = shaded;
  eachRun(region, (start, end) => {
    for (let at = start; at < end; at++) data[at] = clip(data[at], ceiling);
  });
  return shaded;
}
