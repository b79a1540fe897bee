#!/usr/bin/env node
/** `ohif-modality-synthesis-kit`: runs the kit's command line. */
import { register } from 'tsx/esm/api';

register();
await import('./src/kit/main.ts');
