/**
 * Installs missing programs of the tests as root on Debian; elsewhere prints what to install. Tests skip
 * without their program, except the end-to-end tests, which need Chromium.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { hasTool } from '@modality-synthesis/engine/testing/tools';
import { findOrthanc } from '@modality-synthesis/viewer/orthanc';
import { launchOptions } from '../playwright.config';
import { hasFirefox } from './e2e/support/firefox/programs';
import { hasBrotli, hasNginx } from './e2e/support/nginx';

const PROGRAMS = [
  { name: 'Chromium', isHere: () => existsSync(launchOptions.executablePath), packages: ['chromium'] },
  { name: 'Firefox', isHere: hasFirefox, packages: ['firefox-esr', 'xvfb', 'libgl1-mesa-dri'] },
  { name: 'Orthanc', isHere: () => Boolean(findOrthanc()), packages: ['orthanc', 'orthanc-dicomweb'] },
  { name: 'dcmtk', isHere: () => hasTool('dcmdump'), packages: ['dcmtk'] },
  { name: 'dcm2niix', isHere: () => hasTool('dcm2niix'), packages: ['dcm2niix'] },
  {
    name: 'nginx',
    isHere: () => hasNginx() && hasBrotli(),
    packages: ['nginx-light', 'libnginx-mod-http-brotli-filter'],
  },
  { name: 'Redis', isHere: () => hasTool('redis-server'), packages: ['redis-server'] },
  { name: 'dciodvfy', isHere: () => hasTool('dciodvfy'), packages: ['dicom3tools'] },
];

function aptGet(...args: string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  spawnSync('apt-get', ['-qq', ...args], { stdio: 'inherit', env });
}

const missing = () => PROGRAMS.filter(program => !program.isHere());

if (missing().length && existsSync('/usr/bin/apt-get') && process.getuid?.() === 0) {
  console.log(
    `Installing ${missing()
      .map(({ name }) => name)
      .join(', ')} ...`,
  );
  aptGet('update');
  for (const { packages } of missing()) aptGet('install', '-y', ...packages);
}
for (const { name, packages } of missing()) {
  console.log(`${name} is missing (Debian: apt-get install ${packages.join(' ')}).`);
}
