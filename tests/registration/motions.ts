import { mulberry32 } from '../../engine/src/inference/mulberry32';
import type { RigidParameters } from '../../engine/src/registration/rigid';

/**
 * Random motions of equal seeds: an axis on the sphere and an angle up to `degrees`, a direction and a shift
 * up to `millimetres`, both uniform.
 */
export function motions(
  count: number,
  degrees: number,
  millimetres: number,
  seed: number,
): RigidParameters[] {
  const uniform = mulberry32(seed);
  const direction = () => {
    const z = 2 * uniform() - 1;
    const angle = 2 * Math.PI * uniform();
    const r = Math.sqrt(1 - z * z);
    return [r * Math.cos(angle), r * Math.sin(angle), z];
  };
  return Array.from({ length: count }, () => {
    const angle = ((uniform() * degrees) / 180) * Math.PI;
    const shift = uniform() * millimetres;
    const [a, b, c] = direction().map(v => v * angle);
    const [x, y, z] = direction().map(v => v * shift);
    return [a, b, c, x, y, z];
  });
}
