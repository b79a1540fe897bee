import { hostOf, openServedModel, REQUEST_TIMEOUT, type ServerPlace } from '../backends/oip/openServedModel';
import { SynthesisError } from '../errors';
import type { Model } from '../models';
import type { Options } from './arguments';

/**
 * The server of a job, which has the model: a server that is away is told before a study is read.
 * @throws SynthesisError `configuration-invalid` for what a server cannot run; others as `openServedModel`
 */
export async function serverPlace(
  { server: url, precision }: Pick<Options, 'server' | 'precision'>,
  synthesis: Model,
  signal?: AbortSignal,
): Promise<ServerPlace | undefined> {
  if (!url) return undefined;
  const Authorization = process.env.SYNTHESIS_SERVER_AUTHORIZATION;
  const place = { url, timeout: REQUEST_TIMEOUT, ...(Authorization && { headers: { Authorization } }) };
  if (!synthesis.method.served) {
    throw new SynthesisError(
      'configuration-invalid',
      `${synthesis.manifest.name} cannot run on ${hostOf(place)}; leave --server out.`,
    );
  }
  if (precision !== 'fp32') {
    throw new SynthesisError(
      'configuration-invalid',
      `The server ${hostOf(place)} computes in fp32; leave --precision out.`,
    );
  }
  await openServedModel(place, synthesis, signal);
  return place;
}
