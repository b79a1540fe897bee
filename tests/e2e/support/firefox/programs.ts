import { existsSync } from 'node:fs';

export const FIREFOX = '/usr/bin/firefox-esr';
export const XVFB = '/usr/bin/Xvfb';

/** Whether Firefox is here, and what gives it a display. */
export const hasFirefox = (): boolean => existsSync(FIREFOX) && existsSync(XVFB);
