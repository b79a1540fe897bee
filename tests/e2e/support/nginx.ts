import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ended, freePort } from '@modality-synthesis/viewer/childServer';

const NGINX = '/usr/sbin/nginx';
const BROTLI = '/usr/lib/nginx/modules/ngx_http_brotli_filter_module.so';

export const hasNginx = (): boolean => existsSync(NGINX);
export const hasBrotli = (): boolean => existsSync(BROTLI);

export interface RunningNginx {
  url: string;
  close(): Promise<void>;
}

/**
 * Starts nginx with the documented configuration, but for its port, its folder and the PACS.
 * @param home folder for its own files
 */
export async function startNginx(
  home: string,
  { www, pacs, configuration }: { www: string; pacs: string; configuration: string },
): Promise<RunningNginx> {
  const port = await freePort();
  const replaced = [
    ['listen 80;', `listen 127.0.0.1:${port};`],
    ['root /srv/www;', `root ${www};`],
    ['http://127.0.0.1:8042', pacs],
  ].reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`The nginx configuration has no “${from}”.`);
    return text.replaceAll(from, to);
  }, configuration);
  await mkdir(path.join(home, 'temporary'), { recursive: true });
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const file = path.join(home, 'nginx.conf');
  await writeFile(
    file,
    `${hasBrotli() ? `load_module ${BROTLI};` : ''}
${process.getuid?.() === 0 ? 'user root;' : ''}
daemon off;
pid ${home}/nginx.pid;
error_log ${home}/error.log;
events {}
http {
access_log off;
${temporary.map(name => `${name}_temp_path ${home}/temporary/${name};`).join('\n')}
${replaced}
}
`,
  );
  const child = spawn(NGINX, ['-p', home, '-c', file], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', chunk => {
    said += chunk;
  });
  const url = `http://127.0.0.1:${port}`;
  for (let n = 0; n < 100 && child.exitCode === null; n++) {
    if (await fetch(url).catch(() => undefined)) return { url, close: () => ended(child) };
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  await ended(child);
  throw new Error(`nginx did not start: ${said}`);
}
