import { readFileSync } from 'node:fs';
import path from 'node:path';

/** What docs/deployment.md tells a site to type and to write, for tests that do so. */
const text = readFileSync(path.resolve(import.meta.dirname, '../../../docs/deployment.md'), 'utf8');

const AUTHORITY = 'https://login.hospital.example';

function block(language: string, begin: string): string {
  const fence = `\`\`\`${language}\n`;
  const start = text.indexOf(`${fence}${begin}`) + fence.length;
  if (start < fence.length) throw new Error(`docs/deployment.md has no ${language} “${begin}”.`);
  return text.slice(start, text.indexOf('```', start));
}

/** The nginx configuration. */
export const documentedConfiguration = (): string => block('nginx', '');

/** Panel and button in OHIF's own modes, for `app-config.js`. */
export const documentedModes = (): string => block('js', 'window.config.customizationService');

/** The login for `app-config.js`, at another provider. */
export function documentedLogin(issuer: string): string {
  const login = block('js', 'window.config.oidc');
  if (!login.includes(AUTHORITY)) throw new Error(`docs/deployment.md has no login at ${AUTHORITY}.`);
  return login.replace(AUTHORITY, issuer);
}

/** The commands that install, in order, with the paths of a site. */
export function documentedInstall(viewer: string, out: string): string[] {
  const [, commands] = /\n## Install\n[\s\S]*?\n\n((?: {4}\S.*\n)+)/.exec(text) ?? [];
  if (!commands) throw new Error('docs/deployment.md has no commands that install.');
  return commands
    .trim()
    .split('\n')
    .map(line => line.trim().replace('/path/to/ohif/dist', viewer).replace('/srv/www/viewer', out));
}
