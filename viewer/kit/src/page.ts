/** Changes to the viewer's page, and the script that the kit adds to it. */
import { readFileSync } from 'node:fs';
import type { Host } from './hostModules';
import type { PluginKind } from './plugins';

/** What boot.js knows of the viewer. */
export interface Boot extends Omit<Host, 'decoder'> {
  /** The viewer is served under another path than it was built for. */
  moved: boolean;
  plugins: { name: string; kind: PluginKind }[];
  /** Id of the panel for OHIF's own modes. */
  panel: string;
}

const source = (name: string) => readFileSync(new URL(`./${name}.js`, import.meta.url), 'utf8');

/** JavaScript of the script that runs before OHIF. */
export function bootScript(boot: Boot): string {
  return `(() => {\nconst kit = ${JSON.stringify(boot)};\n\n${source('boot')}})();\n`;
}

/**
 * The page in which a login is renewed out of sight, as files: OHIF's own needs the internet and an inline
 * script.
 */
export function silentRefresh(): Record<string, string> {
  const script = 'silent-refresh.js';
  return {
    'silent-refresh.html': `<!doctype html><script src="${script}"></script>\n`,
    [script]: source('silentRefresh'),
  };
}

/** Path under which the page expects the viewer, such as `/` or `/viewer/`; undefined if it says none. */
export function baseOf(html: string): string | undefined {
  return /window\.PUBLIC_URL\s*=\s*(["'])(.*?)\1/.exec(html)?.[2];
}

/** A page under another path. */
export function movePage(html: string, from: string, to: string): string {
  if (from === to) return html;
  const escaped = from.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return html
    .replace(new RegExp(`(window\\.PUBLIC_URL\\s*=\\s*)(["'])${escaped}\\2`, 'g'), `$1$2${to}$2`)
    .replace(new RegExp(`\\b(src|href|content)="${escaped}(?!/)`, 'g'), `$1="${to}`);
}

/** A style sheet under another path. */
export function moveStyles(css: string, from: string, to: string): string {
  const escaped = from.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return css.replace(new RegExp(`url\\((["']?)${escaped}(?!/)`, 'g'), `url($1${to}`);
}

/** A list of icons under another path, such as manifest.json; OHIF builds none for a path. */
export function moveIcons(list: string, from: string, to: string): string {
  return list.replaceAll('"/assets/', `"${from}assets/`).replaceAll(`"${from}assets/`, `"${to}assets/`);
}

/** The script of a worker under another path: it loads further scripts from there. */
export function moveWorker(script: string, from: string, to: string): string {
  return script.replace(`__webpack_require__.p = "${from}"`, `__webpack_require__.p = "${to}"`);
}

/**
 * Takes the inline scripts out of a page, which a strict Content-Security-Policy forbids.
 * @param address URL path of the n-th one's file
 * @returns the page, and the scripts in order
 */
export function withoutInlineScripts(
  html: string,
  address: (n: number) => string,
): { html: string; scripts: string[] } {
  const scripts: string[] = [];
  const page = html.replace(/<script>([\s\S]*?)<\/script>/g, (_, script: string) => {
    scripts.push(`${script.trim()}\n`);
    return `<script src="${address(scripts.length)}"></script>`;
  });
  return { html: page, scripts };
}

/** Puts a script before OHIF's own; undefined if the page has none. */
export function withScriptBeforeApp(html: string, address: string): string | undefined {
  const app = /<script[^>]*\ssrc="[^"]*app\.bundle\.[^"]*"/.exec(html);
  if (!app) return undefined;
  return `${html.slice(0, app.index)}<script src="${address}"></script>${html.slice(app.index)}`;
}
