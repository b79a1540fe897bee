import { sha256 } from '../sha256';
import type { Derivation } from './record';

/** Version and variant of a UUID that derives from something (RFC 9562 5.8), and the bits they leave free. */
const VERSION = (0x8n << 76n) | (0b10n << 62n);
const FREE = ~((0xfn << 76n) | (0b11n << 62n)) & ((1n << 128n) - 1n);

/**
 * UIDs that derive from what decides a series (PS3.5 B.2): whoever makes the same from the same sources makes
 * the same series, and it cannot lie twice in an archive. Machine, provider, software version and time do not
 * count: they change no more than rounding.
 * @param images how many the series has
 * @returns its SeriesInstanceUID, then the SOPInstanceUID of each image
 */
export async function repeatableUids(
  StudyInstanceUID: string,
  made: Derivation,
  images: number,
): Promise<[string, ...string[]]> {
  const { domain, target, parameters, sources, reference, bundle, region, method, seed, slices, precision } =
    made;
  const identity = JSON.stringify([
    ...[StudyInstanceUID, domain, target, sorted(parameters), reference, seed, precision],
    ...[bundle.sha256, region.sha256, method.id, sorted(method.options)],
    sources.map(({ role, SeriesInstanceUID, sha256 }) => [role, SeriesInstanceUID, sha256]),
    ...(slices ? [slices.from, slices.to] : []),
  ]);
  const nth = async (_: unknown, n: number) => uidFrom(await sha256(new TextEncoder().encode(identity + n)));
  const [series, ...all] = await Promise.all(Array.from({ length: 1 + images }, nth));
  return [series, ...all];
}

function uidFrom(hash: string): string {
  return `2.25.${(BigInt(`0x${hash.slice(0, 32)}`) & FREE) | VERSION}`;
}

function sorted(fields: object = {}): unknown[] {
  return Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1));
}
