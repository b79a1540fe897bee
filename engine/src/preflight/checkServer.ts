import { isMessage, message } from '../messages';
import type { PreflightFacts } from './facts';
import type { Finding } from './report';

/** Asks whether images may leave this machine, where a site's server would run the model. */
export function checkServer({ server, model }: PreflightFacts): Finding | null {
  if (!server || !model || isMessage(model)) return null;
  const { host, here, consented } = server;
  if (!model.method.served) {
    const text = message('preflight/server-not-this-model', { host, model: model.manifest.name });
    return { level: 'green', text };
  }
  if (here) return { level: 'green', text: message('preflight/server-here', { host }) };
  if (consented) return { level: 'green', text: message('preflight/server-configured', { host }) };
  return {
    level: 'amber',
    text: message('preflight/server-leaves', { host }),
    remedy: message('preflight/server-remedy'),
  };
}
